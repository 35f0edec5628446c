// What a mesh refuses, in words: one place for all of its codes. To add one: a line in `say`, its texts in the section
// `message` of both catalogues.

import Canvas
import Console
import Foundation
import LocalState
import Localization
import MeshAPI

struct MessageFailure: Explained {
    /// What was asked about, as it was typed.
    enum Subject: Hashable, Sendable {
        /// An address, or nobody's where a message is answered.
        case to(String?, clientID: String)
        case message(String)
        case topic(String)
        case nothing
    }

    var failure: APIFailure
    var host: String
    var origin: TokenOrigin?
    /// The mesh's name.
    var mesh: String
    var subject: Subject
    var isSession: Bool
    /// The key by which a script speaks.
    var key: WhoIsKey.Credential?

    private static let codes: Set<String> = [
        "no_recipient", "ambiguous", "self", "client_id_reused", "too_large", "too_many", "blocked", "not_allowed",
        "rate_limit", "held_full", "loop_limit", "person_only", "kicked", "banned", "moved", "removed", "seen",
        "topic_taken",
    ]

    /// Whether it is one that this says better than any other would.
    var isKnown: Bool {
        switch failure {
        case .refused(_, let body?, _) where Self.codes.contains(body.error): true
        case .refused(404, _, _): subject.isNamed
        case .unreachable: subject.isSending
        default: false
        }
    }

    func explanation(_ words: Words) -> Explanation {
        let strings = words.context.strings
        func say(
            _ code: String, _ exit: ExitCode, _ text: MessageText, _ values: [String: String] = [:],
            _ remedy: MessageText? = nil
        ) -> Explanation {
            Explanation(
                code: code, message: strings(text, values), remedy: remedy.map { strings($0, values) }, exit: exit)
        }
        guard case .refused(let status, let body, let retryAfter) = failure else { return unsent(words) }
        let code = body?.error ?? "http_\(status)"
        let address = body?.address ?? subject.address ?? ""
        // By name where the server says whom it is about.
        let who = body?.candidates?.first
        let person = ["name": who?.member?.name ?? who?.name ?? address, "address": who?.member?.handle ?? address]
        let reason = body?.message ?? code
        switch code {
        case "no_recipient": return nobody(address, body, words)
        case "ambiguous": return several(address, body?.candidates ?? [], words)
        case "self": return say(code, .input, isSession ? .isSelf : .contactSelf)
        case "client_id_reused": return say(code, .exists, .idReused, ["id": subject.clientID])
        case "too_large": return say(code, .input, .tooLargeThere, [:], .tooLargeRemedy)
        case "too_many": return say(code, .input, .tooMany, [:], .tooManyRemedy)
        case "blocked" where !address.isEmpty: return say(code, .notPermitted, .blocked, person)
        case "not_allowed" where who != nil:
            switch body?.reason {
            case RecipientReason.noBroadcast: return say(code, .notPermitted, .noBroadcast, person)
            case RecipientReason.refusedBefore: return say(code, .notPermitted, .refused, person)
            default:
                let names = (body?.candidates ?? []).map(\.address).joined(separator: ", ")
                return say(code, .notPermitted, .outOfContact, ["names": names], .outOfContactRemedy)
            }
        case "not_allowed" where key?.isForSendingToTopics == true:
            let topics = (key?.topics ?? []).map { "#\($0)" }.joined(separator: ", ")
            return Explanation(
                code: code, message: strings(ModerationText.keyOnlyTopics, ["topics": topics]), exit: .notPermitted)
        case "blocked", "not_allowed":
            return Explanation(
                code: code,
                message: strings.language == .en
                    ? reason : strings(MessageText.refusedQuoted, ["host": host, "reason": reason]),
                exit: .notPermitted)
        case "rate_limit": return say(code, .unreachable, .rateLimit, ["n": "\(retryAfter ?? 30)"])
        case "held_full":
            return say(
                code, .unreachable, .heldFull, who == nil && address.isEmpty ? ["name": mesh] : person, .heldFullRemedy)
        case "loop_limit": return loop(body, retryAfter, words)
        case "person_only": return PersonOnly().explanation(words)
        case "kicked":
            guard let by = body?.by, let at = body?.at, words.context.since(at) == words.context.time(at) else {
                return words.over(code, .kicked, .kickedRemedy, mesh)
            }
            let values = ["mesh": mesh, "name": by, "time": words.context.time(at)]
            return say(code, .notPermitted, .kickedBy, values, .kickedRemedy)
        case "banned": return words.over(code, .banned, .bannedRemedy, mesh)
        case "moved": return words.over(code, .moved, nil, mesh)
        case "removed": return words.over(code, .removedFromMesh, nil, mesh)
        case "seen": return say(code, .exists, .seenAlready)
        case "topic_taken": return say(code, .exists, .topicTaken, ["topic": subject.address ?? ""])
        default: break
        }
        switch subject {
        case .message(let id): return say("not_found", .notFound, .noMessage, ["id": id])
        case .topic(let name): return say("not_found", .notFound, .noTopic, ["topic": name])
        default: return words.api(failure, host: host, origin: origin)
        }
    }

    /// Who wait for a person, or for a while.
    private func loop(_ body: ErrorBody?, _ retryAfter: Int?, _ words: Words) -> Explanation {
        let strings = words.context.strings
        let when = words.context.now().addingTimeInterval(Double(retryAfter ?? 0))
        let names = (body?.candidates ?? []).map(\.address)
        let values = [
            "one": names.first ?? "", "other": names.dropFirst().first ?? "",
            "time": strings.time(when, offset: words.context.zoneOffset(when)),
        ]
        let text: MessageText =
            switch (body?.reason ?? "", names.count >= 2) {
            case (LoopReason.minute, true): .loopLimitMinute
            case (LoopReason.hour, true): .loopLimitHour
            case (LoopReason.chain, _): .loopLimitChain
            case (LoopReason.hops, true): .loopLimitNamed
            default: retryAfter == nil ? .loopLimit : .loopLimitPair
            }
        return Explanation(
            code: "loop_limit", message: strings(text, values),
            remedy: retryAfter == nil ? strings(MessageText.loopLimitRemedy) : nil, exit: .notPermitted)
    }

    /// The server did not answer. Where it was never reached, nothing was sent; else nobody knows.
    private func unsent(_ words: Words) -> Explanation {
        var said = words.api(failure, host: host, origin: origin)
        let strings = words.context.strings
        switch failure {
        case .unreachable(.nameNotResolved), .unreachable(.refused), .unreachable(.insecure),
            .unreachable(.untrustedCertificate):
            said.message = said.message.sentence + " " + strings(MessageText.nothingSent)
        default:
            said.remedy = strings(MessageText.perhapsSent, ["id": subject.clientID])
        }
        return said
    }

    private func nobody(_ address: String, _ body: ErrorBody?, _ words: Words) -> Explanation {
        let strings = words.context.strings
        let names = (body?.near ?? []).map(\.address)
        let roles = body?.roles ?? []
        func say(_ message: String, near names: [String], _ others: String? = nil) -> Explanation {
            let near = names.isEmpty ? nil : strings(MessageText.near, ["names": names.joined(separator: ", ")])
            let remedy = [near, others].compactMap { $0 }.joined(separator: " ")
            return Explanation(
                code: "no_recipient", message: message, remedy: remedy.isEmpty ? nil : remedy, exit: .notFound)
        }
        if address.hasPrefix("#") {
            return say(strings(MessageText.noTopic, ["topic": String(address.dropFirst())]), near: names)
        }
        if ["@all", "@todos"].contains(address.lowercased()) { return say(strings(MessageText.nobodyThere), near: []) }
        let everyone = strings(MessageText.everyone)
        if address.hasPrefix("@") {
            let here = roles.map { "\(strings(role: $0.role)) (\($0.count))" }.joined(separator: ", ")
            return say(
                strings(MessageText.noRole, ["role": strings(role: String(address.dropFirst()))]), near: names,
                here.isEmpty ? everyone : strings(MessageText.rolesHere, ["roles": here]))
        }
        return say(
            strings(MessageText.nobody, ["mesh": mesh, "address": address]),
            near: names + roles.map { "@\($0.role) (\($0.count))" }, everyone)
    }

    private func several(_ address: String, _ candidates: [Who], _ words: Words) -> Explanation {
        let strings = words.context.strings
        let count = candidates.count
        return Explanation(
            code: "ambiguous",
            message: strings(
                count == 2 ? MessageText.twoFit : .severalFit, ["address": address, "n": strings.number(count)]),
            remedy: candidates.map { words.context.candidate($0) }.joined(separator: ", "), exit: .input)
    }
}

extension WhoIsKey.Credential {
    /// Whether that is all it is for.
    fileprivate var isForSendingToTopics: Bool { can == [.send] && topics?.isEmpty == false }
}

extension MessageFailure.Subject {
    fileprivate var isSending: Bool { if case .to = self { true } else { false } }

    fileprivate var isNamed: Bool {
        switch self {
        case .message, .topic: true
        case .to, .nothing: false
        }
    }

    fileprivate var address: String? {
        switch self {
        case .to(let address, _): address
        case .topic(let name): name
        case .message, .nothing: nil
        }
    }

    fileprivate var clientID: String { if case .to(_, let id) = self { id } else { "" } }
}

extension String {
    /// With a full stop, where another sentence follows.
    var sentence: String { last.map { ".!?".contains($0) } == true ? self : self + "." }
}
