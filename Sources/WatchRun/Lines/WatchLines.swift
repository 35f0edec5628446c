// The mesh in lines: the same state, reducer and effects as on the full screen, told and asked line by line. Nothing is
// printed while a line may be half typed: news is told after the next Enter. What is said is in `WatchLines+words.swift`.

import Console
import FlowEngine
import Localization
import MeshAPI
import MeshClient
import Platform
import Watch
import Widgets

@MainActor
final class WatchLines {
    private enum Event: Sendable {
        case input(LineEvent)
        case changed
        case tick
    }

    let session: WatchSession
    let strings: Strings
    var voice: LineVoice
    private let events: AsyncStream<Event>
    private let inbox: AsyncStream<Event>.Continuation
    private var alarm: Task<Void, Never>?
    /// The mesh was told about once.
    var isIntroduced = false
    /// Messages that came and were not read, oldest first.
    var unread: [String] = []
    /// What was heard before: told again only where it changes.
    var heard = Heard()
    /// What the numbers mean that were read out last.
    var numbered: [ForYou] = []
    /// A first word that is being decided about.
    var deciding: Message?
    /// What is to be confirmed by its name: put out, ban.
    var confirming: Overlay?
    /// What comes of a line until then, on the boot clock, is told at once; what comes later, after the next Enter.
    private var answerDue = 0
    /// Milliseconds in which nobody has begun the next line yet.
    private static let answerWait = 150

    struct Heard {
        var offline = false
        var forYou: Set<RowIDText> = []
        var remark: Remark?
    }

    /// A row of what is for one, as text.
    typealias RowIDText = String

    init(_ session: WatchSession) {
        self.session = session
        strings = session.world.context.strings
        voice = LineVoice(session.world.context)
        (events, inbox) = AsyncStream.makeStream()
    }

    func run() async throws -> WatchEnd {
        guard let reader = LineReader() else { throw Failure.fault("pipe") }
        var modes = TerminalModes()
        session.onArrival = { [inbox] in inbox.yield(.changed) }
        session.onNews = { arrival in self.note(arrival) }
        session.start()
        let pump = Task { [inbox, lines = reader.events] in
            for await event in lines { inbox.yield(.input(event)) }
        }
        defer {
            pump.cancel()
            alarm?.cancel()
            session.onArrival = {}
            session.onNews = { _ in }
            modes.restore()
            reader.stop()
        }
        try introduce()
        for await event in events {
            switch event {
            case .input(.signal(SignalNumber.goOn)):
                // The shell has put its own modes back, and its own lines stand above.
                modes.setAgain()
                if isIntroduced { try voice.say(words.intro) }
            case .input(.signal(let number)):
                reader.dropTyped()
                if number != SignalNumber.interrupt { return .signal(number) }
                session.send(.interrupt)
            case .input(.end): return .over(.quit(interrupted: false))
            case .input(.line(let line, _)):
                try hear(line)
                answerDue = session.world.moment().boot + Self.answerWait
            case .changed:
                if session.world.moment().boot < answerDue { try tellRemark() }
            case .tick: session.send(.tick)
            }
            if let failure = session.failure { return .failed(failure) }
            // Who said so leaves, whatever stood in the line.
            if case .quit = session.state.overlays.top { session.send(.leave) }
            if case .quit? = session.state.outcome { return .over(session.state.outcome ?? .lines) }
            if case .ended(let end) = session.state.overlays.top {
                try voice.say(words.ended(end))
                return .over(.quit(interrupted: false))
            }
            try introduce()
            wake()
        }
        return .signal(SignalNumber.hangUp)
    }

    var words: LineWords { LineWords(session.state, strings) }

    /// What arrived while nothing may be printed.
    private func note(_ arrival: Arrival) {
        guard case .event(.message(let message)) = arrival, session.state.log[message.id] == nil,
            message.from.id != session.state.me?.id
        else { return }
        unread.append(message.id)
    }

    /// Says where one is, once that is known.
    private func introduce() throws {
        let state = session.state
        guard !isIntroduced, state.link.isLive, state.inTray.isRead, !state.roster.members.isEmpty else { return }
        isIntroduced = true
        try voice.say(words.intro)
        try tellForYou(anew: true)
    }

    /// After every Enter: what came, what changed for the person, and whether the server is there.
    func tellNews() throws {
        try tellRemark()
        let isOffline = session.state.link.offline != nil
        if isOffline != heard.offline { try voice.say(words.link) }
        heard.offline = isOffline
        try tellForYou(anew: false)
        if !unread.isEmpty { try voice.say(strings(WatchText.lineNew, count: unread.count)) }
    }

    /// What was done, or could not be, once.
    func tellRemark() throws {
        if let remark = session.state.remark, remark != heard.remark { try voice.say(words.said(remark)) }
        heard.remark = session.state.remark
    }

    /// What is for the person, numbered; all of it, or where something of it is new.
    func tellForYou(anew: Bool) throws {
        let rows = session.state.forYou
        let ids = Set(rows.map(\.id.rawValue))
        defer { heard.forYou = ids }
        guard !rows.isEmpty, anew || !ids.isSubset(of: heard.forYou) else { return }
        numbered = rows
        for (index, row) in rows.enumerated() { try voice.say("\(index + 1): " + words.sentence(row)) }
    }

    /// Reads out what was not read; that is how it is seen.
    func readNew() throws {
        let all = unread
        unread = []
        for id in all { try read(id) }
    }

    func read(_ id: String) throws {
        guard let message = session.state.log[id] else { return }
        for line in words.whole(message) { try voice.say(line, goingOn: LineWords.quote) }
        session.send(.painted(whole: [id], rows: 1))
        session.send(.touched)
    }

    private func wake() {
        alarm?.cancel()
        guard let next = session.state.nextTick else { return }
        let wait = max(1, next - session.world.moment().boot)
        alarm = Task { [inbox] in
            guard (try? await Task.sleep(for: .milliseconds(wait))) != nil else { return }
            inbox.yield(.tick)
        }
    }
}
