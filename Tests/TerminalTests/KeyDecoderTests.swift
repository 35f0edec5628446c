// Bytes to keys: every sequence that terminals send, characters whole, halved and broken, Escape and its delay.

import Canvas
import Testing

@testable import Terminal

@Suite struct KeyDecoderTests {
    @Test(arguments: [
        ("\u{1B}[A", Key.up), ("\u{1B}OA", .up), ("\u{1B}[B", .down), ("\u{1B}OB", .down), ("\u{1B}[C", .right),
        ("\u{1B}OC", .right), ("\u{1B}[D", .left), ("\u{1B}OD", .left), ("\u{1B}[H", .home), ("\u{1B}OH", .home),
        ("\u{1B}[1~", .home), ("\u{1B}[7~", .home), ("\u{1B}[F", .end), ("\u{1B}OF", .end), ("\u{1B}[4~", .end),
        ("\u{1B}[8~", .end), ("\u{1B}[3~", .delete), ("\u{1B}[5~", .pageUp), ("\u{1B}[6~", .pageDown),
        ("\u{1B}[Z", .backTab), ("\t", .tab), ("\r", .enter), ("\n", .enter), ("\u{1B}OM", .enter),
        ("\u{7F}", .backspace), ("\u{8}", .backspace), ("\u{1B}OP", .function(1)), ("\u{1B}[11~", .function(1)),
        ("\u{1B}[[A", .function(1)), ("\u{1B}[[E", .function(5)), ("\u{1B}OQ", .function(2)),
        ("\u{1B}[15~", .function(5)), ("\u{1B}[17~", .function(6)), ("\u{1B}[21~", .function(10)),
        ("\u{1B}[23~", .function(11)), ("\u{1B}[24~", .function(12)), ("\u{1B}[1;2P", .function(1)),
        ("\u{1B}[1;5C", .alt("f")), ("\u{1B}[1;3D", .alt("b")), ("\u{1B}[1;2A", .up), ("\u{1B}b", .alt("b")),
        ("\u{1B}é", .alt("é")), ("\u{1B}\u{7F}", .control("w")), ("\u{1}", .control("a")),
        ("\u{3}", .control("c")), ("\u{1A}", .control("z")), ("\u{0}", .control("@")), ("\u{1C}", .control("\\")),
        ("\u{1B}[13;2u", .enter), ("\u{1B}[97;5u", .control("a")), ("\u{1B}[27;5;97~", .control("a")),
        ("\u{1B}Oq", .character("1")), ("ä", .character("ä")), ("世", .character("世")), ("🙂", .character("🙂")),
    ])
    func oneSequenceIsOneKey(bytes: String, key: Key) {
        #expect(Self.events(bytes) == [.key(key)])
        // In pieces, as a slow line brings them.
        var decoder = KeyDecoder()
        var events: [InputEvent] = []
        for byte in bytes.utf8 { events += decoder.feed([byte], at: .zero) }
        #expect(events + decoder.expire(at: .seconds(2)) == [.key(key)])
    }

    @Test func theFocusIsToldApartFromKeys() {
        #expect(Self.events("\u{1B}[I\u{1B}[O") == [.focus(true), .focus(false)])
        #expect(Self.events("\u{1B}OP\u{1B}[O").last == .focus(false))
    }

    @Test(arguments: [
        "\u{1B}[?1;2c", "\u{1B}[>0;276;0c", "\u{1B}[2~", "\u{1B}[24;80R", "\u{1B}[?2004;2$y",
        "\u{1B}]11;rgb:0000/0000/0000\u{7}", "\u{1B}]11;rgb:0000/0000/0000\u{1B}\\", "\u{1B}P1+r\u{1B}\\",
        "\u{1B}[<0;5;6m", "\u{1B}[201~", "\u{1B}[999999999999999999999~", "\u{1B}[1;", "\u{85}",
    ])
    func answersAndUnknownSequencesAreNoKeys(bytes: String) {
        #expect(Self.events(bytes) == [])
        #expect(Self.events(bytes + "\u{1B}[A").last == .key(.up))
    }

    @Test func escapeStandsAloneAfterItsDelay() {
        var decoder = KeyDecoder(escapeDelay: .milliseconds(25))
        #expect(decoder.feed([0x1B], at: .zero) == [])
        #expect(decoder.deadline == .milliseconds(25))
        #expect(decoder.expire(at: .milliseconds(24)) == [])
        #expect(decoder.expire(at: .milliseconds(25)) == [.key(.escape)])
        #expect(decoder.deadline == nil)
    }

    @Test func escapesInARowAreEachOne() {
        #expect(Self.events("\u{1B}\u{1B}") == [.key(.escape), .key(.escape)])
        #expect(Self.events("\u{1B}\r") == [.key(.escape), .key(.enter)])
        #expect(Self.events("\u{1B}\u{1B}[A") == [.key(.escape), .key(.up)])
        #expect(Self.events("\u{1B}[") == [.key(.alt("["))])
        #expect(Self.events("\u{1B}O") == [.key(.alt("O"))])
    }

    @Test(
        arguments: [
            ([0xFF], 1), ([0xC0, 0x80], 2), ([0xE4, 0xB8], 1), ([0xED, 0xA0, 0x80], 3), ([0xF5], 1), ([0x80], 1),
        ] as [([UInt8], Int)])
    func brokenTextIsReplacedAndSwallowsNothing(bytes: [UInt8], replaced: Int) {
        var decoder = KeyDecoder()
        let events = decoder.feed(bytes + Array("\u{1B}[A".utf8), at: .zero) + decoder.expire(at: .seconds(2))
        #expect(events == Array(repeating: .key(.character("\u{FFFD}")), count: replaced) + [.key(.up)])
    }

    @Test func halfACharacterWaitsForItsRest() {
        var decoder = KeyDecoder()
        #expect(decoder.feed([0xE4, 0xB8], at: .zero) == [])
        #expect(
            decoder.feed([0x96], at: .milliseconds(300)) + decoder.expire(at: .seconds(2)) == [.key(.character("世"))])
    }

    @Test func theTerminalsOwnSequencesComeFirst() {
        var decoder = KeyDecoder(terminalKeys: [
            (Array("\u{1B}A".utf8), .up), (Array("\u{1B}[224z".utf8), .function(1)),
        ])
        #expect(decoder.feed(Array("\u{1B}A\u{1B}[224z".utf8), at: .zero) == [.key(.up), .key(.function(1))])
    }

    @Test func mouseReports() {
        #expect(Self.events("\u{1B}[<0;5;6M") == [.mouse(MouseEvent(.click, at: Point(x: 4, y: 5)))])
        #expect(Self.events("\u{1B}[<64;300;6M") == [.mouse(MouseEvent(.wheelUp, at: Point(x: 299, y: 5)))])
        #expect(Self.events("\u{1B}[<65;1;1M") == [.mouse(MouseEvent(.wheelDown, at: Point(x: 0, y: 0)))])
        #expect(Self.events("\u{1B}[<2;1;1M\u{1B}[<35;1;1M") == [])
        #expect(Self.events("\u{1B}[M !!") == [.mouse(MouseEvent(.click, at: Point(x: 0, y: 0)))])
    }

    @Test func anyBytesWhateverGiveNoHarm() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 1...40, using: &random)).map { _ -> UInt8 in
                Bool.random(using: &random)
                    ? Array("\u{1B}[<;~M2014OP]\u{7}".utf8).randomElement() ?? 0 : .random(in: 0...255)
            }
            var decoder = KeyDecoder()
            _ = decoder.feed(bytes, at: .zero)
            // After a silence nothing is held back, and the keyboard works.
            _ = decoder.expire(at: .seconds(10))
            _ = decoder.expire(at: .seconds(11))
            #expect(decoder.deadline == nil, "\(bytes)")
            #expect(decoder.feed(Array("\u{1B}[A".utf8), at: .seconds(12)) == [.key(.up)], "\(bytes)")
        }
    }

    static func events(_ bytes: String) -> [InputEvent] {
        var decoder = KeyDecoder()
        return decoder.feed(Array(bytes.utf8), at: .zero) + decoder.expire(at: .seconds(2))
    }
}
