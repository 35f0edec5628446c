// What the parser knows of one command's options and arguments, for help and for completion.

import ArgumentParser
import FoundationEssentials
import Localization

/// An argument as the parser describes it.
struct DescribedArgument: Decodable {
    struct Name: Decodable {
        var kind: String
        var name: String

        var dashed: String { (kind == "long" ? "--" : "-") + name }
    }

    /// What its value may be, where that is known.
    struct Values: Decodable {
        struct Choices: Decodable { var values: [String] }
        struct Anything: Decodable {}

        var list: Choices?
        var file: Anything?
        var directory: Anything?
        /// Asked of the argument itself.
        var custom: Anything?
    }

    var kind: String
    var shouldDisplay: Bool
    var isOptional: Bool
    var isRepeating: Bool
    var parsingStrategy: String
    var names: [Name]?
    var valueName: String?
    var defaultValue: String?
    var abstract: String?
    var completionKind: Values?

    /// The root's alone; the parser hands it down to every command, which we do not.
    static let version = DescribedArgument(
        kind: "flag", shouldDisplay: true, isOptional: true, isRepeating: false, parsingStrategy: "default",
        names: [Name(kind: "long", name: "version")])

    var isPositional: Bool { kind == "positional" }

    var isOption: Bool { kind == "option" }

    /// Behind `--`.
    var isAgents: Bool { parsingStrategy == "postTerminator" }

    var isInUsage: Bool { isPositional || (isOption && !isOptional) }

    /// `--mesh`, `-y` and `--yes`.
    var spellings: [String] { (names ?? []).map(\.dashed) }

    /// `--mesh <mesh>`, `-y, --yes`, `<link>`.
    var label: String {
        let value = valueName.map { "<\($0)>" } ?? ""
        let dashed = spellings.joined(separator: ", ")
        if isPositional { return value }
        return isOption ? "\(dashed) \(value)" : dashed
    }

    var synopsis: String {
        var text = label + (isRepeating ? "…" : "")
        if isAgents { text = "-- \(text)" }
        return isOptional ? "[\(text)]" : text
    }

    /// What it is for, in a sentence.
    func text(_ strings: Strings) -> String {
        switch spellings.last {
        case "--help": strings(CommandText.helpHelpOption)
        case "--version": strings(CommandText.helpVersionOption)
        default: abstract ?? ""
        }
    }

    func row(_ strings: Strings) -> HelpContent.Row {
        let text = text(strings)
        guard let value = defaultValue, !isPositional else { return HelpContent.Row(label: label, text: text) }
        let usual = strings(CommandText.helpDefault, ["value": value])
        return HelpContent.Row(label: label, text: "\(text) \(usual)")
    }

    /// Those of one command, `--help` the last.
    static func all(of type: any ParsableArguments.Type) -> [DescribedArgument] {
        struct Description: Decodable {
            struct Command: Decodable { var arguments: [DescribedArgument]? }
            var command: Command
        }
        func dump<Arguments: ParsableArguments>(_ type: Arguments.Type) -> String {
            let isGroup = (type as? any ParsableCommand.Type)?.configuration.subcommands.isEmpty == false
            return isGroup ? Alone<Arguments>._dumpHelp() : type._dumpHelp()
        }
        let described = try? JSONDecoder().decode(Description.self, from: Data(dump(type).utf8))
        let arguments = described?.command.arguments ?? []
        return type == Root.self ? arguments.dropLast() + [version] + arguments.suffix(1) : arguments
    }

    /// A group without a word for one of its commands is the usual one, and takes what that takes beside its own.
    static func lent(to command: any ParsableCommand.Type, beside own: [DescribedArgument]) -> [DescribedArgument] {
        guard let usual = command.configuration.defaultSubcommand else { return [] }
        let known = Set(own.map(\.label))
        return all(of: usual).filter { !known.contains($0.label) }
    }

    /// The parser describes with a command all those below it: of the root it took a hundred times as long.
    private struct Alone<Arguments: ParsableArguments>: ParsableArguments {
        @OptionGroup var arguments: Arguments
    }
}
