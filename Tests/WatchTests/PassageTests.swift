// A text that is longer than the window can be read to its end, and is seen once its end was in sight.

import Canvas
import FlowEngine
import Localization
import MeshAPI
import Testing
import Widgets

@testable import Watch
@testable import WatchSamples

@Suite struct WatchPassageTests {
    private static let body = (1...90).map { "row \($0) of it" }.joined(separator: "\n")

    /// A run in which somebody wrote it, to me or, as a stranger, to a session of mine.
    private static func run(held: Bool, _ size: Size) -> Run {
        var run = Run()
        var message = held ? Samples.held : Samples.message("l", 320, Samples.toMe.from, "dora", 0, body)
        message.body = body
        if !held { (message.mailbox, message.state) = (Samples.toMe.mailbox, .queued) }
        run.state.size = size
        run.send(.arrived(.event(held ? .held(message) : .message(message))))
        run.send(.show(held ? .firstWord(message) : .message("l")))
        return run
    }

    private static func rows(_ run: Run) -> [Int] {
        picture(of: run.state, strings: Strings(.en)).frame.lines.compactMap { line in
            line.firstMatch(of: #/row ([0-9]+) of it/#).flatMap { Int($0.1) }
        }
    }

    @Test(arguments: [true, false], [Size(width: 80, height: 24), Size(width: 40, height: 10)])
    func itIsReadPageByPage(_ held: Bool, _ size: Size) throws {
        var run = Self.run(held: held, size)
        var read = Self.rows(run)
        #expect(read.first == 1 && read.count >= 3)
        for _ in 0..<90 where read.last != 90 {
            let before = try #require(read.last)
            run.press(.pageDown)
            let page = Self.rows(run)
            #expect(page.contains(before), "a row of the former page stays in sight")
            read += page
        }
        #expect(Set(read) == Set(1...90))
        // What there is to choose stays below it, and nothing was chosen.
        #expect(run.state.screen == (held ? .firstWord : .message))
        #expect(picture(of: run.state, strings: Strings(.en)).frame.lines.contains { $0.contains("▸") })
        run.press(.pageDown)
        #expect(Self.rows(run).last == 90)
        for _ in 0..<90 { run.press(.pageUp) }
        #expect(Self.rows(run).first == 1)
    }

    @Test func itIsSeenOnceItsEndWasInSight() {
        var run = Self.run(held: false, Size(width: 80, height: 24))
        run.send(.focus(true))
        run.paint()
        run.press(.pageDown)
        #expect(!run.seen.contains("l"))
        for _ in 0..<25 { run.press(.pageDown) }
        #expect(run.state.log["l"]?.state == .seen)
        // A held word never is: it is read to decide about it.
        run = Self.run(held: true, Size(width: 80, height: 24))
        run.send(.focus(true))
        for _ in 0..<20 { run.press(.pageDown) }
        #expect(run.seen.isEmpty)
    }

    @Test func theNextTextBeginsAtItsBeginning() {
        var run = Self.run(held: false, Size(width: 80, height: 24))
        run.press(.pageDown, .pageDown)
        run.send(.back, .show(.message("l")))
        #expect(Self.rows(run).first == 1)
    }

    @Test func theMouseReadsOn() throws {
        var run = Self.run(held: false, Size(width: 80, height: 24))
        let lines = picture(of: run.state, strings: Strings(.en)).frame.lines
        let y = try #require(lines.lastIndex { $0.contains("PgDn") })
        let x = try #require(lines[y].firstRange(of: "PgDn").map { lines[y][..<$0.lowerBound].count })
        let click = InputEvent.mouse(MouseEvent(.click, at: Point(x: x, y: y)))
        for action in actions(for: click, in: run.state, strings: Strings(.en)) { run.send(action) }
        #expect((Self.rows(run).first ?? 0) > 1)
    }
}
