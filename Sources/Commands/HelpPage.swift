// `--help`: what a command is for, how it is called and what it takes, in the language in force, on a terminal.

import ArgumentParser
import Connect
import Console
import Localization
import Text

/// The help of one command, laid out.
struct HelpPage {
    let content: HelpContent
    /// The root's page explains what every command takes; the others name it.
    let isRoot: Bool
    let strings: Strings
    /// Columns to wrap at.
    let width: Int

    private static let labelWidth = 26

    /// - Parameter path: the commands that lead to it, the root first.
    init(_ path: [any ParsableCommand.Type], _ context: Context) {
        content = HelpContent(path, context.strings)
        isRoot = path.count < 2
        strings = context.strings
        width = Self.width(context)
    }

    /// Columns that help is wrapped at.
    static func width(_ context: Context) -> Int { min(100, context.output.columns() ?? 80) }

    var text: String {
        var parts = [wrapped(content.abstract), usage, examples]
        // What one can do stands before how: on the root's page the commands come first.
        let sections = content.sections.map { section($0.title, $0.rows) }
        let common =
            isRoot ? section(strings(CommandText.helpCommonOptions), content.common) : named(content.common)
        parts += isRoot ? Array(sections.dropFirst(2)) + sections.prefix(2) + [common] : sections + [common]
        if let more = content.more { parts.append(strings(CommandText.helpOfCommands, ["command": more])) }
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    private var usage: String {
        let lead = strings(CommandText.helpUsage) + " "
        return lead + content.usage.joined(separator: "\n" + String(repeating: " ", count: TextWidth.of(lead)))
    }

    private var examples: String {
        guard !content.examples.isEmpty else { return "" }
        return ([strings(CommandText.helpExamples)] + content.examples.map { "  " + $0 }).joined(separator: "\n")
    }

    private func wrapped(_ text: String) -> String { TextWidth.wrap(text, width: width).joined(separator: "\n") }

    /// Not broken within one of them.
    private func named(_ rows: [HelpContent.Row]) -> String {
        var lines = [""]
        for label in rows.map(\.label) {
            let longer = lines[lines.count - 1] + "  " + label
            if TextWidth.of(longer) <= width { lines[lines.count - 1] = longer } else { lines.append("  " + label) }
        }
        return ([strings(CommandText.helpCommonNames)] + lines).joined(separator: "\n")
    }

    private func section(_ title: String, _ rows: [HelpContent.Row]) -> String {
        guard !rows.isEmpty else { return "" }
        let indent = String(repeating: " ", count: Self.labelWidth)
        let lines = rows.map { row in
            let text = TextWidth.wrap(row.text, width: max(20, width - Self.labelWidth)).joined(
                separator: "\n" + indent)
            let label = "  " + row.label
            let gap = Self.labelWidth - TextWidth.of(label)
            return gap > 1 ? label + String(repeating: " ", count: gap) + text : "\(label)\n\(indent)\(text)"
        }
        return title + "\n" + lines.joined(separator: "\n")
    }
}

extension Output {
    /// The help of a command; `{"help":"…"}` with `--json`.
    func help(_ path: [any ParsableCommand.Type]) throws {
        let page = HelpPage(path, context).text
        if context.options.json { try json(["help": page]) } else { try context.output.write(page) }
    }
}
