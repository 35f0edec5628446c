// Signing in, in words: the wait for an approval, and a token that is being checked.

import Connect
import Console
import FlowEngine
import Localization
import MeshAPI
import Widgets
import Wizard

extension Questions {
    /// There is nothing to paste: it was, or a flag or a variable named it, of which nothing more is said.
    var checkingToken: Question {
        let lead = state.tokenEntry.source == .thisRun ? [Question.Line.text(title)] : []
        return Question(lines: lead + [.text(sentence(strings(.checkingWith, ["host": state.server.host])))])
    }

    var signIn: Question {
        var question = Question()
        question.lines = [.text(title)]
        guard let card = model.card else { return question }
        question.lines += [
            .text(card.texts.open), .whole(card.address), .text("\(card.texts.compare) \(card.code)"),
            .text(strings.letterByLetter(card.code)),
            .text(
                state.signIn.isOpened
                    ? strings[.pageOpened] + "." : strings(LineText.waiting, ["time": timeLeft])),
        ]
        question.lines += [pollTrouble.map(Question.Line.text), .text(strings(LineText.typeCommands))].compactMap(
            \.self)
        question.words = [
            LineWord(word: .wordCopy, action: .signIn(.copy)),
            LineWord(word: .wordOpen, action: .signIn(.openBrowser)),
            LineWord(word: .wordNew, action: .signIn(.newCode)),
            LineWord(word: .wordToken, action: .signIn(.pasteToken)),
        ]
        return question
    }

    /// Why the server is not asked as it should be; nil where it is.
    var pollTrouble: String? {
        guard let retry = state.signIn.retry else { return nil }
        let host = ["host": state.server.host]
        let text = retry.isSlowDown ? strings(.slowedDown, host).lowercasedFirst : strings(LineText.cannotReach, host)
        return "\(strings(LineText.warning)) \(text)"
    }

    /// `9 minutes and 30 seconds`.
    var timeLeft: String {
        guard let code = state.signIn.code else { return "" }
        return strings.spoken(
            seconds: WizardState.secondsShown(until: code.endsAt, now: state.now.boot))
    }
}
