// The one error that becomes an answer. To refuse something new: a static member here, with its status and code.
// Whatever else is thrown is turned into one of these by `ErrorAnswers`, so that no detail of ours leaves the server.

internal import HTTPTypes
internal import Hummingbird
internal import MeshAPI
internal import MeshStore

/// An answer of 400 or more, as JSON or as a page.
struct Refusal: HTTPResponseError, Sendable {
    var status: HTTPResponse.Status
    var body: ErrorBody
    var headers: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, _ code: String, _ message: String) {
        self.status = status
        body = ErrorBody(error: code, message: message)
    }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        var response = try WireAnswer.json(body, status: status)
        for header in headers { response.headers[header.name] = header.value }
        return response
    }
}

extension Refusal {
    static let malformed = Refusal(.badRequest, "malformed", "The body is not JSON.")
    static let notFound = Refusal(.notFound, "not_found", "There is no such thing here.")
    static let codeUnusable = Refusal(.notFound, "code_unusable", "This code can't be used.")
    static let forbidden = Refusal(.forbidden, "forbidden", "This account may not do that.")
    static let personOnly = Refusal(.forbidden, "person_only", "Only a person does that.")
    static let sessionRequired = Refusal(
        .forbidden, "session_required", "An access token can't do that; sign in with `claudemesh login`.")
    static let formRefused = Refusal(
        .forbidden, "csrf", "The form is too old or came from another site. Load the page again.")
    static let unreadable = Refusal(.badRequest, "bad_request", "The request can't be understood.")
    static let headTooLarge = Refusal(
        .requestHeaderFieldsTooLarge, "head_too_large",
        "The address and the headers of a request may have 32 KiB, each of them 16 KiB, and there may be 100 headers.")
    static let tooLarge = Refusal(.contentTooLarge, "too_large", "A body may have 64 KiB.")
    static let unsupportedMediaType = Refusal(
        .unsupportedMediaType, "unsupported_media_type", "The body must be application/json.")
    static let formExpected = Refusal(
        .unsupportedMediaType, "unsupported_media_type", "The body must be application/x-www-form-urlencoded.")
    static let misdirected = Refusal(.misdirectedRequest, "unknown_host", "This server does not answer for that host.")
    static let fault = Refusal(.internalServerError, "fault", "Something broke here. It was logged.")

    /// 401, with what is wrong with the token.
    enum TokenProblem: String {
        case missing, malformed, unknown, expired, revoked
    }

    static func unauthorized(_ problem: TokenProblem) -> Refusal {
        var refusal = Refusal(.unauthorized, "token_\(problem.rawValue)", "The token is \(problem.rawValue).")
        refusal.headers[.wwwAuthenticate] = "Bearer"
        return refusal
    }

    /// 422: one field is wrong, and why.
    static func invalid(_ field: String, _ message: String) -> Refusal {
        var refusal = Refusal(.unprocessableContent, "invalid", message)
        refusal.body.field = field
        return refusal
    }

    static func slugTaken(suggestion: String) -> Refusal {
        var refusal = Refusal(.conflict, "slug_taken", "You have a mesh with that slug.")
        refusal.body.suggestion = suggestion
        return refusal
    }

    static func conflict(_ code: String, _ message: String) -> Refusal { Refusal(.conflict, code, message) }

    /// 429, with the seconds to wait.
    static func tooMany(retryAfter seconds: Int) -> Refusal {
        var refusal = Refusal(.tooManyRequests, "too_many_requests", "Too many requests. Wait a little.")
        refusal.headers[.retryAfter] = String(seconds)
        return refusal
    }

    /// 429 to a device that polls too fast; `interval` in seconds is the new advice.
    static func slowDown(interval: Double) -> Refusal {
        var refusal = Refusal(.tooManyRequests, "slow_down", "Polled too fast.")
        refusal.body.slowDown = true
        refusal.body.interval = interval
        refusal.headers[.retryAfter] = String(Int(interval.rounded(.up)))
        return refusal
    }

    /// 503: full for now.
    static func unavailable(_ message: String, retryAfter seconds: Int) -> Refusal {
        var refusal = Refusal(.serviceUnavailable, "unavailable", message)
        refusal.headers[.retryAfter] = String(seconds)
        return refusal
    }

    /// 503: the database takes nothing. A full disk is mended by whoever runs the server, in a while; one that is away
    /// may be back in a moment.
    static func storageUnavailable(retryAfter seconds: Int) -> Refusal {
        var refusal = Refusal(.serviceUnavailable, "storage_unavailable", "The database can't be used now.")
        refusal.headers[.retryAfter] = String(seconds)
        return refusal
    }

    /// 303: not an error, but no answer either; a page that needs an account sends one to sign in.
    static func redirect(to path: String) -> Refusal {
        var refusal = Refusal(.seeOther, "redirect", "")
        refusal.headers[.location] = path
        return refusal
    }
}
