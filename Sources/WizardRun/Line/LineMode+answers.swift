// What a person types in line mode: a word of the program's, a number, a part of a name, a text for a field.

import Canvas
import Connect
import Console
import Localization
import LocalState
import MeshAPI
import Text
import Widgets
import Wizard

extension LineMode {
    func heardLine(_ line: String, at time: Int) throws {
        try voice.answered(echoed: !modes.isEchoOff)
        // What was typed before a question that came by itself was not meant for it.
        let text = line.trimmingWhitespace()
        guard session.state.appearance.admits(line: text, typedAt: time) else { return try prompt() }
        let word = text.folded()
        if isWord(word, .wordBack) { return try goBack() }
        if isWord(word, .wordHelp) || text == "?" { return try help() }
        if isWord(word, .wordQuit) { return session.send(.quit) }
        if let found = question.words.first(where: { isWord(word, $0.word) }) { return try take(found) }
        if text.isEmpty { return try enter() }
        if isPaste(text) { return paste(text) }
        if let number = Int(text), !question.items.isEmpty { return try choose(number) }
        if let id = meshToOpen(word) { return session.send(.mesh(.open(id: id))) }
        if let field = question.field { return try type(text, into: field) }
        let fitting = question.items.filter { $0.label.folded().hasPrefix(word) }
        if let only = fitting.first, fitting.count == 1 { return session.send(only.action) }
        try refuse(strings(LineText.notAnAnswer).lowercasedFirst)
    }

    /// Says what is wrong with an answer, and what can be answered instead.
    private func refuse(_ problem: String) throws {
        let problem = "\(strings(LineText.error)) \(problem)"
        if question.items.count > 1 {
            let range = ["a": "1", "b": String(question.items.count)]
            return try voice.prompt("\(problem) \(strings(LineText.typeOneOf, range))")
        }
        if let prompt = question.prompt { return try voice.prompt("\(problem) \(prompt)") }
        let words: LineText = question.words.isEmpty ? .typeBackHelpQuit : .typeCommands
        try voice.say("\(problem) \(strings(words))")
    }

    /// A token or a link, where it is taken for what it is whatever is asked.
    private func isPaste(_ text: String) -> Bool {
        let (isToken, invite) = (TokenForm.kind(of: text) != nil, InviteReference.parse(text))
        switch session.state.screen {
        case .welcome, .signInWaiting, .signInRequesting, .signInUnavailable, .signInDenied, .signInExpired,
            .signInLost:
            return isToken || invite != nil
        case .meshList: return isToken || invite?.server != nil
        case .joinLink: return isToken
        case .token: return invite?.server != nil
        default: return false
        }
    }

    private func paste(_ text: String) {
        // Beside the code it would wait for a key; here Enter was pressed, and its own question follows.
        if session.state.screen == .signInWaiting, TokenForm.kind(of: text) != nil {
            session.send(.signIn(.pasteToken))
            session.send(.edit(.token, TextInput(bringsBack: false)))
        }
        session.send(.paste(text))
    }

    /// The screen does not offer a browser where none can be opened; here it is asked for by name.
    private func take(_ word: LineWord) throws {
        if word.word == .wordOpen, !session.state.canOpenAddress {
            return try voice.say("\(strings(LineText.warning)) \(strings[.browserFailed].lowercasedFirst)")
        }
        session.send(word.action)
    }

    /// A word of this language, or its English one.
    private func isWord(_ word: String, _ key: LineText) -> Bool {
        word == strings(key).folded() || word == Self.english(key).folded()
    }

    private static let english = Strings(.en)

    /// `more 3`: the third mesh is opened, as `→` does.
    private func meshToOpen(_ text: String) -> String? {
        let words = text.split(separator: " ")
        guard session.state.screen == .meshList, words.count == 2, isWord(String(words[0]), .wordMore),
            let number = Int(words[1]), question.items.indices.contains(number - 1)
        else { return nil }
        return question.items[number - 1].id.meshID
    }

    private func goBack() throws {
        if part > 0 {
            part = 0
            return try ask()
        }
        if session.state.canGoBack { return session.send(.back) }
        try voice.say(strings(LineText.nothingBefore))
        try prompt()
    }

    private func help() throws {
        try voice.say(screenModel(for: session.state, strings: strings).help)
        try voice.say(strings(LineText.atAnyQuestion))
        try repeatQuestion()
    }

    /// Enter alone: the default.
    private func enter() throws {
        if question.isHeard, let answer = session.state.answers.mesh?.value.id {
            return session.send(.mesh(.choose(id: answer)))
        }
        if let number = question.defaultNumber, !question.items.isEmpty { return try choose(number) }
        guard let field = question.field else { return }
        // Nobody sees what is left in a hidden field: Enter alone is no answer, where it is not to try again.
        if question.isSecret, question.accept == .token(.check), !session.state.tokenEntry.leavesMachine {
            session.send(.edit(field, TextInput(bringsBack: false)))
        }
        try accept()
    }

    private func choose(_ number: Int) throws {
        guard (1...question.items.count).contains(number) else {
            return try refuse(strings(LineText.notInList, ["n": String(number)]))
        }
        session.send(question.items[number - 1].action)
    }

    private func type(_ text: String, into field: FieldID) throws {
        let (screen, former) = (session.state.screen, session.state.inputs[field])
        var input = TextInput(text)
        if field == .token { input = TextInput(text, bringsBack: false) }
        session.send(.edit(field, input))
        if field == .meshFilter { return }
        // What was refused is not kept: Enter alone still means what the prompt says.
        func restore() { if let former { session.send(.edit(field, former)) } }
        guard session.state.inputs[field]?.text == text else {
            // A field leaves controls out, as an arrow key's; here nobody would see what is left.
            try sayRefusal(field, session.state.fieldProblem ?? .control)
            return restore()
        }
        try accept()
        if session.state.screen == screen, session.state.fieldProblem != nil { restore() }
    }

    /// Takes what is in the field; the screen then changes, or says why not.
    private func accept() throws {
        guard let action = question.accept else {
            part += 1
            return try ask()
        }
        let before = session.state.screen
        session.send(action)
        guard session.state.screen == before, let field = question.field else { return }
        if let problem = session.state.fieldProblem { return try sayRefusal(field, problem) }
        // Refused for the same reason as before, which is said again.
        if sign() == signature { try sayErrorsAgain() }
    }

    private func sayErrorsAgain() throws {
        for case .text(let text) in question.lines where text.hasPrefix(strings(LineText.error)) { try voice.say(text) }
        try prompt()
    }

    private func sayRefusal(_ field: FieldID, _ problem: FieldProblem) throws {
        let text = strings(problem, isName: field != .role)
        try voice.say("\(strings(LineText.error)) \(text.lowercasedFirst)")
        try prompt()
    }
}
