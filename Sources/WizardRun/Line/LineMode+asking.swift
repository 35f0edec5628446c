// Asking: the whole of a question where it comes up, and only what is new of it where it comes up again on its screen.

import Connect
import Console
import Localization
import Widgets
import Wizard

extension LineMode {
    /// - Parameter isWhole: it is heard again from its first word, whatever of it was said before.
    func ask(isWhole: Bool = false) throws {
        let state = session.state
        let isAgain = !isWhole && heard.contains(state.screen)
        let former = isWhole || asked != state.screen || state.screen == .signInWaiting ? nil : question
        heard.insert(state.screen)
        let asks = Questions(state, strings)
        question = asks.question(isAgain: isAgain, part: part)
        asked = state.screen
        // Over the screens of one topic its title is said once.
        let title = Question.Line.text(asks.title)
        if !isWhole && topic == title {
            question.lines.removeAll { $0 == title }
        } else {
            topic = question.lines.contains(title) ? title : nil
        }
        if !isAgain && question.isSpoken { try voice.say() }
        for line in question.lines where former?.lines.contains(line) != true {
            switch line {
            case .text(let text): try voice.say(text)
            case .whole(let text): try voice.sayWhole(text)
            }
        }
        if !question.isHeard && former?.items != question.items { try sayItems() }
        modes.set(echoOff: question.isSecret)
        try prompt()
        if state.appearance.paintedAt == nil { session.send(.painted(whole: true)) }
        noteTold()
        signature = sign()
        startWaiting()
        wake()
    }

    /// After the shell had the terminal, and after help: nobody can look up what was said before.
    func repeatQuestion() throws { try ask(isWhole: true) }

    private func sayItems() throws {
        let items = Questions(session.state, strings).numbered(question.items, withNotes: !question.isPacked)
        if question.isPacked {
            try voice.sayPacked(items)
        } else {
            for item in items { try voice.say(item) }
        }
    }

    func prompt() throws {
        if let prompt = question.prompt { try voice.prompt(prompt) }
    }

    /// What the question would be made of now.
    func sign() -> String {
        let state = session.state
        // The wait for an approval is spoken of in news alone.
        if state.screen == .signInWaiting { return state.signIn.code?.userCode ?? "" }
        let next = Questions(state, strings).question(isAgain: heard.contains(state.screen), part: part)
        let said = next.lines.map { line in
            switch line {
            case .text(let text), .whole(let text): text.filter { !$0.isNumber }
            }
        }
        let items = next.items.map { $0.id.rawValue + $0.note }
        return (said + items + [next.field?.rawValue ?? ""]).joined(separator: "\n")
    }
}
