// What holds of every screen at every size, with every name and text.

import Canvas
import FlowEngine
import Localization
import MeshAPI
import Testing
import Text

@testable import Watch
@testable import WatchSamples

@Suite struct WatchSizeTests {
    static let samples = SampleScreen.all(.en) + SampleScreen.all(.es)
    static let widths = [1, 2, 3, 7, 20, 39, 40, 41, 50, 59, 60, 64, 67, 68, 69, 72, 79, 80, 81, 120, 200, 400]
    static let heights = [1, 2, 3, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 20, 24, 31, 40, 60, 120]

    @Test(arguments: samples.indices) func everySizeIsDrawn(_ index: Int) {
        var state = Self.samples[index].state
        let strings = Strings(state.settings.language)
        for (offset, width) in Self.widths.enumerated() {
            for height in stride(from: (index + offset) % 3, to: Self.heights.count, by: 3).map({ Self.heights[$0] }) {
                state.size = Size(width: width, height: height)
                let frame = picture(of: state, strings: strings).frame
                #expect(frame.size == state.size)
                let cursor = frame.cursor ?? Point(x: -1, y: -1)
                #expect(
                    (0..<width).contains(cursor.x) && (0..<height).contains(cursor.y),
                    "cursor of \(Self.samples[index].name) at \(width)x\(height)")
                if state.screen == .mesh {
                    #expect(frame.lines[height - 1].contains("Enter") || state.compose.completion != nil)
                    // Of a text wider than the line its end is shown.
                    let text = state.compose.input.text
                    #expect(frame.lines.contains { $0.contains(text.prefix(4)) || $0.contains(text.suffix(4)) })
                }
            }
        }
    }

    /// The line stands in the smallest window, and so does one row of what is for the person.
    @Test(arguments: Language.allCases) func theSmallestWindowHasAllThreePlaces(_ language: Language) throws {
        var state = try #require(WatchGoldenTests.samples[language]?["watch"])
        state.size = Size(width: 40, height: 10)
        let lines = picture(of: state, strings: Strings(language)).frame.lines
        #expect(lines.contains { $0.contains("web ") })
        #expect(lines.contains { $0.contains("bo/docs ›") })
        #expect(lines.contains { $0.contains("May I drop") })
    }

    /// Cut off, one still sees which mesh it is and what becomes of what is written; of what has no room that there is more.
    @Test(arguments: Language.allCases) func whatBeingCutOffMeansIsWholeInALowWindow(_ language: Language) throws {
        var state = try #require(WatchGoldenTests.samples[language]?["watch.waits"])
        state.size = Size(width: 40, height: 12)
        let lines = picture(of: state, strings: Strings(language)).frame.lines
        #expect(lines[0].hasPrefix(" planning "))
        #expect(lines.contains { $0.hasSuffix(language == .en ? "what you write goes then." : "saldrá solo.") })
        state.size = Size(width: 40, height: 10)
        #expect(picture(of: state, strings: Strings(language)).frame.lines.contains { $0.hasSuffix("…") })
    }

    /// How many are here, what became of a message, since when something waits.
    @Test(arguments: [80, 120, 200, 400]) func whatStandsOnTheRightHasOneEdge(_ width: Int) throws {
        var state = try #require(WatchGoldenTests.samples[.en]?["watch"])
        state.size = Size(width: width, height: 40)
        let lines = picture(of: state, strings: Strings(.en)).frame.lines
        let edges = lines.filter { line in
            ["3 for you", "earlier", "answered", "4 min"].contains { line.hasSuffix($0) }
        }
        #expect(edges.count == 4 && Set(edges.map(\.count)).count == 1, "\(edges.map(\.count))")
    }

    /// The sign has a column of its own, wrapped or not.
    @Test(arguments: Language.allCases, [40, 80]) func whatIsSaidOfAPeerStandsInOneColumn(
        _ language: Language, _ width: Int
    ) throws {
        var state = try #require(WatchGoldenTests.samples[language]?["watch.peer.own"])
        state.size = Size(width: width, height: 24)
        let lines = picture(of: state, strings: Strings(language)).frame.lines.map(Array.init)
        let column = try #require(lines.lazy.compactMap { $0.firstIndex(of: "◆") }.first) + 3
        let row = try #require(lines.firstIndex { $0.contains("◆") })
        for line in lines[row...].prefix(while: { !$0.isEmpty }) {
            #expect(line[column] != " " && line[column - 1] == " ", "\(String(line))")
        }
    }

    static let texts = [
        "evil\u{1b}]0;x\u{7}\u{202e}name", "a\nb\r\nc\td", String(repeating: "漢", count: 300),
        "e" + String(repeating: "\u{301}", count: 200), "👩‍👩‍👧‍👦 family 🇪🇸 🏴󠁧󠁢󠁷󠁬󠁳󠁿", "\u{200b}\u{feff}", "שלום עולם",
        String(repeating: "x", count: 65_536), String(repeating: "\n", count: 65_536), "ｗｉｄｅ·\u{2028}line", "",
        "\u{1b}[2J\u{1b}[H▸ Let in", "\u{E0041}\u{E0042}\u{9b}31m",
    ]

    @Test(arguments: texts) func noTextBreaksTheLayout(_ text: String) throws {
        for (index, sample) in SampleScreen.all(.en).enumerated() {
            var state = Self.spoilt(sample.state, text)
            for size in [Size(width: 80, height: 24), Size(width: 40, height: 10), Size(width: 200, height: 50)] {
                state.size = size
                let frame = picture(of: state, strings: Strings(.en)).frame
                for y in 0..<size.height where index % 2 == y % 2 || size.height < 30 {
                    #expect(isSound(frame, y), "row \(y) of \(sample.name)")
                }
            }
            #expect(!title(of: state).unicodeScalars.contains(where: InertText.isHarmful))
        }
    }

    /// Nothing harmful, and a cell without text only behind a wide one.
    private func isSound(_ frame: Frame, _ y: Int) -> Bool {
        (0..<frame.size.width).allSatisfy { x in
            let text = frame[x, y].text
            if text.isEmpty { return x > 0 && TextWidth.of(frame[x - 1, y].text) == 2 }
            return !text.unicodeScalars.contains(where: InertText.isHarmful)
                && TextWidth.of(text) == (x + 1 < frame.size.width && frame[x + 1, y].text.isEmpty ? 2 : 1)
        }
    }

    /// The text wherever somebody else may choose one.
    static func spoilt(_ state: WatchState, _ text: String) -> WatchState {
        var state = state
        state.mesh.name = text
        let members = state.roster.members.map { member in
            var member = member
            member.name = text
            return member
        }
        let peers = state.roster.peers.map { peer in
            var peer = peer
            (peer.displayName, peer.role, peer.host, peer.directory, peer.asks) = (text, text, text, text, text)
            peer.member?.name = text
            return peer
        }
        let topics = state.roster.topics.map { topic in
            var topic = topic
            topic.about = text
            return topic
        }
        state.roster.set(peers: peers, members: members, topics: topics, grants: state.roster.grants)
        for message in state.log.messages { state.log.add(spoilt(message, text)) }
        for message in state.inTray.held { state.inTray.hold(spoilt(message, text)) }
        if case .firstWord(let message) = state.overlays.top {
            state.overlays.present(.firstWord(spoilt(message, text)))
        }
        return state
    }

    private static func spoilt(_ message: Message, _ text: String) -> Message {
        var message = message
        message.body = text
        (message.from.name, message.from.host, message.from.member.name) = (text, text, text)
        if message.from.kind == .peer { message.from.address = text }
        message.to = message.to.map { _ in text }
        return message
    }

    @Test func asciiSignsOnly() {
        let drawn = Set("✔✘⚠▸•·›…█↑↓→─◆●○")
        for sample in SampleScreen.all(.en) {
            var state = sample.state
            state.settings.ascii = true
            let lines = picture(of: state, strings: Strings(.en)).frame.lines
            #expect(lines.filter { !drawn.isDisjoint(with: $0) } == [], "\(sample.name)")
        }
    }
}
