// The README's pictures are the wizard as it is. Renew them with `swift run DrawScreens NAMES --svg assets/screens`.

import Canvas
import Foundation
import Localization
import Pictures
import Testing

@testable import Wizard
@testable import WizardSamples

private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

@Suite struct PictureTests {
    @Test(arguments: ["mesh.list", "sign-in.waiting", "confirm.first-time"])
    func picturesShowTheScreensOfToday(name: String) throws {
        let sample = try #require(SampleScreen.all(.en).first { $0.name == name })
        var state = sample.state
        state.size = Size(width: 80, height: 24)
        let frame = frame(for: state, strings: Strings(.en))
        for (suffix, theme) in [("dark", Theme.dark), ("light", Theme.light)] {
            let file = "assets/screens/\(name.replacingOccurrences(of: ".", with: "-"))-\(suffix).svg"
            let drawn = try String(contentsOf: root.appending(path: file), encoding: .utf8)
            let label = frame.lines.filter { !$0.isEmpty }.joined(separator: " ")
            #expect(drawn == frame.svg(theme, label: label), "renew \(file)")
        }
    }

    @Test func whatMovesShowsTheScreensOfToday() throws {
        let film = SampleScreen.film(Strings(.en))
        for (suffix, theme) in [("dark", Theme.dark), ("light", Theme.light)] {
            let file = "assets/screens/film-wizard-\(suffix).svg"
            let drawn = try String(contentsOf: root.appending(path: file), encoding: .utf8)
            #expect(drawn == film.svg(theme), "renew \(file)")
        }
    }

    @Test func theReadmeShowsOnlyPicturesThatAreThere() throws {
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let shown = readme.matches(of: #/assets/screens/[a-z-]+\.svg/#).map { String($0.output) }
        #expect(!shown.isEmpty)
        for file in shown { #expect(FileManager.default.fileExists(atPath: root.appending(path: file).path)) }
    }
}
