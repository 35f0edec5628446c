// How line mode speaks: plain lines, wrapped between words, nothing moved and nothing redrawn.

import MeshAPI
import Text

/// Writes lines to the terminal.
package struct LineVoice {
    package let context: Context
    /// The cursor stands behind a prompt that was not answered yet.
    package private(set) var isPrompting = false

    package init(_ context: Context) { self.context = context }

    /// Columns to wrap at: those of the terminal, 72 at most.
    private var width: Int { max(20, min(72, (context.output.columns() ?? 73) - 1)) }

    /// A paragraph. An open prompt is left behind on its line.
    /// - Parameter mark: stands before each row that it goes on in.
    package mutating func say(_ text: String = "", goingOn mark: String = "") throws(StreamFailure) {
        try leavePrompt()
        let rows = wrapped(text, width: width - TextWidth.of(mark))
        for (index, row) in rows.enumerated() { try context.output.write((index == 0 ? "" : mark) + row + "\n") }
    }

    /// A text that must stay in one piece, such as an address.
    package mutating func sayWhole(_ text: String) throws(StreamFailure) {
        try leavePrompt()
        try context.output.write(shown(text) + "\n")
    }

    /// Items beside each other, as many as fit on a line.
    package mutating func sayPacked(_ items: [String]) throws(StreamFailure) {
        var line = ""
        for item in items {
            if !line.isEmpty, TextWidth.of(line) + 2 + TextWidth.of(item) > width {
                try sayWhole(line)
                line = ""
            }
            line += (line.isEmpty ? "" : "  ") + item
        }
        if !line.isEmpty { try sayWhole(line) }
    }

    /// A question's last line: the cursor stays behind it.
    package mutating func prompt(_ text: String) throws(StreamFailure) {
        try leavePrompt()
        let lines = wrapped(text, width: width)
        for line in lines.dropLast() { try context.output.write(line + "\n") }
        try context.output.write((lines.last ?? "") + " ")
        isPrompting = true
    }

    /// The person ended the line with Enter. `echoed`: the terminal showed it.
    package mutating func answered(echoed: Bool = true) throws(StreamFailure) {
        if !echoed { try context.output.write("\n") }
        isPrompting = false
    }

    /// Ends the line of a prompt that will not be answered.
    package mutating func leavePrompt() throws(StreamFailure) {
        guard isPrompting else { return }
        isPrompting = false
        try context.output.write("\n")
    }

    private func wrapped(_ text: String, width: Int) -> [String] {
        text.isEmpty ? [""] : TextWidth.wrap(shown(text), width: width)
    }

    private func shown(_ text: String) -> String { InertText.visible(TokenForm.masked(text)) }
}
