// `--help`: what a command is for, how it is called and what it takes, in the language in force. It is made from what the
// argument parser knows of the commands: a new command or option needs nothing here.

import ArgumentParser
import Canvas
import Connect
import Console
import FoundationEssentials
import Localization

/// The help of one command.
struct HelpPage {
    /// The commands that lead to it, the root first.
    let path: [any ParsableCommand.Type]
    let strings: Strings
    /// Columns to wrap at.
    let width: Int

    private static let labelWidth = 26

    init(_ path: [any ParsableCommand.Type], _ context: Context) {
        self.path = path
        strings = context.strings
        width = Self.width(context)
    }

    /// Columns that help is wrapped at.
    static func width(_ context: Context) -> Int { min(100, context.output.columns() ?? 80) }

    var text: String {
        guard let command = path.last else { return "" }
        let configuration = command.configuration
        let common = Set(Argument.all(of: GlobalOptions.self).map(\.label) + ["-h, --help", "--version"])
        var arguments = Argument.all(of: command)
        // A group without a word for one of its commands is the default one, and takes what that takes.
        if let usual = configuration.defaultSubcommand {
            arguments += Argument.all(of: usual).filter { more in !arguments.contains { $0.label == more.label } }
        }
        arguments = arguments.filter(\.shouldDisplay)
        let own = arguments.filter { !$0.isPositional && !common.contains($0.label) }
        let subcommands = configuration.subcommands.filter { $0.configuration.shouldDisplay }
        var sections = [TextWidth.wrap(configuration.abstract, width: width).joined(separator: "\n")]
        sections.append(usage(arguments.filter(\.isInUsage), isGroup: !subcommands.isEmpty))
        sections.append(section(.helpArguments, arguments.filter(\.isPositional).map(row)))
        sections.append(section(.helpOptions, own.map(row)))
        sections.append(
            section(.helpCommonOptions, arguments.filter { common.contains($0.label) }.map(row)))
        sections.append(
            section(
                .helpCommands,
                subcommands.map { next in
                    let isUsual = configuration.defaultSubcommand.map { $0 == next } ?? false
                    let label = next._commandName + (isUsual ? " " + strings(CommandText.helpUsual) : "")
                    return (label, next.configuration.abstract)
                }))
        if !subcommands.isEmpty {
            let words = (["claudemesh", "help"] + path.dropFirst().map { $0._commandName }).joined(separator: " ")
            sections.append(strings(CommandText.helpOfCommands, ["command": words]))
        }
        return sections.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    /// The long names of the options a command takes: `--mesh`.
    static func options(of command: any ParsableCommand.Type) -> [String] {
        Argument.all(of: command).filter(\.shouldDisplay).flatMap { argument in
            (argument.names ?? []).filter { $0.kind == "long" }.map(\.dashed)
        }
    }

    /// - Parameter required: the options without which the command is not read, and the positional arguments.
    private func usage(_ required: [Argument], isGroup: Bool) -> String {
        let name = path.map { $0._commandName }.joined(separator: " ")
        let options = "[\(strings(CommandText.helpOptionsWord))]"
        var lines = [([name, options] + required.map(\.synopsis)).joined(separator: " ")]
        if isGroup { lines.append("\(name) <\(strings(ValueText.command))> \(options)") }
        let lead = strings(CommandText.helpUsage) + " "
        return lead + lines.joined(separator: "\n" + String(repeating: " ", count: TextWidth.of(lead)))
    }

    private func row(_ argument: Argument) -> (String, String) {
        let text =
            switch argument.label {
            case "-h, --help": strings(CommandText.helpHelpOption)
            case "--version": strings(CommandText.helpVersionOption)
            default: argument.abstract ?? ""
            }
        guard let value = argument.defaultValue, !argument.isPositional else { return (argument.label, text) }
        return (argument.label, "\(text) \(strings(CommandText.helpDefault, ["value": value]))")
    }

    private func section(_ title: CommandText, _ rows: [(label: String, text: String)]) -> String {
        guard !rows.isEmpty else { return "" }
        let indent = String(repeating: " ", count: Self.labelWidth)
        let lines = rows.map { row in
            let text = TextWidth.wrap(row.text, width: max(20, width - Self.labelWidth)).joined(
                separator: "\n" + indent)
            let label = "  " + row.label
            let gap = Self.labelWidth - TextWidth.of(label)
            return gap > 1 ? label + String(repeating: " ", count: gap) + text : "\(label)\n\(indent)\(text)"
        }
        return strings(title) + "\n" + lines.joined(separator: "\n")
    }
}

extension Output {
    /// The help of a command; `{"help":"…"}` with `--json`.
    func help(_ path: [any ParsableCommand.Type]) throws {
        let page = HelpPage(path, context).text
        if context.options.json { try json(["help": page]) } else { try context.output.write(page) }
    }
}

/// An argument as the parser describes it.
private struct Argument: Decodable {
    struct Name: Decodable {
        var kind: String
        var name: String

        var dashed: String { (kind == "long" ? "--" : "-") + name }
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

    var isPositional: Bool { kind == "positional" }

    var isInUsage: Bool { isPositional || (kind == "option" && !isOptional) }

    /// `--mesh <mesh>`, `-y, --yes`, `<link>`.
    var label: String {
        let value = valueName.map { "<\($0)>" } ?? ""
        let dashed = (names ?? []).map(\.dashed).joined(separator: ", ")
        if isPositional { return value }
        return kind == "option" ? "\(dashed) \(value)" : dashed
    }

    var synopsis: String {
        var text = label + (isRepeating ? "…" : "")
        if parsingStrategy == "postTerminator" { text = "-- \(text)" }
        return isOptional ? "[\(text)]" : text
    }

    static func all(of type: any ParsableArguments.Type) -> [Argument] {
        struct Description: Decodable {
            struct Command: Decodable { var arguments: [Argument]? }
            var command: Command
        }
        let described = try? JSONDecoder().decode(Description.self, from: Data(type._dumpHelp().utf8))
        return described?.command.arguments ?? []
    }
}
