// Every screen in every state, as text: 80×24 in English and Spanish, the first of each screen at 40×10, some with their
// styles; the cursor's place under each. One file a state in Golden/.
// To renew them after a change that is meant: CLAUDEMESH_RENEW_GOLDEN=1 swift test --filter GoldenTests, then read the diff.

import Canvas
import Localization
import TestSupport
import Testing

@testable import Wizard
@testable import WizardSamples

@Suite struct GoldenTests {
    static let names = SampleScreen.all(.en).map(\.name)
    static let golden = Golden(beside: #filePath)
    static let samples = Dictionary(
        uniqueKeysWithValues: Language.allCases.map { language in
            (language, Dictionary(uniqueKeysWithValues: SampleScreen.all(language).map { ($0.name, $0.state) }))
        })
    /// The first sample of each screen, and what the styles are looked at in.
    static let firsts = Set(
        Dictionary(grouping: SampleScreen.all(.en), by: \.state.screen).compactMap { $0.value.first?.name })
    static let styled: Set = [
        "welcome", "sign-in.waiting", "sign-in.offline-code-alive", "mesh.list", "confirm.offline", "error",
        "paste-token.rejected", "help",
    ]

    @Test(arguments: names) func looksAsItDid(_ name: String) throws {
        let text = try Self.sections(of: name).joined(separator: "\n")
        if let difference = try Self.golden.difference(of: text, to: name) { Issue.record("\(difference)") }
    }

    @Test func nothingIsLeftOver() throws { #expect(try Self.golden.names == Set(Self.names)) }

    private static func sections(of name: String) throws -> [String] {
        var sections: [String] = []
        for language in Language.allCases {
            let state = try #require(samples[language]?[name])
            sections.append(section(name, state, language))
            if language == .en && styled.contains(name) {
                sections.append(section(name, state, language, styles: true))
            }
        }
        if firsts.contains(name), var state = samples[.en]?[name], !state.isTooSmall {
            state.size = WizardState.minimumSize
            sections.append(section(name, state, .en))
        }
        return sections
    }

    private static func section(
        _ name: String, _ state: WizardState, _ language: Language, styles: Bool = false
    ) -> String {
        let frame = frame(for: state, strings: Strings(language))
        let lines = styles ? frame.styleLines : frame.lines
        let cursor = frame.cursor.map { "cursor \($0.x),\($0.y)" } ?? "no cursor"
        let title = "== \(language) \(state.size.width)x\(state.size.height)\(styles ? " styles" : "")"
        return ([title] + lines + [cursor]).joined(separator: "\n") + "\n"
    }
}
