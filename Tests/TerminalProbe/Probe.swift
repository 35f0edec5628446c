// A program that does nothing but be at a terminal: it shows what it is told to and what happened last, so that tests
// can see Terminal from outside. To add a demand: a function key in `obey`, its use in a test.

import Canvas
import Glibc
import Terminal

@main @MainActor
struct Probe {
    let terminal: Terminal
    var lines: [String] = []
    var count = 0
    var selected = 0
    var hidesCursor = false
    var ignoresResizes = false
    var hasLink = true

    static func main() async {
        let names: [String] = ["NO_COLOR", "ESCDELAY"]
        let environment = names.reduce(into: [:]) { $0[$1] = getenv($1).map { String(cString: $0) } }
        do {
            var probe = Probe(terminal: try Terminal(TerminalOptions(environment: environment)))
            await probe.run()
        } catch {
            print("unavailable: \(error)")
        }
    }

    mutating func run() async {
        draw()
        let events = ScreenEvents(terminal)
        while case .terminal(let happened)? = await events.next() {
            for event in happened where take(event) { return }
            if ignoresResizes, case .input(.resize, _)? = happened.last { continue }
            draw()
        }
    }

    /// True when it is over.
    mutating func take(_ event: TerminalEvent) -> Bool {
        count += 1
        lines = Array((lines + [describe(event)]).suffix(8))
        switch event {
        case .signal(let signal):
            terminal.release()
            Terminal.die(of: signal)
        case .hangup:
            terminal.release()
            Terminal.die(of: SIGHUP)
        case .input(.key(.control("c")), _):
            terminal.release()
            print("left")
            return true
        case .input(.key(.control("z")), _): terminal.suspend()
        case .input(.key(.function(let number)), _): obey(number)
        case .input(.key(.down), _): selected = min(7, selected + 1)
        case .input(.key(.up), _): selected = max(0, selected - 1)
        default: break
        }
        return false
    }

    /// 1 mouse on, 2 mouse off, 3 a trap, 4 abort, 5 a nap before pending input is dropped, 7 repaint,
    /// 8 the cursor hidden, 9 nothing drawn for a resize, 10 the link is none.
    mutating func obey(_ number: Int) {
        switch number {
        case 1: terminal.setMouse(true)
        case 2: terminal.setMouse(false)
        case 3:
            let none: [Int] = []
            print(none[number])
        case 4: abort()
        case 5:
            draw()
            usleep(200_000)
            terminal.drainPending()
            lines.append("drained")
        case 7: terminal.repaint()
        case 8: hidesCursor = true
        case 9: ignoresResizes = true
        case 10: hasLink = false
        default: break
        }
    }

    func draw() {
        let size = terminal.size
        var frame = Frame(size)
        frame.write("probe \(size.width)x\(size.height) event \(count)", at: Point(x: 0, y: 0), style: .bold)
        for (row, line) in lines.enumerated() {
            frame.write(line, at: Point(x: 2, y: 2 + row), width: size.width - 2)
        }
        for (row, role) in ColorRole.allCases.filter({ $0 != .picture }).enumerated() {
            let style = Style(role, bold: row == selected, reverse: row == selected)
            frame.write("\(role) e\u{301} 世界 ✔", at: Point(x: 2, y: 12 + row), style: style)
        }
        frame.write("example.test/c", at: Point(x: 2, y: 20), style: Style(.primary, underline: true))
        if hasLink { frame.link("https://example.test/c", at: Point(x: 2, y: 20), width: 14) }
        frame.write("corner", at: Point(x: size.width - 6, y: size.height - 1))
        frame.cursor = hidesCursor ? nil : Point(x: 2, y: 12 + selected)
        terminal.draw(frame)
    }

    func describe(_ event: TerminalEvent) -> String {
        switch event {
        case .input(.paste(let text), _): "paste of \(text.utf8.count): \(text.prefix(40).debugDescription)"
        case .input(.key(let key), _): "key \(key)"
        case .input(.mouse(let mouse), _): "mouse \(mouse.kind) \(mouse.point.x),\(mouse.point.y)"
        case .input(.resize(let size), _): "resize \(size.width)x\(size.height)"
        case .input(.focus(let isHere), _): "focus \(isHere)"
        case .signal(let number): "signal \(number)"
        case .hangup: "hangup"
        case .resumed: "resumed"
        }
    }
}
