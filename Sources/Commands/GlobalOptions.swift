// The options every command takes. To add one: a property in both structures here, its text in the `command` section of the
// catalogues.

public import ArgumentParser
public import Localization
import MeshClient
import Platform

/// What was asked of any command; as it is made, nothing. Apart from the parser's wrappers, which take a millisecond to make.
struct CommonOptions: Sendable {
    var json = false
    var plain = false
    var fullScreen = false
    var language: Language?
    var nonInteractive = false
    var token: String?
    var server: String?
    var local = false
}

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

    @Option(name: .customLong("token"), help: help(.optionToken, value: .token))
    var token: String?

    @Option(name: .customLong("server"), help: help(.optionServer, value: .url))
    var server: String?

    @Flag(name: .customLong("local"), help: help(.optionLocal))
    var local = false

    var values: CommonOptions {
        CommonOptions(
            json: json, plain: plain, fullScreen: fullScreen, language: language, nonInteractive: nonInteractive,
            token: token, server: server, local: local)
    }

    func validate() throws {
        if local && server != nil { throw Clash(first: "--local", second: "--server") }
        if local && token != nil { throw Clash(first: "--local", second: "--token") }
        if plain && fullScreen { throw Clash(first: "--plain", second: "--full-screen") }
    }
}

extension Language: ExpressibleByArgument {}

/// The texts of `--help`, which are made before any option is read: in the language that `--lang`, the environment or
/// the settings name.
let helpStrings: Strings = {
    let environment = processEnvironment()
    let settings = try? ConfigDirectory(environment: environment, mayWrite: false).readConfig().value
    let flag = languageFlag(SystemText.commandLine.map(\.repaired))
    return Strings(Language.choose(flag: flag, environment: environment, config: settings?.language))
}()

/// The help of an option or an argument.
func help(_ key: CommandText, value: String? = nil) -> ArgumentHelp {
    ArgumentHelp(helpStrings(key), valueName: value)
}

/// As above; what stands for its value is a word of the language.
func help(_ key: CommandText, value: ValueText) -> ArgumentHelp {
    ArgumentHelp(helpStrings(key), valueName: helpStrings(value))
}

/// What a command is for, in one sentence.
func about(_ key: CommandText) -> String { helpStrings(key) }

extension Context {
    /// As a command line asks for it that gave no command.
    func speaking(in arguments: [String]) -> Context {
        var context = self
        context.options.language = languageFlag(arguments).flatMap(Language.init(tag:))
        return context.speakingAsConfigured
    }
}

/// What follows `--lang`, up to `--`.
func languageFlag(_ arguments: [String]) -> String? {
    let ours = arguments.prefix { $0 != "--" }
    for (index, word) in ours.enumerated() {
        if word.hasPrefix("--lang=") { return String(word.dropFirst("--lang=".count)) }
        if word == "--lang", index + 1 < ours.count { return ours[index + 1] }
    }
    return nil
}
