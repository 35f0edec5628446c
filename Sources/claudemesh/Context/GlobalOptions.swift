// The options every command takes. To add one: a property here, its text in the `command` section of the catalogues.

public import ArgumentParser
public import Localization
import MeshAPI

/// What may stand on the command line of any command.
struct GlobalOptions: ParsableArguments, Sendable {
    @Flag(name: .customLong("json"), help: help(.optionJSON))
    var json = false

    @Flag(name: .customLong("plain"), help: help(.optionPlain))
    var plain = false

    @Flag(name: .customLong("full-screen"), help: help(.optionFullScreen))
    var fullScreen = false

    @Option(name: .customLong("lang"), help: help(.optionLang, value: "en|es"))
    var language: Language?

    @Flag(name: .customLong("non-interactive"), help: help(.optionNonInteractive))
    var nonInteractive = false

    @Option(name: .customLong("token"), help: help(.optionToken, value: "token"))
    var token: String?

    @Option(name: .customLong("server"), help: help(.optionServer, value: "url"))
    var server: String?

    @Flag(name: .customLong("local"), help: help(.optionLocal))
    var local = false

    /// Nothing asked: what the program knows before it has read its command line.
    static var none: GlobalOptions {
        var options = GlobalOptions()
        (options.json, options.plain, options.fullScreen, options.language) = (false, false, false, nil)
        (options.nonInteractive, options.token, options.server, options.local) = (false, nil, nil, false)
        return options
    }

    func validate() throws {
        if local && server != nil { throw Clash(first: "--local", second: "--server") }
        if local && token != nil { throw Clash(first: "--local", second: "--token") }
        if plain && fullScreen { throw Clash(first: "--plain", second: "--full-screen") }
    }
}

/// Two options that exclude each other: a command line that cannot be parsed.
struct Clash: Error, CustomStringConvertible {
    var first: String
    var second: String

    var description: String { helpStrings(CommandText.clash, ["first": first, "second": second]) }
}

/// A first word that names no command.
struct UnknownCommand: Error, CustomStringConvertible {
    var name: String

    var description: String { helpStrings(CommandText.unknownCommand, ["name": InertText.visible(name)]) }
}

extension Language: ExpressibleByArgument {}

/// The texts of `--help`, which are made before any option is read: in the language that `--lang` or the environment
/// names.
let helpStrings = Strings(
    Language.choose(flag: languageFlag(CommandLine.arguments), environment: processEnvironment(), config: nil))

/// The help of an option or an argument.
func help(_ key: CommandText, value: String? = nil) -> ArgumentHelp {
    ArgumentHelp(helpStrings(key), valueName: value)
}

/// What a command is for, in one sentence.
func about(_ key: CommandText) -> String { helpStrings(key) }

/// What follows `--lang`, up to `--`.
func languageFlag(_ arguments: [String]) -> String? {
    let ours = arguments.prefix { $0 != "--" }
    for (index, word) in ours.enumerated() {
        if word.hasPrefix("--lang=") { return String(word.dropFirst("--lang=".count)) }
        if word == "--lang", index + 1 < ours.count { return ours[index + 1] }
    }
    return nil
}
