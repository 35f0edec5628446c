// The options every command takes. To add one: a property here and in `RunOptions` of Console, its text in the `command`
// section of the catalogues.

public import ArgumentParser
import Connect
import Console
public import Localization
import LocalState
import Platform

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

    var values: RunOptions {
        var values = RunOptions()
        values.json = json
        values.plain = plain
        values.fullScreen = fullScreen
        values.language = language
        values.nonInteractive = nonInteractive
        values.token = token
        values.server = server
        values.local = local
        return values
    }

    func validate() throws {
        if local && server != nil { throw Clash(first: "--local", second: "--server") }
        if local && token != nil { throw Clash(first: "--local", second: "--token") }
        if plain && fullScreen { throw Clash(first: "--plain", second: "--full-screen") }
    }
}

extension Language: ExpressibleByArgument {}

/// Which mesh a command is about, where it may be one of several.
struct MeshOption: ParsableArguments, Sendable {
    @Option(name: .customLong("mesh"), help: help(.meshOption, value: .mesh), completion: Offers.meshes)
    var name: String?
}

/// The help of an option or an argument.
func help(_ key: CommandText, value: String? = nil) -> ArgumentHelp {
    ArgumentHelp(helpStrings(key), valueName: value)
}

/// As above, of a command that says or reads something in a mesh.
func help(_ key: MessageText, value: String? = nil) -> ArgumentHelp {
    ArgumentHelp(helpStrings(key), valueName: value)
}

func help(_ key: MessageText, value: ValueText) -> ArgumentHelp {
    ArgumentHelp(helpStrings(key), valueName: helpStrings(value))
}

func help(_ key: ModerationText, value: String? = nil) -> ArgumentHelp {
    ArgumentHelp(helpStrings(key), valueName: value)
}

func help(_ key: ModerationText, value: ValueText) -> ArgumentHelp {
    ArgumentHelp(helpStrings(key), valueName: helpStrings(value))
}

/// As above; what stands for its value is a word of the language.
func help(_ key: CommandText, value: ValueText) -> ArgumentHelp {
    ArgumentHelp(helpStrings(key), valueName: helpStrings(value))
}

/// What a command is for, in one sentence.
func about(_ key: CommandText) -> String { helpStrings(key) }

func about(_ key: MessageText) -> String { helpStrings(key) }

func about(_ key: ModerationText) -> String { helpStrings(key) }
