// What a person does: keys, text, pastes, the mouse.

import Dispatch
import Glibc
import Synchronization

/// A key as an xterm sends it.
public enum Keystroke: Sendable, Hashable {
    case enter, escape, tab, backTab, backspace, delete
    case up, down, left, right, home, end, pageUp, pageDown
    case function(Int)
    case control(Character)
    case alt(Character)
    case character(Character)

    public var bytes: [UInt8] {
        switch self {
        case .enter: [0x0D]
        case .escape: [0x1B]
        case .tab: [0x09]
        case .backTab: Array("\u{1B}[Z".utf8)
        case .backspace: [0x7F]
        case .delete: Array("\u{1B}[3~".utf8)
        case .up: Array("\u{1B}[A".utf8)
        case .down: Array("\u{1B}[B".utf8)
        case .right: Array("\u{1B}[C".utf8)
        case .left: Array("\u{1B}[D".utf8)
        case .home: Array("\u{1B}[H".utf8)
        case .end: Array("\u{1B}[F".utf8)
        case .pageUp: Array("\u{1B}[5~".utf8)
        case .pageDown: Array("\u{1B}[6~".utf8)
        case .function(let number): Self.function(number)
        case .control(let letter): [(letter.asciiValue ?? 0) & 0x1F]
        case .alt(let character): [0x1B] + Array(String(character).utf8)
        case .character(let character): Array(String(character).utf8)
        }
    }

    private static func function(_ number: Int) -> [UInt8] {
        if (1...4).contains(number) { return Array("\u{1B}O".utf8) + [UInt8(0x4F + number)] }
        let codes = [5: 15, 6: 17, 7: 18, 8: 19, 9: 20, 10: 21, 11: 23, 12: 24]
        return Array("\u{1B}[\(codes[number] ?? 15)~".utf8)
    }
}

extension TerminalSession {
    /// Presses keys, one right after the other. Four or more characters at once are a paste to a program that
    /// tells typing from pasting: use `type` for text.
    public func press(_ keys: Keystroke...) { send(keys.flatMap(\.bytes)) }

    /// Types text at the pace of a very fast person: slow enough to be told from a paste.
    public func type(_ text: String) async throws {
        for character in text {
            press(.character(character))
            try await Task.sleep(for: .milliseconds(25))
        }
    }

    /// Pastes text as a terminal does: marked, if the program asked for marks.
    public func paste(_ text: String) {
        let isMarked = setModes.contains("2004")
        send(Array("\(isMarked ? "\u{1B}[200~" : "")\(text)\(isMarked ? "\u{1B}[201~" : "")".utf8))
    }

    /// Clicks the cell at column `x` of row `y`, both from 0.
    public func click(x: Int, y: Int) { send(Array("\u{1B}[<0;\(x + 1);\(y + 1)M\u{1B}[<0;\(x + 1);\(y + 1)m".utf8)) }

    /// Turns the wheel one notch over that cell.
    public func wheel(up: Bool, x: Int, y: Int) { send(Array("\u{1B}[<\(up ? 64 : 65);\(x + 1);\(y + 1)M".utf8)) }

    /// Sends bytes as they are, in order, without waiting for them to be read.
    public func send(_ bytes: [UInt8]) {
        writing.async { [weak self] in
            var rest = bytes[...]
            while !rest.isEmpty, let self, !self.state.withLock({ $0.isClosed }) {
                let count = rest.withUnsafeBytes { write(self.master, $0.baseAddress, $0.count) }
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EAGAIN {
                    var sink = pollfd(fd: self.master, events: Int16(POLLOUT), revents: 0)
                    poll(&sink, 1, 50)
                } else if errno != EINTR {
                    return
                }
            }
        }
    }
}
