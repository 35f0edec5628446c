// Errors on a narrow terminal: broken between words, an address and a command never; in a pipe one line each.

import ConsoleSupport
import Testing
import Text

@testable import Console

@Suite struct WordWrapTests {
    @Test(arguments: [20, 40, 72])
    func wordsStayWhole(_ width: Int) {
        let text =
            "Install it (https://claude.ai/code/a-long-address-that-is-wider) or run `claudemesh login --with-token` once"
        let lines = text.wrapped(to: width)
        #expect(lines.joined(separator: " ") == text)
        #expect(lines.contains { $0.contains("`claudemesh login --with-token`") })
        for line in lines where TextWidth.of(line) > width {
            #expect(line.hasPrefix("(https://") || line.hasPrefix("`claudemesh"), "\(line)")
        }
    }

    @Test func anErrorIsWrappedOnATerminalAndNotInAPipe() throws {
        let failure = Failure.agentMissing(looked: ["PATH", "~/.local/bin", "/usr/local/bin", "~/.claude/bin"])
        func said(isTerminal: Bool) throws -> [String] {
            let err = Capture()
            let context = Context.testing(["NO_COLOR": "1", "LANG": "C.UTF-8"], err: err, terminal: isTerminal)
            try Output(context).error(Explanation(failure, context: context))
            return err.text.split(separator: "\n").map(String.init)
        }
        let piped = try said(isTerminal: false)
        #expect(piped.count == 3)
        #expect(piped[2].hasSuffix("Looked at PATH, ~/.local/bin, /usr/local/bin, ~/.claude/bin"))
        let wrapped = try said(isTerminal: true)
        #expect(wrapped.count == 4)
        #expect(wrapped.allSatisfy { TextWidth.of($0) <= 80 })
        #expect(wrapped[1] == piped[1])
        #expect(wrapped.dropFirst(2).map { $0.dropFirst(2) }.joined(separator: " ") == piped[2].dropFirst(2))
    }
}
