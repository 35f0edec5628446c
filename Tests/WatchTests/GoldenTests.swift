// Every screen in every state, as text: 80×24 in English and Spanish, every one at 40×10, some with their styles; the
// cursor's place under each. One file a state in Golden/.
// To renew them after a change that is meant: CLAUDEMESH_RENEW_GOLDEN=1 swift test --filter WatchTests, then read the diff.

import Canvas
import FoundationEssentials
import Localization
import Testing

@testable import Watch
@testable import WatchSamples

@Suite struct WatchGoldenTests {
    static let names = SampleScreen.all(.en).map(\.name)
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
    static let samples = Dictionary(
        uniqueKeysWithValues: Language.allCases.map { language in
            (language, Dictionary(uniqueKeysWithValues: SampleScreen.all(language).map { ($0.name, $0.state) }))
        })
    static let styled: Set = [
        "watch", "watch.lists", "watch.for-you", "watch.offline", "watch.first-word", "watch.ban",
    ]
    static let renews = ProcessInfo.processInfo.environment["CLAUDEMESH_RENEW_GOLDEN"] == "1"

    @Test(arguments: names) func looksAsItDid(_ name: String) throws {
        let text = try Self.sections(of: name).joined(separator: "\n")
        let file = Self.folder.appending(path: "\(name).txt")
        let golden = try? String(contentsOf: file, encoding: .utf8)
        guard golden != text else { return }
        guard Self.renews else {
            let (old, new) = ((golden ?? "").split(separator: "\n"), text.split(separator: "\n"))
            let place = zip(old, new).enumerated().first { $1.0 != $1.1 }?.offset ?? min(old.count, new.count)
            Issue.record(
                "golden |\(place < old.count ? old[place] : "")|, now |\(place < new.count ? new[place] : "")|")
            return
        }
        try Data(text.utf8).write(to: file)
        Issue.record("renewed: run again without CLAUDEMESH_RENEW_GOLDEN")
    }

    @Test func nothingIsLeftOver() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(Set(files) == Set(Self.names.map { "\($0).txt" }))
    }

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
