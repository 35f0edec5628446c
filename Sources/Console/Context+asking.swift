// The few questions that a command asks outside of the wizard. Whoever asks has seen that somebody can be asked.

import CPosix
import Localization
import LocalState
import MeshAPI
import Platform
import Text

extension Context {
    /// Asks for a yes or a no; anything but a yes is a no.
    package func agrees(to question: String) throws(StreamFailure) -> Bool {
        var modes = TerminalModes()
        defer { modes.restore() }
        try ask(question)
        let answer = input.readLine(256)?.trimmingWhitespace().folded() ?? ""
        return !answer.isEmpty
            && [strings(CommandText.yes), strings(CommandText.yesLetter), "y", "yes"].contains(answer)
    }

    /// What is typed as the answer to `question`. Throws where nobody can be asked: `--yes` answers for them.
    package func typed(_ question: String) throws -> String {
        guard interactivity == .interactive else { throw Failure.missing(flag: "--yes", choices: [], kind: .none) }
        var modes = TerminalModes()
        defer { modes.restore() }
        try ask(question)
        return (input.readLine(1024) ?? "").trimmingWhitespace()
    }

    /// Writes a question, broken between its words, with room for the answer behind it.
    private func ask(_ question: String) throws(StreamFailure) {
        let text = InertText.visible(question)
        try errors.write(
            (errors.columns().map { text.wrapped(to: max(20, $0 - 8)).joined(separator: "\n") } ?? text) + " ")
    }

    /// The token on standard input, without the line's end. On a terminal it is one line that is not shown.
    package func tokenFromInput() throws -> String {
        let read = input.isTerminal ? try hiddenLine().map(Source.Read.text) ?? .tooMuch : input.readAll(4096)
        switch read {
        case .text(let text): return text.trimmingUnseen()
        case .tooMuch: throw Failure.malformedToken()
        case .failed(let code): throw Failure.system(path: "stdin", code: code)
        }
    }

    /// Whoever ends us while nothing is shown gets the terminal back as it was.
    private func hiddenLine() throws -> String? {
        var modes = TerminalModes()
        defer { modes.restore() }
        if interactivity == .interactive { try errors.write(strings(CommandText.tokenPrompt) + " ") }
        let endings = [SignalNumber.interrupt, SignalNumber.terminate, SignalNumber.hangUp]
        guard let (signals, told) = Descriptor.pipe(),
            cp_signals_watch(endings, endings.count, told.number) == 0
        else { throw Failure.fault("pipe") }
        modes.set(echoOff: true)
        defer {
            cp_signals_unwatch()
            for end in [signals, told] { end.close() }
        }
        // A terminal has something to read once the line is whole.
        while try Descriptor.wait([signals, .input]) == [false, false] {}
        if case .bytes(let numbers) = signals.read(1), let number = numbers.first {
            modes.restore()
            Ending.signal(Int32(number)).finish()
        }
        let line = input.readLine(4096)
        try errors.write("\n")
        return line
    }
}
