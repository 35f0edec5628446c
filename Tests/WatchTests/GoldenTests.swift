// Every screen in every state, as text: 80×24 in English and Spanish, every one at 40×10, some with their styles; the
// cursor's place under each. One file a state in Golden/.
// To renew them after a change that is meant: CLAUDEMESH_RENEW_GOLDEN=1 swift test --filter WatchTests, then read the diff.

import Canvas
import Localization
import TestSupport
import Testing

@testable import Watch
@testable import WatchSamples

@Suite struct WatchGoldenTests {
    static let names = SampleScreen.all(.en).map(\.name)
    static let golden = Golden(beside: #filePath)
    static let samples = Dictionary(
        uniqueKeysWithValues: Language.allCases.map { language in
            (language, Dictionary(uniqueKeysWithValues: SampleScreen.all(language).map { ($0.name, $0.state) }))
        })
    static let styled: Set = [
        "watch", "watch.lists", "watch.for-you", "watch.offline", "watch.first-word", "watch.ban",
    ]

    @Test(arguments: names) func looksAsItDid(_ name: String) throws {
        let text = try Self.sections(of: name).joined(separator: "\n")
        if let difference = try Self.golden.difference(of: text, to: name) { Issue.record("\(difference)") }
    }

    @Test func nothingIsLeftOver() throws { #expect(try Self.golden.names == Set(Self.names)) }

    private static func sections(of name: String) throws -> [String] {
        var sections: [String] = []
        for language in Language.allCases {
            var state = try #require(samples[language]?[name])
            sections.append(section(state, language))
            if language == .en, styled.contains(name) { sections.append(section(state, language, styles: true)) }
            guard !state.isTooSmall else { continue }
            state.size = language == .en ? Size(width: 40, height: 10) : Size(width: 40, height: 12)
            sections.append(section(state, language))
        }
        return sections
    }

    private static func section(_ state: WatchState, _ language: Language, styles: Bool = false) -> String {
        let frame = picture(of: state, strings: Strings(language)).frame
        let lines = styles ? frame.styleLines : frame.lines
        let cursor = frame.cursor.map { "cursor \($0.x),\($0.y)" } ?? "no cursor"
        let title = "== \(language) \(state.size.width)x\(state.size.height)\(styles ? " styles" : "")"
        return ([title] + lines + [cursor]).joined(separator: "\n") + "\n"
    }
}
