// Manual pages, from the same definitions as `--help`: `claudemesh help --man DIR` writes one for each command. The format is
// that of man(7).

import ArgumentParser
import Console
import FoundationEssentials
import Localization

/// The manual page of one command.
struct ManPage {
    /// `claudemesh-sessions-revoke.1`.
    let fileName: String
    let text: String

    /// - Parameter path: the commands that lead to it, the root first.
    init(_ path: [any ParsableCommand.Type], _ strings: Strings) {
        let content = HelpContent(path, strings)
        let name = path.map { $0._commandName }.joined(separator: "-")
        fileName = "\(name).1"
        let title = name.uppercased()
        // Between the titles at both ends of the first line: the usual words would not fit beside the longest of them.
        var lines = [".TH \"\(title)\" 1 \"\" \"claudemesh \(Release.version)\" \"claudemesh\""]
        lines += [
            ".SH \(Self.heading(strings(CommandText.manName)))",
            "\(Self.escaped(name)) \\- \(Self.line(content.abstract))",
        ]
        lines.append(".SH \(Self.heading(strings(CommandText.helpUsage)))")
        lines.append(content.usage.map { ".B \(Self.escaped($0))" }.joined(separator: "\n.br\n"))
        if !content.examples.isEmpty {
            lines += [".SH \(Self.heading(strings(CommandText.helpExamples)))", ".nf"]
            lines += content.examples.map(Self.line) + [".fi"]
        }
        for section in content.sections { lines += Self.section(section.title, section.rows) }
        lines += Self.section(strings(CommandText.helpCommonOptions), content.common)
        if path.count == 1 {
            let variables = Variable.allCases.map { HelpContent.Row(label: $0.rawValue, text: strings($0.text)) }
            lines += Self.section(strings(CommandText.manEnvironment), variables)
        }
        text = lines.joined(separator: "\n") + "\n"
    }

    /// A page for each command that is shown, the root's first.
    static func all(_ strings: Strings) -> [ManPage] {
        func below(_ path: [any ParsableCommand.Type]) -> [ManPage] {
            let next = path.last?.configuration.subcommands.filter { $0.configuration.shouldDisplay } ?? []
            return [ManPage(path, strings)] + next.flatMap { below(path + [$0]) }
        }
        return below([Root.self])
    }

    private static func section(_ title: String, _ rows: [HelpContent.Row]) -> [String] {
        guard !rows.isEmpty else { return [] }
        return [".SH \(heading(title))"] + rows.flatMap { [".TP", ".B \(escaped($0.label))", line($0.text)] }
    }

    /// The titles of `--help` end in a colon.
    private static func heading(_ title: String) -> String {
        "\"" + escaped((title.hasSuffix(":") ? String(title.dropLast()) : title).uppercased()) + "\""
    }

    /// A line of text: what begins with a dot or an apostrophe would be a request.
    private static func line(_ text: String) -> String {
        let text = escaped(text)
        return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("\"", with: "\\(dq")
            .replacing("`", with: "\\(ga")
    }
}
