// What the program says. Results go to standard output; addresses, codes, progress, notices and errors to standard
// error. Every text passes the one sink that makes foreign characters inert and hides tokens. With `--json` the results are
// one value.

package import Canvas
import FoundationEssentials
import Localization
import MeshAPI
import Text

/// Says things to whoever is at the other end.
package struct Output: Sendable {
    package let context: Context
    package let signs: Signs
    private let outPaint: Paint
    private let errorPaint: Paint
    /// Words in the place of signs and colours on a terminal, for somebody who hears it.
    package let isSpoken: Bool

    package init(_ context: Context) {
        self.context = context
        signs = context.signs
        isSpoken = context.options.plain || context["ACCESSIBLE"] == "1" || context["TERM"] == "dumb"
        outPaint = Paint(isTerminal: context.output.isTerminal && !isSpoken, environment: context.environment)
        errorPaint = Paint(isTerminal: context.errors.isTerminal && !isSpoken, environment: context.environment)
    }

    /// Says what is done already. Where standard output does not take it, standard error hears of `deed`: it must not be
    /// done again.
    package func orWarn(of deed: String, _ say: () throws -> Void) throws {
        do {
            try say()
        } catch let failure as StreamFailure where failure.signal == nil {
            warning(deed)
            throw failure
        }
    }

    /// `✔ TEXT` on standard output.
    package func success(_ text: String) throws(StreamFailure) {
        try result("\(lead(signs.check, .success, LineText.done)) \(inert(text))")
    }

    /// What a line of standard output begins with.
    private func lead(_ sign: String, _ role: ColorRole, _ word: LineText) -> String {
        isSpoken && context.output.isTerminal ? context.strings(word) : outPaint(sign, role)
    }

    /// A line of a list of findings: the sign of what was found, what it is, and under it the remedy.
    package func finding(_ kind: Finding, _ text: String, remedy: String?) throws(StreamFailure) {
        let lead =
            switch kind {
            case .none: outPaint(signs.bullet, .muted)
            case .ok: lead(signs.check, .success, .done)
            case .warning: lead(signs.warning, .warning, .warning)
            case .error: lead(signs.cross, .error, .error)
            }
        try result("\(lead) \(fitted(inert(text), indent: 2, on: context.output))")
        for line in (remedy ?? "").split(separator: "\n") {
            try result(outPaint("  \(fitted(inert(String(line)), indent: 2, on: context.output))", .muted))
        }
    }

    /// A picture made of cells on standard output. `painted` has its own colours, the same on every background: for a
    /// terminal that has them.
    package func picture(_ lines: [String], painted: [String]) throws(StreamFailure) {
        try result((outPaint == .many ? painted : lines).joined(separator: "\n"))
    }

    /// `▸ TEXT` on standard output: what one may do next.
    package func next(_ text: String) throws(StreamFailure) {
        try result("\(lead(signs.pointer, .primary, .next)) \(inert(text))")
    }

    /// A line of the result.
    package func line(_ text: String = "", _ role: ColorRole = .plain) throws(StreamFailure) {
        try result(outPaint(inert(text), role))
    }

    /// A sentence of the result: on a terminal broken between its words.
    package func sentence(_ text: String) throws(StreamFailure) {
        try result(fitted(inert(text), indent: 2, on: context.output))
    }

    /// Columns that a name, or a row's last text, keeps on the narrowest terminal.
    private static let leastName = 16

    /// Rows of a list, their columns aligned by what they take on a terminal; the first column is the main thing.
    /// - Parameters:
    ///   - header: what the columns are, for a person: a pipe does not get it.
    ///   - names: the column of names, which on a terminal gives way where the rows are wider than it; a pipe gets them whole.
    package func table(_ rows: [[String]], header: [String] = [], names: Int? = nil) throws(StreamFailure) {
        // Over nothing there is nothing to say what it is.
        let titled = !header.isEmpty && !rows.isEmpty && context.output.isTerminal
        var rows = ((titled ? [header] : []) + rows).map { $0.map(inert) }
        let columns = rows.map(\.count).max() ?? 0
        var widths = (0..<columns).map { column in
            rows.map { $0.count > column ? TextWidth.of($0[column]) : 0 }.max() ?? 0
        }
        let room = context.output.isTerminal ? context.output.columns() : nil
        if let room, let names, names < columns {
            let excess = widths.reduce(2 * (columns - 1), +) - room
            if excess > 0 { widths[names] = min(widths[names], max(Self.leastName, widths[names] - excess)) }
            for index in rows.indices where rows[index].count > names {
                rows[index][names] = TextWidth.clip(rows[index][names], to: widths[names], ellipsis: signs.ellipsis)
            }
        }
        var lines = ""
        for (index, row) in rows.enumerated() {
            if index > 0 { lines += "\n" }
            let end = (row.lastIndex { !$0.isEmpty } ?? 0) + 1
            var start = 0
            for (column, text) in row.prefix(end).enumerated() {
                let last = column == end - 1
                let gap = last ? "" : String(repeating: " ", count: widths[column] - TextWidth.of(text) + 2)
                let shown = last ? Self.hanging(text, at: start, in: room) : text
                lines += outPaint(shown, column == 0 && !(titled && index == 0) ? .plain : .muted) + gap
                start += widths[column] + 2
            }
        }
        if !rows.isEmpty { try result(lines) }
    }

    /// The last text of a row, which begins in column `start`: where the terminal is too narrow for it broken between its
    /// words; beneath the row where not each of them, an id say, has room beside it.
    private static func hanging(_ text: String, at start: Int, in room: Int?) -> String {
        guard let room, start + TextWidth.of(text) > room else { return text }
        let longest = text.split(separator: " ").map { TextWidth.of(String($0)) }.max() ?? 0
        let isBeneath = room - start < max(leastName, longest)
        let gap = "\n" + String(repeating: " ", count: isBeneath ? 2 : start)
        let lines = text.wrapped(to: max(leastName, room - (isBeneath ? 2 : start)))
        return (isBeneath ? gap : "") + lines.joined(separator: gap)
    }

    /// The one value of `--json`, tokens in it hidden.
    package func json(_ value: some Encodable) throws {
        try context.output.write(TokenForm.masked(Self.text(value)) + "\n")
    }

    /// A token that was just made, alone on its line; with `--json` the value that holds it. Nothing else shows one.
    package func token(_ token: String, in value: some Encodable) throws {
        try context.output.write((context.options.json ? Self.text(value) : token) + "\n")
    }

    private static func text(_ value: some Encodable) throws -> String {
        InertText.json(String(decoding: try WireJSON.encode(value), as: UTF8.self))
    }

    /// A line on standard error: progress, an address, a code.
    package func note(_ text: String, _ role: ColorRole = .plain) throws(StreamFailure) {
        try context.errors.write(errorPaint(fitted(inert(text)), role) + "\n")
    }

    /// A line on standard error that only a person has use for. Where it cannot be said, what was asked for is done still.
    package func hint(_ text: String) {
        if !context.options.json { try? note(text, .muted) }
    }

    /// `⚠ TEXT` on a terminal, `warning: TEXT` in a pipe, both on standard error; as little in the way as a hint.
    package func warning(_ text: String) {
        let lead = errorLead(signs.warning, .warning, CommandText.warningLabel)
        try? context.errors.write("\(lead) \(fitted(inert(text), indent: 2))\n")
    }

    /// An error in its fixed form: `✘ TEXT` and an indented remedy on a terminal, `error: TEXT` in a pipe, one line of
    /// JSON with `--json`.
    package func error(_ explanation: Explanation) throws(StreamFailure) {
        var explanation = explanation
        explanation.message = TokenForm.masked(explanation.message)
        explanation.remedy = explanation.remedy.map(TokenForm.masked)
        if context.options.json {
            try context.errors.write(explanation.json + "\n")
            return
        }
        let lead = errorLead(signs.cross, .error, CommandText.errorLabel)
        var text = "\(lead) \(fitted(inert(explanation.message), indent: 2))\n"
        for line in (explanation.remedy ?? "").split(separator: "\n") {
            text += "  \(fitted(inert(String(line)), indent: 2))\n"
        }
        try context.errors.write(text)
    }

    private func errorLead(_ sign: String, _ role: ColorRole, _ word: CommandText) -> String {
        context.errors.isTerminal && !isSpoken ? errorPaint(sign, role) : context.strings(word)
    }

    private func result(_ text: String) throws(StreamFailure) {
        guard !context.options.json else { return }
        try context.output.write(text + "\n")
    }

    /// A line: on a terminal wrapped at its words, in a pipe as it is.
    /// - Parameter sink: where it goes; standard error where nothing is said.
    private func fitted(_ text: String, indent: Int = 0, on sink: Sink? = nil) -> String {
        let sink = sink ?? context.errors
        guard sink.isTerminal, let columns = sink.columns() else { return text }
        let gap = "\n" + String(repeating: " ", count: indent)
        return text.wrapped(to: max(20, columns - indent)).joined(separator: gap)
    }

    /// Foreign characters are made visible, and tokens hidden.
    private func inert(_ text: String) -> String { InertText.visible(TokenForm.masked(text)) }
}

/// What a look at one thing found.
package enum Finding: String, Encodable {
    case ok, warning, error
    /// There was nothing to look at.
    case none
}
