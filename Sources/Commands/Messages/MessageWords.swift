// Who said what, what became of it, and who is here, in the words of people.

import Canvas
import Console
import Foundation
import Localization
import MeshAPI
import Text

extension Message {
    /// Enough of an id to be typed.
    var shortID: String { String(id.prefix(8)) }
}

extension Context {
    /// `bo/docs`, `Bo Chen (bo)`, `ci (key)`.
    func name(of sender: Sender) -> String {
        switch sender.kind {
        case .peer, .topic: sender.address
        case .member: sender.address == sender.name ? sender.name : "\(sender.name) (\(sender.address))"
        case .key: strings(MessageText.keyName, ["label": sender.name])
        }
    }

    func time(_ date: Date) -> String { strings.time(date, offset: zoneOffset(date)) }

    /// `09:10` of today, else with its day.
    func since(_ date: Date) -> String {
        strings.date(date, now: now(), offset: zoneOffset(date))
            == strings.date(now(), now: now(), offset: zoneOffset(date)) ? time(date) : moment(date)
    }

    /// `bo/api (here)`, `cem/api (away since 09:10)`.
    func candidate(_ who: Who) -> String {
        guard let live = who.live else { return who.address }
        let state =
            live
            ? strings(MessageText.here)
            : who.awaySince.map { strings(MessageText.awaySince, ["time": since($0)]) } ?? strings(MessageText.away)
        return "\(who.address) (\(state))"
    }

    /// What became of a message at one whom it went to.
    func line(of recipient: Recipient) -> String {
        let who = recipient.who
        let owner = who.member?.name ?? who.name
        let values = ["address": who.address, "name": owner, "state": strings(recipient.state.text)]
        switch recipient.state {
        case .posted: return strings(MessageText.posted, values)
        case .held: return strings(MessageText.held, values)
        case .refused:
            switch recipient.reason {
            case RecipientReason.noBroadcast: return strings(MessageText.noBroadcast, values)
            case RecipientReason.blocked: return strings(MessageText.blocked, values)
            default: return strings(MessageText.refused, values)
            }
        case .queued where recipient.reason == RecipientReason.receivesNothing:
            return strings(MessageText.takesNothing, values)
        case .queued where who.live == false:
            guard let since = who.awaySince else { return strings(MessageText.queuedAway, values) }
            return strings(MessageText.queuedAwaySince, values.merging(["time": self.since(since)]) { $1 })
        default:
            guard who.kind == .peer, recipient.state == .queued else { return strings(MessageText.became, values) }
            return strings(recipient.wakes == true ? MessageText.queuedWakes : .queuedNotWakes, values)
        }
    }

    /// Why a receipt is as it is, where its state alone does not say it.
    func words(of reason: String?) -> String {
        switch reason {
        case nil, RecipientReason.firstContact, RecipientReason.blocked, RecipientReason.noBroadcast,
            RecipientReason.refusedBefore:
            return ""
        case RecipientReason.receivesNothing: return strings(MessageText.reasonPersons)
        case RecipientReason.banned: return strings(MessageText.reasonBanned)
        case .some(let reason):
            guard reason.hasPrefix(RecipientReason.answeredBy) else { return reason }
            let address = String(reason.dropFirst(RecipientReason.answeredBy.count))
            return strings(MessageText.reasonAnswered, ["address": address])
        }
    }

    /// What a session does now.
    func status(of peer: Peer) -> String {
        guard peer.live else {
            return peer.awaySince.map { strings(MessageText.awaySince, ["time": since($0)]) }
                ?? strings(MessageText.away)
        }
        return strings(peer.status.text)
    }

    /// What wakes a session.
    func wakes(_ peer: Peer) -> String {
        let text: MessageText =
            switch (peer.receives, peer.attention) {
            case (.nothing, _): .wakesTakesNone
            case (.look, _): .wakesLook
            case (.turn, _): .wakesTurn
            case (.wake, .open): .wakesOpen
            case (.wake, .focus): .wakesFocus
            case (.wake, .quiet): .wakesQuiet
            }
        return strings(text)
    }
}

extension InMesh {
    /// A message: who, when and which in a line, and under it the text, every line of it marked as its sender's.
    func show(_ message: Message, isOwn: Bool = false) throws {
        var parts = [context.name(of: message.from)]
        if let topic = message.topic {
            parts[0] += " → #\(topic)"
        } else if isOwn, !message.to.isEmpty {
            parts[0] += " → " + message.to.joined(separator: ", ")
        }
        parts += [context.moment(message.createdAt), message.shortID]
        if let state = message.shownState(isOwn: isOwn) {
            parts.append(state.map { context.strings($0.text) }.joined(separator: ", "))
        }
        try output.line(parts.joined(separator: "  "))
        try show(body: message.body)
    }

    func show(body: String) throws {
        let room = context.output.columns().map { max(20, $0 - 2) }
        for line in body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let line = InertText.visible(String(line).replacing("\t", with: "    "))
            // What fits keeps its spaces: it may be code.
            let isWide = room.map { TextWidth.of(line) > $0 } ?? false
            for part in isWide ? TextWidth.wrap(line, width: room ?? 80) : [line] { try output.line("| \(part)") }
        }
    }
}

extension Message {
    /// What became of it: at me, or of one's own wherever it went; nothing where it stands in a topic alone, or is being read.
    fileprivate func shownState(isOwn: Bool) -> [MessageState]? {
        if let states, !states.isEmpty { return MessageState.allCases.filter { states[$0] != nil } }
        if !isOwn, state != .held, state?.isWaiting == true { return nil }
        return state.map { [$0] }
    }
}

/// MESSAGE, and the mesh it is from where that is one of several.
struct MessageInMesh: Encodable {
    var message: Message
    var mesh: MeshName

    private enum CodingKeys: String, CodingKey { case mesh }

    func encode(to encoder: any Encoder) throws {
        try message.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(mesh, forKey: .mesh)
    }
}

extension PeerStatus {
    var text: MessageText {
        switch self {
        case .idle: .statusIdle
        case .working: .statusWorking
        case .asking: .statusAsking
        case .deaf: .statusDeaf
        case .unknown: .here
        }
    }
}
