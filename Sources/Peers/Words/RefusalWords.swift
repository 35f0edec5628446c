// Why something did not go, for the model: what is so, and what to do next.

internal import FoundationEssentials
internal import MeshAPI

enum RefusalWords {
    /// Of a message: begins with "Not sent."
    static func ofSending(_ failure: APIFailure, mesh: String, host: String) -> String {
        "Not sent. " + of(failure, mesh: mesh, host: host)
    }

    /// Of anything else.
    static func of(_ failure: APIFailure, mesh: String, host: String) -> String {
        guard case .refused(let status, let body, let retryAfter) = failure else {
            return "Can't reach \(ForeignText.name(host, limit: 100)). Go on without it, and try again later."
        }
        if let body, let words = named(body, mesh: mesh, retryAfter: retryAfter) { return words }
        switch status {
        case 401: return "The sign-in of this session has ended. Tell your user."
        case 404: return "There is nothing of that name that you can read."
        case 413: return "A message holds 64 KiB. Put it in a file and send where it is."
        case 429: return rate(retryAfter)
        case 500...: return "The server has trouble (\(status)). Go on without it, and try again later."
        default: return "The server refused it (\(status)). Tell your user."
        }
    }

    private static func named(_ body: ErrorBody, mesh: String, retryAfter: Int?) -> String? {
        let address = body.address.map { ForeignText.name($0, limit: 100) } ?? "that"
        switch body.error {
        case "no_recipient": return nobody(address, body, mesh)
        case "ambiguous":
            let fits = (body.candidates ?? []).prefix(10).map { candidate in
                ForeignText.name(candidate.address, limit: 100) + (candidate.live == false ? " (away)" : "")
            }
            return "Several fit \(address): \(fits.joined(separator: ", ")). Send again with one of these."
        case "self": return "That is this very session."
        case "held_full":
            return "Your first message to \(address) has not been let in yet. Do not send again; tell your user."
        case "blocked": return "\(address) takes no messages from you. Try no other way; tell your user."
        case "not_allowed": return "This session may not do that. Try no other way; tell your user."
        case "person_only": return "Only a person does that. Tell your user."
        case "loop_limit": return loop(retryAfter)
        case "rate_limit": return rate(retryAfter)
        case "too_large": return "A message holds 64 KiB. Put it in a file and send where it is."
        case "too_many": return "That reaches more than 500. Write to fewer, or to a topic."
        case "seen": return "It was seen already; it can't be taken back."
        case "topic_taken": return "There is a topic of that name already."
        case "kicked":
            let by = body.by.map { " by \(ForeignText.name($0))" } ?? ""
            return "Put out of \(ForeignText.name(mesh))\(by). Try no other way; tell your user."
        case "banned": return "You are banned from \(ForeignText.name(mesh)). Try no other way; tell your user."
        case "no_messages": return "This server carries no messages. Go on without them."
        case "moved", "removed": return "This session is no longer in \(ForeignText.name(mesh)). Tell your user."
        default: return nil
        }
    }

    private static func nobody(_ address: String, _ body: ErrorBody, _ mesh: String) -> String {
        let roles = body.roles?.prefix(10).map { "@\(ForeignText.name($0.role)) (\($0.count))" }
        if let roles, body.address?.hasPrefix("@") == true {
            let there = roles.joined(separator: ", ")
            return "Nobody here is a \(address) now. "
                + (there.isEmpty ? "Nobody here has a role." : "Roles here: \(there). Send again with one of these.")
        }
        let names = (body.near ?? []).prefix(5).map { ForeignText.name($0.address, limit: 100) }
        let near = (names + (roles ?? [])).joined(separator: ", ")
        return "Nobody in \(ForeignText.name(mesh)) is called \(address). "
            + (near.isEmpty ? "peers lists who is here." : "Near: \(near). Send again with one of these.")
    }

    private static func loop(_ retryAfter: Int?) -> String {
        let until = retryAfter.map { " You two can go on in \($0) s." } ?? ""
        return "Too many messages have followed from one request.\(until) "
            + "Sum up for your user what is agreed and what is open."
    }

    private static func rate(_ retryAfter: Int?) -> String {
        "That is too many at once. The next can go in \(retryAfter ?? 30) s. Put the rest into one message."
    }
}
