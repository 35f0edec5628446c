// What the model is told of what it sent: what became of it at whom, or why it did not go, always with the next step.

internal import FoundationEssentials
internal import Localization
internal import MeshAPI

enum SentWords {
    /// It was taken.
    static func sent(_ sent: SentMessage, now: Date) -> String {
        var lines = ["Sent as \(ForeignText.name(sent.id, limit: 64))."]
        let shown = sent.recipients.prefix(20)
        lines += shown.map { line($0, now: now) }
        if sent.recipients.count > shown.count { lines.append("… and \(sent.recipients.count - shown.count) more.") }
        if sent.recipients.isEmpty { lines.append("Nobody is there to get it.") }
        if let names = sent.notMentioned, !names.isEmpty {
            lines.append(
                "Nobody here is called \(names.prefix(5).map { ForeignText.name($0) }.joined(separator: ", ")).")
        }
        if let others = sent.notInContact, !others.isEmpty {
            let names = others.prefix(10).map { ForeignText.name($0.address, limit: 100) }.joined(separator: ", ")
            lines.append("Not in contact with you: \(names). Write to them one by one.")
        }
        if sent.hop >= 6 {
            let left = FramedText.mostHops - sent.hop
            lines.append(
                left <= 0
                    ? "It was the last message of this request: sum up for your user what is agreed and what is open."
                    : "\(left) more of this request can follow it.")
        }
        return lines.joined(separator: "\n")
    }

    /// The server is out of reach.
    static func waits(host: String, id: String) -> String {
        "Can't reach \(ForeignText.name(host, limit: 100)). The message (\(id)) waits here and goes by itself. "
            + "Do not send it again."
    }

    private static func line(_ recipient: Recipient, now: Date) -> String {
        let who = ForeignText.name(recipient.who.address, limit: 100)
        let whose = recipient.who.member.map { ForeignText.name($0.name) } ?? ForeignText.name(recipient.who.name)
        switch recipient.state {
        case .posted: return "\(who): posted for its readers."
        case .held: return "\(who): not let in yet; \(whose) has been asked. Do not send again; tell your user."
        case .refused:
            let asked = recipient.reason == RecipientReason.noBroadcast
            return asked
                ? "\(who): \(whose) takes no messages to everyone from you. Write to them one by one."
                : "\(who): \(whose) did not take it. Try no other way; tell your user."
        case .queued where recipient.reason == RecipientReason.receivesNothing || recipient.who.receives == .nothing:
            return "\(who): takes no messages now; it is in \(whose)'s own inbox."
        case .queued where recipient.who.live == false:
            let since = recipient.who.awaySince.flatMap { Span.words(since: $0, now: now) }
            return "\(who): away\(since.map { " for \($0)" } ?? ""). It will get it. Nothing more to do."
        case .queued, .fetched, .handed:
            return "\(who): \(word(recipient.state)); "
                + (recipient.wakes == true ? "it may wake it." : "it does not wake it.")
        default: return "\(who): \(word(recipient.state))."
        }
    }

    private static let english = Strings(.en)

    /// A state in the words of people.
    static func word(_ state: MessageState) -> String { english(state.text) }
}

extension Span {
    /// `5 min`, `3 h`, `2 d`; nil below a minute.
    static func words(since: Date, now: Date) -> String? {
        let seconds = Int(now.timeIntervalSince(since))
        return switch seconds {
        case ..<60: nil
        case ..<3600: "\(seconds / 60) min"
        case ..<86_400: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) d"
        }
    }
}
