// What is read and said line by line: no byte more than a line is taken, no prompt is written over, no token is shown.

import ConsoleSupport
import Platform
import Testing

@testable import Console

@Suite struct StreamTests {
    /// The agent gets what is typed after the last answer.
    @Test func whatFollowsALineStaysInTheStream() throws {
        let (reading, writing) = try #require(Descriptor.pipe())
        defer { reading.close() }
        #expect(writing.write("first\nsecond\n".utf8) == nil)
        writing.close()
        let source = Source.descriptor(reading)
        #expect(source.readLine(100) == "first")
        #expect(source.readAll(100) == .text("second\n"))
    }

    @Test func moreThanWasAskedForIsSaidToBe() throws {
        let (reading, writing) = try #require(Descriptor.pipe())
        defer { reading.close() }
        #expect(writing.write(String(repeating: "x", count: 101).utf8) == nil)
        writing.close()
        #expect(Source.descriptor(reading).readAll(100) == .tooMuch)
    }

    @Test func aPromptIsLeftOnItsLine() throws {
        let out = Capture()
        var voice = LineVoice(.testing(out: out, terminal: true))
        try voice.prompt("Name?")
        try voice.say("The server is back.")
        try voice.prompt("Name?")
        try voice.answered()
        try voice.say("Thanks.")
        #expect(out.text == "Name? \nThe server is back.\nName? Thanks.\n")
    }

    @Test func linesAreAtMost72WideAndTokensHidden() throws {
        let out = Capture()
        var voice = LineVoice(.testing(out: out, terminal: true))
        try voice.say(String(repeating: "word ", count: 40) + "cm_pat_abcdefgh")
        let lines = out.text.split(separator: "\n")
        #expect(lines.count == 3 && lines.allSatisfy { $0.count <= 72 })
        #expect(out.text.hasSuffix("cm_pat_…\n"))
    }
}
