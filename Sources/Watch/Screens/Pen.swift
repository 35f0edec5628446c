// What every screen of this room is worded with: the state, the texts, and the words for people, states and times.

import Canvas
import FlowEngine
import FoundationEssentials
import Localization
import MeshAPI
import Text
import Widgets

struct Pen {
    let state: WatchState
    let strings: Strings

    init(_ state: WatchState, _ strings: Strings) {
        self.state = state
        self.strings = state.settings.ascii ? strings.withASCIISigns : strings
    }

    var signs: Signs { state.settings.ascii ? .ascii : .unicode }
    /// Between two things on a line.
    var between: String { " \(signs.dot) " }

    func callAsFunction(_ key: WatchText, _ values: [String: String] = [:], count: Int? = nil) -> String {
        strings(key, values, count: count)
    }

    func callAsFunction(_ said: Said) -> String {
        switch said.key {
        case .watch(let key): strings(key, said.values, count: said.count)
        case .bar(let bar):
            [bar.text, bar.remedy].compactMap(\.self).map { strings($0, said.values) }.joined(separator: " ")
        }
    }

    // MARK: Times

    func time(_ date: Date) -> String { strings.time(date, offset: state.facts.utcOffset) }

    func time(_ moment: Moment) -> String { time(Date(timeIntervalSince1970: Double(moment.wall))) }

    /// `14:02` of today, else `18 Nov`.
    func day(_ date: Date) -> String {
        let today = Date(timeIntervalSince1970: Double(state.now.wall))
        let offset = state.facts.utcOffset
        let day = strings.date(date, now: today, offset: offset)
        return day == strings.date(today, now: today, offset: offset) ? time(date) : day
    }

    /// `14:02` of today, `yesterday`, else `18 Nov`.
    func since(_ date: Date) -> String {
        let day = day(date)
        return day == self.day(Date(timeIntervalSince1970: Double(state.now.wall - 86_400))) ? self(.yesterday) : day
    }

    /// Seconds since then, none in the future.
    private func age(_ date: Date) -> Int { max(0, state.now.wall - date.wallSeconds) }

    /// `4m`, `1h`, `3d`, in four columns.
    func shortAge(_ date: Date) -> String {
        let age = age(date)
        switch age {
        case ..<60: return self(.now)
        case ..<3600: return "\(age / 60)m"
        case ..<86_400: return "\(age / 3600)h"
        default: return "\(min(999, age / 86_400))d"
        }
    }

    /// `4 min`, `2 h`, `3 days`.
    func longAge(_ date: Date) -> String {
        let age = age(date)
        switch age {
        case ..<3600: return self(.minutes, count: max(1, age / 60))
        case ..<86_400: return self(.hours, count: age / 3600)
        default: return self(.days, count: age / 86_400)
        }
    }

    // MARK: Who

    /// `api`, `bo/docs`, `Bo Chen`, `ci (key)`, `you`.
    func name(_ sender: Sender) -> String {
        switch sender.kind {
        case .key: return self(.keyName, ["label": sender.name])
        case .member where sender.id == state.me?.id: return self(.youSay)
        case .peer where sender.member.id == state.me?.id: return state.shown(sender)
        default: return sender.address
        }
    }

    /// `you`, `#ci`, `ana/reviewer`, `bo, cem/api`.
    func addressees(_ message: Message) -> String {
        if let topic = message.topic { return "#\(topic)" }
        if state.isMine(message.mailbox), message.to.count <= 1, message.reason != .broadcast { return self(.you) }
        return message.to.map(addressee).joined(separator: ", ")
    }

    private func addressee(_ address: String) -> String {
        guard let me = state.me?.handle else { return address }
        if address == me { return self(.you) }
        return address.hasPrefix("\(me)/") ? String(address.dropFirst(me.count + 1)) : address
    }

    func name(_ peer: Peer) -> String { peer.isSelf ? peer.handle : peer.address }

    // MARK: What it does

    func sign(_ peer: Peer) -> (String, Style) {
        guard peer.live else { return (signs.dot, .dim) }
        return switch peer.status {
        case .asking: (signs.asking, Style(.warning, bold: true))
        case .working: (signs.working, .success)
        case .idle: (signs.idle, .muted)
        case .deaf: (signs.cross, .error)
        case .unknown: (signs.dot, .muted)
        }
    }

    /// `works`, in a column.
    func word(_ peer: Peer) -> String {
        guard peer.live else { return self(.left) }
        return switch peer.status {
        case .asking: self(.asks)
        case .working: self(.works)
        case .idle: self(.idle)
        case .deaf: self(.deaf)
        case .unknown: self(.isHere)
        }
    }

    /// Columns of the longest of them.
    var wordWidth: Int {
        [WatchText.asks, .works, .idle, .deaf, .isHere, .left].map { TextWidth.of(self($0)) }.max() ?? 5
    }

    /// `working for 12 min`, `left at 13:40`.
    func doing(_ peer: Peer) -> String {
        guard peer.live else { return self(.leftAt, ["time": day(peer.awaySince ?? peer.statusAt)]) }
        let time = ["time": longAge(peer.statusAt)]
        return switch peer.status {
        case .asking:
            peer.asks.map { self(.askingFor, ["tool": $0].merging(time) { $1 }) } ?? self(.askingForSome, time)
        case .working: self(.workingFor, time)
        case .idle: self(.idleFor, time)
        case .deaf: self(.isDeaf)
        case .unknown: self(.isHere)
        }
    }

    // MARK: What became of it

    /// What became of a message, and how it looks; nothing where it stands in a topic. `isWide`: there is room for more than
    /// a word.
    func standing(_ message: Message, isWide: Bool = true) -> (text: String, style: Style)? {
        if state.isMine(message.mailbox), message.from.id != state.me?.id {
            switch message.state {
            case .queued, .fetched, .handed: return (self(.forYouState), Style(.primary, bold: true))
            case .acknowledged: return (self(.acknowledged), .muted)
            case .held: return (self(.held), .warning)
            default: break
            }
            return nil
        }
        if let states = message.states, !states.isEmpty {
            let count = states.values.reduce(0, +)
            if isWide, given(message) == .notConfirmed { return (self(.givenNotConfirmed), .warning) }
            if count == 1, let only = states.keys.first { return standing(only) }
            let read = states.reduce(0) { $0 + ($1.key.isRead ? $1.value : 0) }
            return (self(.seenBy, ["n": "\(read)", "all": "\(count)"]), .muted)
        }
        return message.state.flatMap(standing)
    }

    /// Why what was handed to a session was not seen yet.
    enum Given {
        case notConfirmed, worksOn, waitsForPerson
    }

    /// Seconds after which an idle session would have taken it up.
    private static let confirmedWithin = 30

    func given(_ message: Message) -> Given? {
        guard let given = state.log.handed(message.id), let peer = state.roster.peer(given.mailbox), peer.live else {
            return nil
        }
        switch peer.status {
        case .working: return .worksOn
        case .asking: return .waitsForPerson
        case .idle where age(given.at) >= Self.confirmedWithin: return .notConfirmed
        default: return nil
        }
    }

    /// The same in a sentence, with whom it was given to.
    func givenSentence(_ message: Message) -> String? {
        switch given(message) {
        case .notConfirmed:
            self(
                .notConfirmed,
                ["name": state.log.handed(message.id).flatMap { state.roster.peer($0.mailbox) }.map(name) ?? ""])
        case .worksOn: self(.lineWorking)
        case .waitsForPerson: self(.lineAsking)
        case nil: nil
        }
    }

    private func standing(_ one: MessageState) -> (text: String, style: Style)? {
        switch one {
        case .queued: (self(.queued), .muted)
        case .fetched: (self(.fetched), .muted)
        case .handed: (self(.handed), .muted)
        case .seen: (self(.seen), .muted)
        case .acknowledged: (self(.acknowledged), .muted)
        case .held: (self(.held), .warning)
        case .refused: (self(.refused), .error)
        case .expired: (self(.expired), .warning)
        case .withdrawn: (self(.withdrawn), .dim)
        case .posted: nil
        }
    }

    /// Why the server cannot be reached, in a sentence.
    func why(_ failure: APIFailure) -> String {
        let host = state.facts.host
        let key: WizardText
        switch failure {
        case .unreachable(.nameNotResolved): key = .unreachableName
        case .unreachable(.refused): key = .unreachableRefused
        case .unreachable(.connectionLost): key = .unreachableLost
        case .unreachable(.webPage): key = .unreachableWebPage
        case .unreachable(.untrustedCertificate): key = .unreachableCertificate
        case .unreachable(.noAnswer(let seconds)):
            return strings(.unreachableNoAnswer, ["host": host, "n": strings.number(seconds)])
        case .refused(let status, _, _): return self(.serverFailed, ["host": host, "status": "\(status)"])
        case .unreachable, .cancelled: return self(.notReached, ["host": host])
        }
        return strings(key, ["host": host])
    }
}
