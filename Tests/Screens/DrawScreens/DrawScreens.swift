// `claudemesh screens` (not listed in the help): every screen with sample data, for designers and translators, as text or
// as the README's pictures. `claudemesh screens mesh.list --svg assets/screens` renews one; without names, all of them.
// `film.wizard`, `film.watch` and `film.lines` are the pictures that move.

import ArgumentParser
import Canvas
import Connect
import Console
import FoundationEssentials
import Localization
import MeshClient
import Watch
import Wizard

struct Screens: MeshCommand {
    static let configuration = CommandConfiguration(
        commandName: "screens", abstract: about(.screensHelp), shouldDisplay: false)

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.screensNames))
    var names: [String] = []

    @Option(help: help(.screensSize, value: "80x24"))
    var size = "80x24"

    @Flag(help: help(.screensASCII))
    var ascii = false

    @Option(help: help(.screensSVG, value: .folder))
    var svg: String?

    func run(in context: Context) async throws -> Ending {
        let all = pictures(context, size: try parsedSize()) + films(context)
        let chosen =
            try names.isEmpty
            ? all
            : names.map { name in
                guard let found = all.first(where: { $0.name == name }) else {
                    throw Failure.missing(flag: name, choices: all.map(\.name), kind: .none)
                }
                return found
            }
        for picture in chosen {
            if let svg {
                try write(picture, to: svg)
            } else {
                let lines = picture.film().stillFrame.lines
                try context.output.write("== \(picture.name)\n\(lines.joined(separator: "\n"))\n")
            }
        }
        return .exit(.done)
    }

    /// A screen or a run of them; drawn when it is wanted.
    private struct Picture {
        var name: String
        var film: () -> Film

        init(_ name: String, _ film: @escaping () -> Film) { (self.name, self.film) = (name, film) }
    }

    /// The wizard's screens, then those of `watch`.
    private func pictures(_ context: Context, size: Size) -> [Picture] {
        let strings = context.strings
        let wizard = Wizard.SampleScreen.all(strings.language).map { sample in
            var state = sample.state
            state.size = size
            state.settings.ascii = ascii
            return Picture(sample.name) { Film(of: frame(for: state, strings: strings)) }
        }
        let watch = Watch.SampleScreen.all(strings.language).map { sample in
            var state = sample.state
            state.size = size
            state.settings.ascii = ascii
            return Picture(sample.name) { Film(of: picture(of: state, strings: strings).frame) }
        }
        return wizard + watch
    }

    private func films(_ context: Context) -> [Picture] {
        let strings = context.strings
        return [
            Picture("film.wizard") { Wizard.SampleScreen.film(strings) },
            Picture("film.watch") { Watch.SampleScreen.film(strings) },
            Picture("film.lines") { Watch.SampleScreen.lineFilm(strings) },
        ]
    }

    private func parsedSize() throws -> Size {
        let parts = size.split(separator: "x").compactMap { Int($0) }
        guard parts.count == 2, (1...1000).contains(parts[0]), (1...1000).contains(parts[1]) else {
            throw Failure.invalid(field: "--size", reason: "80x24")
        }
        return Size(width: parts[0], height: parts[1])
    }

    /// Two pictures, for readers in the dark and in the light: `mesh.list` becomes mesh-list-dark.svg, mesh-list-light.svg.
    private func write(_ picture: Picture, to folder: String) throws {
        let file = picture.name.replacing(".", with: "-")
        let film = picture.film()
        for (suffix, theme) in [("dark", Theme.dark), ("light", Theme.light)] {
            let path = "\(folder)/\(file)-\(suffix).svg"
            do {
                try Data(film.svg(theme).utf8).write(to: URL(filePath: path))
            } catch {
                throw Failure.unreadable(path: path, reason: String(describing: type(of: error)))
            }
        }
    }
}
