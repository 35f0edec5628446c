// The flow as questions and answers: the same state, reducer and effects as on the full screen, read out line by line.
// Nothing is moved, nothing redrawn. This file is the run of it; what is asked is in `LineMode+asking.swift`, what is
// answered in `LineMode+answers.swift`. Words come from `Question`, what changed in between from `LineNews`.

import Canvas
import Connect
import Console
import FlowEngine
import Localization
import MeshAPI
import MeshClient
import Platform
import WatchRun
import Widgets
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

    let session: WizardSession
    var strings: Strings { session.world.context.strings }
    var voice: LineVoice
    var modes = TerminalModes()
    private let events: AsyncStream<Event>
    private let inbox: AsyncStream<Event>.Continuation
    /// The state as it was last spoken of.
    var told: WizardState
    var question = Question()
    /// The screen it was asked on.
    var asked: ScreenID?
    /// Its title, where that was said.
    var topic: Question.Line?
    /// What it was made of, countdowns aside: where this changes, it is asked anew.
    var signature = ""
    /// How many parts of this screen's question are answered.
    var part = 0
    var heard: Set<ScreenID> = []
    /// Ends at the next question.
    private var signsOfLife: Task<Void, Never>?
    private var alarm: Task<Void, Never>?
    private var reader: LineReader?
    private var pump: Task<Void, Never>?
    /// The mesh that is to be looked at.
    private var visit: WatchVisit?
    /// When the last look ended: what was typed before was for it. Milliseconds on the boot clock.
    private var cameBackAt = 0

    init(_ session: WizardSession) {
        self.session = session
        voice = LineVoice(session.world.context)
        told = session.state
        (events, inbox) = AsyncStream.makeStream()
    }

    /// Asks until the flow is over.
    /// - Parameters:
    ///   - isMidway: the full screen was there before.
    ///   - reason: why there is no full screen, where that is to be said.
    func run(isMidway: Bool, because reason: String? = nil) async throws -> FrontEndEnd {
        try listen()
        defer {
            modes.restore()
            signsOfLife?.cancel()
            alarm?.cancel()
            session.onArrival = {}
            session.onWatch = { _ in }
            stopListening()
        }
        session.onWatch = { self.visit = WatchVisit($0, self.session.world) }
        session.onArrival = { [inbox] in inbox.yield(.changed) }
        session.send(.resized(Size(width: 80, height: 24)))
        if let reason { try voice.say(reason) }
        try intro(isMidway: isMidway)
        if let outcome = session.state.outcome { return .over(outcome) }
        try ask()
        for await event in events {
            if case .input(.signal(let number)) = event, let end = signalled(number) { return end }
            if session.state.outcome == nil { try handle(event) }
            // Asked for where it is already.
            if session.state.outcome == .exit(.lineMode) { session.send(.frontEndChanged) }
            if let visit, let end = try await show(visit) { return end }
            try follow()
            if let outcome = session.state.outcome {
                try voice.leavePrompt()
                return .over(outcome)
            }
        }
        return .signal(SignalNumber.hangUp)
    }

    private func listen() throws {
        guard let reader = LineReader() else { throw Failure.fault("pipe") }
        self.reader = reader
        pump = Task { [inbox, lines = reader.events] in
            for await event in lines { inbox.yield(.input(event)) }
        }
    }

    private func stopListening() {
        pump?.cancel()
        reader?.stop()
        reader = nil
    }

    /// Lets the mesh have the lines until the person comes back from it. Not nil where it ends us.
    private func show(_ visit: WatchVisit) async throws -> FrontEndEnd? {
        self.visit = nil
        stopListening()
        let end = try await visit.runInLines()
        if case .signal(let number) = end { return .signal(number) }
        try listen()
        cameBackAt = session.world.moment().boot
        session.send(.cameBack)
        try repeatQuestion()
        return nil
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
        case SignalNumber.interrupt:
            dropTyped()
            session.send(.interrupt)
            return nil
        case SignalNumber.goOn:
            // The shell has put its own modes back.
            modes.setAgain()
            return nil
        default:
            dropTyped()
            return .signal(number)
        }
    }

    /// Half a line that was typed here is not for the shell: it may be half a token.
    private func dropTyped() { Descriptor.input.dropInput() }

    private func handle(_ event: Event) throws {
        switch event {
        case .input(.line(_, let time)) where time < cameBackAt: break
        case .input(.line(let text, let time)): try heardLine(text, at: time)
        case .input(.end):
            session.send(.quit)
            session.send(.leave)
        case .tick: session.send(.tick)
        case .stillWaiting: try sayStillWaiting()
        case .input(.signal(SignalNumber.goOn)):
            session.send(.resumed)
            // The shell's own lines stand behind the prompt.
            try voice.answered()
            try repeatQuestion()
        case .input(.signal), .changed: break
        }
    }

    /// Says what changed, and asks anew where something else is to be asked.
    private func follow() throws {
        let news = LineNews(old: told, new: session.state, strings: strings).sentences
        let before = told.screen
        noteTold()
        for sentence in news { try voice.say(sentence) }
        guard session.state.outcome == nil else { return }
        if before != session.state.screen {
            part = 0
            try ask()
        } else if sign() != signature {
            try ask()
        } else if !news.isEmpty && !voice.isPrompting {
            // The news stand where the answer was to be typed.
            try prompt()
        }
        // What came by itself without changing a word (the same meshes, from the server) has been read out too.
        if session.state.appearance.paintedAt == nil { session.send(.painted(whole: true)) }
        wake()
    }
}

extension LineMode {
    /// What was answered under an overlay is told when that is gone: a person is asked about something else.
    func noteTold() {
        let answers = session.state.overlays.isEmpty ? session.state.answers : told.answers
        told = session.state
        told.answers = answers
    }

    // MARK: Waiting

    /// Where there is nothing to answer, a sign of life after 30 s and then each minute.
    func startWaiting() {
        signsOfLife?.cancel()
        guard question.prompt == nil else { return }
        signsOfLife = Task { [inbox] in
            var pause = Duration.seconds(30)
            while (try? await Task.sleep(for: pause)) != nil {
                inbox.yield(.stillWaiting)
                pause = .seconds(60)
            }
        }
    }

    private func sayStillWaiting() throws {
        guard question.prompt == nil else { return }
        let left = session.state.screen == .signInWaiting ? Questions(session.state, strings).timeLeft : nil
        try voice.say(left.map { strings(LineText.stillWaiting, ["time": $0]) } ?? strings(LineText.waitingPlain))
    }

    /// Retries and expiry are due at times the state names; countdowns as such are of no interest here.
    func wake() {
        alarm?.cancel()
        guard let next = session.state.nextTick else { return }
        let wait = max(1, next - session.world.moment().boot)
        alarm = Task { [inbox] in
            guard (try? await Task.sleep(for: .milliseconds(wait))) != nil else { return }
            inbox.yield(.tick)
        }
    }
}
