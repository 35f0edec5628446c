// Every screen with sample data, for designers and translators, as text or as the README's pictures. `swift run DrawScreens
// mesh.list --svg assets/screens` renews one; without names, all of them. `film.wizard`, `film.watch` and `film.lines` are the
// pictures that move.

import ArgumentParser
import Canvas
import Foundation
import Localization
import Pictures
import Watch
import WatchSamples
import Wizard
import WizardSamples

@main
struct DrawScreens: ParsableCommand {
    @Argument(help: "The screens to show; none is all of them.")
    var names: [String] = []

    @Option(help: "The window's size.")
    var size = "80x24"

    @Option(help: "The language: en or es.", transform: language)
    var lang = Language.en

    @Flag(help: "With ASCII signs.")
    var ascii = false

    @Option(help: "Write pictures into this folder instead.")
    var svg: String?

    func run() throws {
        let all = pictures(try parsedSize()) + films
        let chosen =
            try names.isEmpty
            ? all
            : names.map { name in
                guard let found = all.first(where: { $0.name == name }) else {
                    throw ValidationError(
                        "No screen is called \(name). They are:\n\(all.map(\.name).joined(separator: " "))")
                }
                return found
            }
        for picture in chosen {
            if let svg {
                try write(picture, to: svg)
            } else {
                print("== \(picture.name)\n\(picture.film().stillFrame.lines.joined(separator: "\n"))\n")
            }
        }
    }

    /// A screen or a run of them; drawn when it is wanted.
    private struct Picture {
        var name: String
        var film: () -> Film

        init(_ name: String, _ film: @escaping () -> Film) { (self.name, self.film) = (name, film) }
    }

    private var strings: Strings { Strings(lang) }

    /// The wizard's screens, then those of `watch`.
    private func pictures(_ size: Size) -> [Picture] {
        let strings = strings
        let wizard = WizardSamples.SampleScreen.all(lang).map { sample in
            var state = sample.state
            state.size = size
            state.settings.ascii = ascii
            return Picture(sample.name) { Film(of: frame(for: state, strings: strings)) }
        }
        let watch = WatchSamples.SampleScreen.all(lang).map { sample in
            var state = sample.state
            state.size = size
            state.settings.ascii = ascii
            return Picture(sample.name) { Film(of: picture(of: state, strings: strings).frame) }
        }
        return wizard + watch
    }

    private var films: [Picture] {
        let strings = strings
        return [
            Picture("film.wizard") { WizardSamples.SampleScreen.film(strings) },
            Picture("film.watch") { WatchSamples.SampleScreen.film(strings) },
            Picture("film.lines") { WatchSamples.SampleScreen.lineFilm(strings) },
        ]
    }

    private func parsedSize() throws -> Size {
        let parts = size.split(separator: "x").compactMap { Int($0) }
        guard parts.count == 2, (1...1000).contains(parts[0]), (1...1000).contains(parts[1]) else {
            throw ValidationError("--size is columns and rows: 80x24.")
        }
        return Size(width: parts[0], height: parts[1])
    }

    /// Two pictures, for readers in the dark and in the light: `mesh.list` becomes mesh-list-dark.svg, mesh-list-light.svg.
    private func write(_ picture: Picture, to folder: String) throws {
        let file = picture.name.replacing(".", with: "-")
        let film = picture.film()
        for (suffix, theme) in [("dark", Theme.dark), ("light", Theme.light)] {
            try Data(film.svg(theme).utf8).write(to: URL(filePath: "\(folder)/\(file)-\(suffix).svg"))
        }
    }
}

private func language(_ text: String) throws -> Language {
    guard let language = Language(rawValue: text) else { throw ValidationError("--lang is en or es.") }
    return language
}
