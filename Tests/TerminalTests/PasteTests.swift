// Pastes, marked by the terminal or known by their speed: never keys.

import Canvas
import Testing

@testable import Terminal

@Suite struct PasteTests {
    static let start = "\u{1B}[200~"
    static let end = "\u{1B}[201~"

    @Test func aMarkedPasteIsOneEvent() {
        let events = KeyDecoderTests.events("\(Self.start)a\rb\u{1B}[A\tü\(Self.end)\u{1B}[B")
        #expect(events == [.paste("a\rb\u{1B}[A\tü"), .key(.down)])
    }

    @Test func theMarksMayComeInPieces() {
        var decoder = KeyDecoder()
        var events: [InputEvent] = []
        for byte in "\(Self.start)one\u{1B}[20\(Self.end)\r".utf8 { events += decoder.feed([byte], at: .zero) }
        #expect(events == [.paste("one\u{1B}[20"), .key(.enter)])
    }

    @Test func aMebibyteIsTakenWhole() {
        let text = String(repeating: "0123456789abcde\n", count: 1 << 16)
        var decoder = KeyDecoder()
        var events: [InputEvent] = []
        let bytes = Array("\(Self.start)\(text)\(Self.end)".utf8)
        for chunk in stride(from: 0, to: bytes.count, by: 4095) {
            events += decoder.feed(bytes[chunk..<min(chunk + 4095, bytes.count)], at: .zero)
        }
        #expect(events == [.paste(text)])
    }

    @Test func whatIsTooLongIsCutAndStillEnds() {
        var decoder = KeyDecoder()
        _ = decoder.feed(Array(Self.start.utf8), at: .zero)
        let chunk = [UInt8](repeating: 0x61, count: 1 << 20)
        for _ in 0..<10 { #expect(decoder.feed(chunk, at: .zero) == []) }
        guard case .paste(let text)? = decoder.feed(Array("\(Self.end)\r".utf8), at: .zero).first else {
            Issue.record("no paste")
            return
        }
        #expect(text.utf8.count == KeyDecoder.longestPaste)
    }

    @Test func aPasteWithoutEndIsOverAfterASilence() {
        var decoder = KeyDecoder()
        _ = decoder.feed(Array("\(Self.start)lost".utf8), at: .zero)
        #expect(decoder.deadline == KeyDecoder.pastePatience)
        #expect(decoder.expire(at: .seconds(4)) == [])
        #expect(decoder.expire(at: .seconds(5)) == [.paste("lost")])
        #expect(decoder.feed([0x0D], at: .seconds(6)) == [.key(.enter)])
    }

    @Test func invalidTextInAPasteIsReplaced() {
        var decoder = KeyDecoder()
        let events = decoder.feed(Array(Self.start.utf8) + [0x61, 0xFF, 0x62] + Array(Self.end.utf8), at: .zero)
        #expect(events == [.paste("a\u{FFFD}b")])
    }

    @Test func fourCharactersAtOnceAreAPaste() {
        #expect(KeyDecoderTests.events("quit") == [.paste("quit")])
        #expect(KeyDecoderTests.events("two lines\rof text\r") == [.paste("two lines\nof text\n")])
        #expect(KeyDecoderTests.events("\rab\rcd\r") == [.paste("\nab\ncd\n")])
        #expect(KeyDecoderTests.events("qui") == [.key(.character("q")), .key(.character("u")), .key(.character("i"))])
        #expect(KeyDecoderTests.events("ab\r") == [.key(.character("a")), .key(.character("b")), .key(.enter)])
        #expect(KeyDecoderTests.events("\r\r\r\r\r\r") == Array(repeating: .key(.enter), count: 6))
    }

    @Test func aControlAmongPastedTextIsNoKeyAndEndsNothing() {
        #expect(
            KeyDecoderTests.events("Ana\rBob \u{1B}[31mred\u{1B}[0m \u{07}end\r") == [.paste("Ana\nBob red end\n")])
        #expect(KeyDecoderTests.events("Ana B\u{1A}\u{1B}x\u{1B}\r\r") == [.paste("Ana B\n\n")])
        // At its end it is a key.
        #expect(KeyDecoderTests.events("quit\u{15}") == [.paste("quit"), .key(.control("u"))])
    }

    /// What would leave or stop us is no key anywhere in a paste: the rest of it would run in the shell.
    @Test(arguments: ["\u{3}", "\u{1A}", "\u{1C}"]) func noControlOfAPasteEndsOrStopsUs(control: String) {
        let paste = [InputEvent.paste("echo PWNED\n")]
        for text in [
            "\(control)echo PWNED\r", "ec\(control)ho PWNED\r", "echo PWNED\(control)\r", "echo PWNED\r\(control)",
        ] {
            #expect(KeyDecoderTests.events(text) == paste, "\(text.debugDescription)")
        }
        let marked = "\(Self.start)\(control)echo\(Self.end)"
        #expect(KeyDecoderTests.events(marked) == [.paste("\(control)echo")])
        // Among a few keys typed ahead it is one.
        let key = Key.control(control == "\u{3}" ? "c" : control == "\u{1A}" ? "z" : "\\")
        #expect(KeyDecoderTests.events("\(control)\r") == [.key(key), .key(.enter)])
        #expect(KeyDecoderTests.events("j\(control)y") == [.key(.character("j")), .key(key), .key(.character("y"))])
    }

    @Test func fourCharactersWithin20MillisecondsAreAPaste() {
        #expect(Self.typed("quit", every: .milliseconds(6)) == [.paste("quit")])
        #expect(
            Self.typed("quit now", every: .milliseconds(15)).allSatisfy { if case .key = $0 { true } else { false } })
    }

    @Test func enterPressedAfterTheTextIsAKey() {
        var decoder = KeyDecoder()
        #expect(decoder.feed(Array("dev-team".utf8), at: .zero) == [])
        #expect(decoder.feed([0x0D], at: .milliseconds(21)) == [.paste("dev-team"), .key(.enter)])
        // Within the window, or with more behind it, it is a line end of the paste.
        _ = decoder.feed(Array("dev-team".utf8), at: .seconds(1))
        #expect(decoder.feed([0x0D], at: .milliseconds(1020)) == [])
        #expect(decoder.feed([0x0D, 0x71], at: .milliseconds(1045)) == [])
        #expect(decoder.expire(at: .seconds(2)) == [.paste("dev-team\n\nq")])
    }

    @Test func aCharacterIsHeldNoLongerThanTheWindow() {
        var decoder = KeyDecoder()
        #expect(decoder.feed([0x6A], at: .zero) == [])
        #expect(decoder.deadline == .milliseconds(20))
        #expect(decoder.expire(at: .milliseconds(21)) == [.key(.character("j"))])
        #expect(decoder.deadline == nil)
    }

    @Test func enterAloneIsNotHeld() {
        var decoder = KeyDecoder()
        #expect(decoder.feed([0x0D], at: .zero) == [.key(.enter)])
    }

    @Test func keysKeepTheirOrderAroundHeldText() {
        #expect(KeyDecoderTests.events("j\u{1B}[A") == [.key(.character("j")), .key(.up)])
        #expect(KeyDecoderTests.events("pasted\u{1B}[A") == [.paste("pasted"), .key(.up)])
    }

    /// Once it has marked a paste, keys come at once, however fast; what comes in one piece is no keys all the same.
    @Test func aTerminalThatMarksItsPastesHoldsNothing() {
        func after(_ pieces: String...) -> [InputEvent] {
            var decoder = KeyDecoder()
            var events = decoder.feed(Array("\(Self.start)x\(Self.end)".utf8), at: .zero).dropFirst()
            for (index, piece) in pieces.enumerated() {
                events += decoder.feed(Array(piece.utf8), at: .seconds(1) + .milliseconds(index))
            }
            return events + decoder.expire(at: .seconds(2))
        }
        func keys(_ text: String) -> [InputEvent] { text.map { .key(.character($0)) } }
        #expect(after("a", "b", "c", "d", "e") == keys("abcde"))
        #expect(after("abc", "def") == keys("abcdef"))
        #expect(after("quit", "q") == [.paste("quitq")])
        #expect(after("a token\rqq", "\u{1B}[A") == [.paste("a token\nqq"), .key(.up)])
        #expect(after("ab\r") == keys("ab") + [.key(.enter)])
        #expect(after("j\u{1B}[Ajjj") == keys("j") + [.key(.up)] + keys("jjj"))
        // Half a character behind three whole ones keeps none of them.
        #expect(after("abc\u{1B}") == keys("abc") + [.key(.escape)])
    }

    @Test func aKeyHeldDownIsNoPaste() {
        #expect(KeyDecoderTests.events("jjjjjjjj") == Array(repeating: .key(.character("j")), count: 8))
        #expect(Self.typed("jjjjj", every: .milliseconds(3)) == Array(repeating: .key(.character("j")), count: 5))
        #expect(KeyDecoderTests.events("====q") == [.paste("====q")])
        var decoder = KeyDecoder()
        _ = decoder.feed(Array("\(Self.start)x\(Self.end)".utf8), at: .zero)
        #expect(decoder.feed(Array("kkkkk".utf8), at: .seconds(1)) == Array(repeating: .key(.character("k")), count: 5))
    }

    @Test func controlCEndsAPasteThatHasStalled() {
        var decoder = KeyDecoder()
        _ = decoder.feed(Array("\(Self.start)abc".utf8), at: .zero)
        // Pressed over and over, it counts as soon as nothing has come for a second.
        #expect(decoder.feed([0x03], at: .milliseconds(600)) == [])
        #expect(decoder.feed([0x03, 0x03], at: .milliseconds(900)) == [])
        #expect(decoder.feed([0x03], at: .milliseconds(1100)) == [.paste("abc"), .key(.control("c"))])
        #expect(decoder.feed([0x03], at: .milliseconds(1200)) == [.key(.control("c"))])
        // In a paste that goes on it is a control like others.
        _ = decoder.feed(Array("\(Self.start)abc".utf8), at: .seconds(2))
        #expect(decoder.feed(Array("\u{3}d\(Self.end)".utf8), at: .seconds(4)) == [.paste("abc\u{3}d")])
    }

    @Test func settlingGivesOutWhatIsHeld() {
        var decoder = KeyDecoder()
        _ = decoder.feed(Array("ab".utf8), at: .zero)
        #expect(decoder.settle() == [.key(.character("a")), .key(.character("b"))])
        #expect(decoder.expire(at: .seconds(1)) == [])
    }

    private static func typed(_ text: String, every gap: Duration) -> [InputEvent] {
        var decoder = KeyDecoder()
        var events: [InputEvent] = []
        var now: Duration = .zero
        for byte in text.utf8 {
            if let deadline = decoder.deadline, deadline < now { events += decoder.expire(at: now) }
            events += decoder.feed([byte], at: now)
            now += gap
        }
        return events + decoder.expire(at: now + .seconds(1))
    }
}
