// The README's picture is the mesh as it is drawn. Renew it with `swift run DrawScreens watch --svg assets/screens`.

import Canvas
import Foundation
import Localization
import Pictures
import Testing

@testable import Watch
@testable import WatchSamples

@Suite struct WatchPictureTests {
    @Test func thePictureShowsTheScreenOfToday() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let sample = try #require(SampleScreen.all(.en).first { $0.name == "watch" })
        let frame = picture(of: sample.state, strings: Strings(.en)).frame
        for (suffix, theme) in [("dark", Theme.dark), ("light", Theme.light)] {
            let file = "assets/screens/watch-\(suffix).svg"
            let drawn = try String(contentsOf: root.appending(path: file), encoding: .utf8)
            let label = frame.lines.filter { !$0.isEmpty }.joined(separator: " ")
            #expect(drawn == frame.svg(theme, label: label), "renew \(file)")
        }
    }

    /// Renew them with `swift run DrawScreens film.watch film.lines --svg assets/screens`.
    @Test(arguments: ["watch", "lines"]) func whatMovesShowsTheScreensOfToday(_ name: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let strings = Strings(.en)
        let film = name == "watch" ? SampleScreen.film(strings) : SampleScreen.lineFilm(strings)
        for (suffix, theme) in [("dark", Theme.dark), ("light", Theme.light)] {
            let file = "assets/screens/film-\(name)-\(suffix).svg"
            let drawn = try String(contentsOf: root.appending(path: file), encoding: .utf8)
            #expect(drawn == film.svg(theme), "renew \(file)")
        }
    }
}
