// The flow as questions and answers: the same state, reducer and effects as on the full screen, read out line by line.
// Nothing is moved, nothing redrawn. Words come from `Question`, what changed in between from `LineNews`.

import Canvas
import Glibc
import Localization
import MeshAPI
import MeshClient
import Wizard

/// The wizard in lines.
@MainActor
final class LineMode {
    private enum Event: Sendable {
        case input(LineEvent)
        case changed
        case tick
        /// Time for a sign of life.
        case stillWaiting
    }

    private let session: WizardSession
    private let strings: Strings
    private var voice: LineVoice
    private var echo = Echo()
    private let events: AsyncStream<Event>
    private let inbox: AsyncStream<Event>.Continuation
    /// The state as it was last spoken of.
    private var told: WizardState
    private var question = Question()
    private var signature = ""
    /// How many parts of this screen's question are answered.
    private var part = 0
    private var heard: Set<ScreenID> = []
    private var timers: [Task<Void, Never>] = []

    init(_ session: WizardSession) {
        self.session = session
        strings = session.world.context.strings
        voice = LineVoice(session.world.context)
        told = session.state
        (events, inbox) = AsyncStream.makeStream()
    }

    /// Asks until the flow is over.
    /// - Parameter isMidway: the full screen was there before.
    func run(isMidway: Bool) async throws -> FrontEndEnd {
        guard let reader = LineReader() else { throw Failure.fault("pipe") }
        defer {
            echo.set(off: false)
            timers.forEach { $0.cancel() }
            session.onArrival = {}
            reader.stop()
        }
        session.onArrival = { [inbox] in inbox.yield(.changed) }
        session.send(.resized(Size(width: 80, height: 24)))
        try intro(isMidway: isMidway)
        let pump = Task { [inbox, lines = reader.events] in
            for await event in lines { inbox.yield(.input(event)) }
        }
        defer { pump.cancel() }
        if let outcome = session.state.outcome { return .over(outcome) }
        try ask()
        for await event in events {
            if case .input(.signal(let number)) = event, let end = signalled(number) { return end }
            if session.state.outcome == nil { try handle(event) }
            try follow()
            if let outcome = session.state.outcome {
                try voice.leavePrompt()
                return .over(outcome)
            }
        }
        return .signal(SIGHUP)
    }

    private func intro(isMidway: Bool) throws {
        try voice.say(strings(isMidway ? LineText.goingOnInLines : .intro))
        session.start()
        try voice.say(strings(LineText.atAnyQuestion))
        told = session.state
    }

    /// nil: go on. Ctrl-C asks where something would be lost; the others end us.
    private func signalled(_ number: Int32) -> FrontEndEnd? {
        switch number {
        case SIGINT:
            session.send(.interrupt)
            return nil
        case SIGCONT:
            // The shell has put its own modes back.
            if echo.isOff { echo.set(off: true) }
            return nil
        default: return .signal(number)
        }
    }

    private func handle(_ event: Event) throws {
        switch event {
        case .input(.line(let text, let time)): try heardLine(text, at: time)
        case .input(.end):
            session.send(.quit)
            session.send(.leave)
        case .tick: session.send(.tick)
        case .stillWaiting: try sayStillWaiting()
        case .input(.signal), .changed: break
        }
    }

    /// Says what changed, and asks anew where something else is to be asked.
    private func follow() throws {
        let news = LineNews(old: told, new: session.state, strings: strings).sentences
        let before = told.screen
        told = session.state
        for sentence in news { try voice.say(sentence) }
        guard session.state.outcome == nil else { return }
        if before != session.state.screen {
            part = 0
            try ask()
        } else if sign() != signature {
            try ask()
        }
        // What came by itself without changing a word (the same meshes, from the server) has been read out too.
        if session.state.appearance.paintedAt == nil { session.send(.painted) }
        wake()
    }
}

extension LineMode {
    // MARK: Asking

    private func ask() throws {
        let state = session.state
        let isAgain = heard.contains(state.screen)
        heard.insert(state.screen)
        question = Questions(state, strings).question(isAgain: isAgain, part: part)
        signature = sign()
        if !isAgain && question.isSpoken { try voice.say() }
        for line in question.lines {
            switch line {
            case .text(let text): try voice.say(text)
            case .whole(let text): try voice.sayWhole(text)
            }
        }
        if !question.isHeard { try sayItems() }
        echo.set(off: question.isSecret)
        try prompt()
        if state.appearance.paintedAt == nil { session.send(.painted) }
        told = session.state
        startWaiting()
        wake()
    }

    private func sayItems() throws {
        let items = Questions(session.state, strings).numbered(question.items, withNotes: !question.isPacked)
        if question.isPacked {
            try voice.sayPacked(items)
        } else {
            for item in items { try voice.say(item) }
        }
    }

    private func prompt() throws {
        if let prompt = question.prompt { try voice.prompt(prompt) }
    }

    /// What the question is made of, countdowns aside: where this changes, it is asked anew.
    private func sign() -> String {
        let state = session.state
        // The wait for an approval is spoken of in news alone.
        if state.screen == .signInWaiting { return state.signIn.code?.userCode ?? "" }
        let next = Questions(state, strings).question(isAgain: heard.contains(state.screen), part: part)
        let said = next.lines.map { line in
            switch line {
            case .text(let text), .whole(let text): text.filter { !$0.isNumber }
            }
        }
        return (said + next.items.map(\.id.rawValue) + [next.field?.rawValue ?? ""]).joined(separator: "\n")
    }

    // MARK: Waiting

    private func startWaiting() {
        timers.forEach { $0.cancel() }
        guard question.prompt == nil else { return }
        timers = [
            Task { [inbox] in
                var pause = Duration.seconds(30)
                while (try? await Task.sleep(for: pause)) != nil {
                    inbox.yield(.stillWaiting)
                    pause = .seconds(60)
                }
            }
        ]
    }

    private func sayStillWaiting() throws {
        guard question.prompt == nil else { return }
        let left = session.state.screen == .signInWaiting ? Questions(session.state, strings).timeLeft : nil
        try voice.say(left.map { strings(LineText.stillWaiting, ["time": $0]) } ?? strings(LineText.waitingPlain))
    }

    /// Retries and expiry are due at times the state names; countdowns as such are of no interest here.
    private func wake() {
        guard let next = session.state.nextTick else { return }
        let wait = max(1, next - session.world.moment().boot)
        if timers.count > 1 { timers.removeLast().cancel() }
        timers.append(
            Task { [inbox] in
                guard (try? await Task.sleep(for: .milliseconds(wait))) != nil else { return }
                inbox.yield(.tick)
            })
    }

    // MARK: Answers

    private func heardLine(_ line: String, at time: Int) throws {
        try voice.answered(echoed: !echo.isOff)
        // What was typed before a question that came by itself was not meant for it.
        guard session.state.appearance.admits(.enter, typedAt: time) else { return try prompt() }
        let text = line.trimmingWhitespace()
        let word = text.folded()
        if isWord(word, .wordBack) { return try goBack() }
        if isWord(word, .wordHelp) || text == "?" { return try help() }
        if isWord(word, .wordQuit) { return session.send(.quit) }
        if let found = question.words.first(where: { $0.word.folded() == word }) { return session.send(found.action) }
        if text.isEmpty { return try enter() }
        if let number = Int(text), !question.items.isEmpty { return try choose(number) }
        if let field = question.field { return try type(text, into: field) }
        if TokenForm.kind(of: text) != nil || InviteReference.parse(text) != nil { return session.send(.paste(text)) }
        let fitting = question.items.filter { $0.label.folded().hasPrefix(word) }
        if let only = fitting.first, fitting.count == 1 { return session.send(only.action) }
        guard question.prompt != nil || !question.words.isEmpty else { return }
        try voice.say("\(strings(LineText.error)) \(strings(LineText.notAnAnswer).lowercasedFirst)")
        try prompt()
    }

    /// A word of this language, or its English one.
    private func isWord(_ word: String, _ key: LineText) -> Bool {
        word == strings(key).folded() || word == Self.english(key)
    }

    private static func english(_ key: LineText) -> String {
        switch key {
        case .wordBack: "back"
        case .wordHelp: "help"
        default: "quit"
        }
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
        if !question.words.isEmpty { try voice.say(strings(LineText.typeCommands)) }
        try prompt()
    }

    /// Enter alone: the default.
    private func enter() throws {
        if question.isHeard, let answer = session.state.answers.mesh?.value.id {
            return session.send(.mesh(.choose(id: answer)))
        }
        if let number = question.defaultNumber, !question.items.isEmpty { return try choose(number) }
        if question.field != nil { try accept() }
    }

    private func choose(_ number: Int) throws {
        guard (1...question.items.count).contains(number) else {
            let text = strings(
                LineText.notInList, ["n": String(number), "a": "1", "b": String(question.items.count)])
            return try voice.prompt("\(strings(LineText.error)) \(text)")
        }
        session.send(question.items[number - 1].action)
    }

    private func type(_ text: String, into field: FieldID) throws {
        var input = TextInput(text)
        if field == .token { input = TextInput(text, bringsBack: false) }
        session.send(.edit(field, input))
        if field == .meshFilter { return }
        guard session.state.inputs[field]?.text == text else { return try sayRefusal(field) }
        try accept()
    }

    /// Takes what is in the field; the screen then changes, or says why not.
    private func accept() throws {
        guard let action = question.accept else {
            part += 1
            return try ask()
        }
        let before = session.state.screen
        session.send(action)
        if session.state.screen == before, let field = question.field { try sayRefusal(field) }
    }

    private func sayRefusal(_ field: FieldID) throws {
        guard let problem = session.state.fieldProblem else { return }
        let text = strings(problem, isName: field != .role)
        try voice.say("\(strings(LineText.error)) \(text.lowercasedFirst)")
        try prompt()
    }
}
