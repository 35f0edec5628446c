// What the help of a command says, from what the argument parser knows of it: a new command or option needs nothing here.
// `HelpPage` shows it on a terminal, `ManPage` as a manual page.

import ArgumentParser
import Console
import Localization

/// The help of one command, not laid out yet.
struct HelpContent {
    struct Row {
        var label: String
        var text: String
    }

    struct Section {
        var title: String
        var rows: [Row]
    }

    let abstract: String
    /// How it is called, a line each.
    let usage: [String]
    /// Arguments, options and commands; none is empty.
    let sections: [Section]
    /// The options that every command takes: explained on the root's page alone, else their names.
    let common: [Row]
    /// Command lines as one types them.
    let examples: [String]
    /// `claudemesh help sessions`; nil for what has no commands.
    let more: String?

    private let strings: Strings

    /// - Parameter path: the commands that lead to it, the root first.
    init(_ path: [any ParsableCommand.Type], _ strings: Strings) {
        self.strings = strings
        let command = path.last ?? Root.self
        let configuration = command.configuration
        abstract = configuration.abstract
        let names = Set((DescribedArgument.all(of: GlobalOptions.self) + [.version]).map(\.label))
        let arguments = Self.arguments(of: command)
        let own = arguments.filter { !$0.isPositional && !names.contains($0.label) }
        let subcommands = configuration.subcommands.filter { $0.configuration.shouldDisplay }
        usage = Self.usage(path, arguments.filter(\.isInUsage), isGroup: !subcommands.isEmpty, strings)
        common = arguments.filter { names.contains($0.label) }.map { $0.row(strings) }
        examples = configuration.discussion.split(separator: "\n").map(String.init)
        let groups = configuration.groupedSubcommands.map { ($0.name, $0.subcommands) }
        let listed = groups.isEmpty ? [(strings(CommandText.helpCommands), subcommands)] : groups
        let sections =
            [
                Section(
                    title: strings(CommandText.helpArguments),
                    rows: arguments.filter(\.isPositional).map { $0.row(strings) }),
                Section(title: strings(CommandText.helpOptions), rows: own.map { $0.row(strings) }),
            ]
            + listed.map { title, commands in
                let shown = commands.filter { $0.configuration.shouldDisplay }
                return Section(title: title, rows: shown.map { Self.row(of: $0, in: configuration, strings) })
            }
        self.sections = sections.filter { !$0.rows.isEmpty }
        more =
            subcommands.isEmpty
            ? nil : (["claudemesh", "help"] + path.dropFirst().map { $0._commandName }).joined(separator: " ")
    }

    private static func arguments(of command: any ParsableCommand.Type) -> [DescribedArgument] {
        let own = DescribedArgument.all(of: command)
        return (own + DescribedArgument.lent(to: command, beside: own)).filter(\.shouldDisplay)
    }

    private static func row(
        of command: any ParsableCommand.Type, in group: CommandConfiguration, _ strings: Strings
    ) -> Row {
        let isUsual = group.defaultSubcommand.map { $0 == command } ?? false
        let label = command._commandName + (isUsual ? " " + strings(CommandText.helpUsual) : "")
        return Row(label: label, text: command.configuration.abstract)
    }

    /// - Parameter required: the options without which the command is not read, and the positional arguments.
    private static func usage(
        _ path: [any ParsableCommand.Type], _ required: [DescribedArgument], isGroup: Bool, _ strings: Strings
    ) -> [String] {
        let name = path.map { $0._commandName }.joined(separator: " ")
        let options = "[\(strings(CommandText.helpOptionsWord))]"
        let line = ([name, options] + required.map(\.synopsis)).joined(separator: " ")
        return isGroup ? [line, "\(name) <\(strings(ValueText.command))> \(options)"] : [line]
    }

    /// The long names of the options a command takes: `--mesh`.
    static func options(of command: any ParsableCommand.Type) -> [String] {
        DescribedArgument.all(of: command).filter(\.shouldDisplay).flatMap { argument in
            (argument.names ?? []).filter { $0.kind == "long" }.map(\.dashed)
        }
    }
}
