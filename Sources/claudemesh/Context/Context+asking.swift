// The few questions that a command asks outside of the wizard. Whoever asks has seen that somebody can be asked.

import Glibc
import Localization
import MeshAPI

extension Context {
    /// Asks for a yes or a no; anything but a yes is a no.
    func agrees(to question: String) throws(StreamFailure) -> Bool {
        try errors.write(InertText.visible(question) + " ")
        let answer = input.readLine(256)?.trimmingWhitespace().folded() ?? ""
        return !answer.isEmpty
            && [strings(CommandText.yes), strings(CommandText.yesLetter), "y", "yes"].contains(answer)
    }

    /// The token on standard input, without the line's end. On a terminal it is one line that is not shown.
    func tokenFromInput() throws -> String {
        let text = input.isTerminal ? try hiddenLine() : input.readAll(4096)
        guard let text else { throw Failure.malformedToken }
        return text.trimmingWhitespace()
    }

    private func hiddenLine() throws(StreamFailure) -> String? {
        if interactivity == .interactive { try errors.write(strings(CommandText.tokenPrompt) + " ") }
        var echo = Echo()
        echo.set(off: true)
        // Whoever ends us here gets the terminal back as it was.
        let signals = Interruption.stream()
        let watch = Task.detached { [echo] in
            for await number in signals {
                var echo = echo
                echo.set(off: false)
                Program.finish(.signal(number))
            }
        }
        let line = input.readLine(4096)
        watch.cancel()
        Interruption.end()
        echo.set(off: false)
        try errors.write("\n")
        return line
    }
}
