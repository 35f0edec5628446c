// What the rules say no with. To refuse something new: a static member here, with its status and code. How it goes out is
// MeshServer's, and whatever else is thrown becomes one of these there, so that no detail of ours leaves the server.

package import MeshAPI
internal import MeshStore

/// A no, with the words of it.
package struct Refusal: Error, Sendable {
    package var status: Status
    package var body: ErrorBody
    /// The seconds to wait before asking again.
    package var retryAfter: Int?

    package init(_ status: Status, _ code: String, _ message: String) {
        self.status = status
        body = ErrorBody(error: code, message: message)
    }

    /// What kind of no it is, by the number that the wire has for it.
    package struct Status: RawRepresentable, Sendable, Hashable {
        package let rawValue: Int

        package init(rawValue: Int) { self.rawValue = rawValue }

        package static let unauthorized = Status(rawValue: 401)
        package static let forbidden = Status(rawValue: 403)
        package static let notFound = Status(rawValue: 404)
        package static let conflict = Status(rawValue: 409)
        package static let gone = Status(rawValue: 410)
        package static let contentTooLarge = Status(rawValue: 413)
        package static let unprocessableContent = Status(rawValue: 422)
        package static let tooManyRequests = Status(rawValue: 429)
        package static let internalServerError = Status(rawValue: 500)
        package static let serviceUnavailable = Status(rawValue: 503)
    }
}

extension Refusal {
    package static let notFound = Refusal(.notFound, "not_found", "There is no such thing here.")
    static let codeUnusable = Refusal(.notFound, "code_unusable", "This code can't be used.")
    package static let forbidden = Refusal(.forbidden, "forbidden", "This account may not do that.")
    package static let personOnly = Refusal(.forbidden, "person_only", "Only a person does that.")
    static func notAllowed(_ message: String) -> Refusal { Refusal(.forbidden, "not_allowed", message) }
    package static let keyElsewhere = Refusal(
        .unauthorized, "key_elsewhere", "A mesh key is good in its own mesh alone.")
    package static let fault = Refusal(.internalServerError, "fault", "Something broke here. It was logged.")

    /// Why a token lets nobody in: 401.
    package enum Unauthorized: String {
        case missing, malformed, unknown, expired, revoked
    }

    package static func unauthorized(_ why: Unauthorized) -> Refusal {
        Refusal(.unauthorized, "token_\(why.rawValue)", "The token is \(why.rawValue).")
    }

    /// 422: one field is wrong, and why.
    package static func invalid(_ field: String, _ message: String) -> Refusal {
        var refusal = Refusal(.unprocessableContent, "invalid", message)
        refusal.body.field = field
        return refusal
    }

    static func slugTaken(suggestion: String) -> Refusal {
        var refusal = Refusal(.conflict, "slug_taken", "You have a mesh with that slug.")
        refusal.body.suggestion = suggestion
        return refusal
    }

    package static func conflict(_ code: String, _ message: String) -> Refusal { Refusal(.conflict, code, message) }

    /// 429, with the seconds to wait.
    static func tooMany(retryAfter seconds: Int) -> Refusal {
        var refusal = Refusal(.tooManyRequests, "too_many_requests", "Too many requests. Wait a little.")
        refusal.retryAfter = seconds
        return refusal
    }

    /// 429 to a device that polls too fast; `interval` in seconds is the new advice.
    static func slowDown(interval: Double) -> Refusal {
        var refusal = Refusal(.tooManyRequests, "slow_down", "Polled too fast.")
        refusal.body.slowDown = true
        refusal.body.interval = interval
        refusal.retryAfter = Int(interval.rounded(.up))
        return refusal
    }

    /// 503: full for now.
    package static func unavailable(_ message: String, retryAfter seconds: Int) -> Refusal {
        var refusal = Refusal(.serviceUnavailable, "unavailable", message)
        refusal.retryAfter = seconds
        return refusal
    }
}
