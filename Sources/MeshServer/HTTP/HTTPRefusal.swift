// How a refusal goes out. What HTTP alone has to say no to is here; what the rules say no to is in MeshServices.

internal import HTTPTypes
internal import Hummingbird
internal import MeshAPI
internal import MeshServices

/// A refusal with what HTTP adds to it, as JSON or as a page.
struct HTTPRefusal: HTTPResponseError, Sendable {
    let refusal: Refusal
    private(set) var headers: HTTPFields

    init(_ refusal: Refusal, headers: HTTPFields = [:]) {
        self.refusal = refusal
        self.headers = headers
        if refusal.status == .unauthorized { self.headers[.wwwAuthenticate] = "Bearer" }
        if let seconds = refusal.retryAfter { self.headers[.retryAfter] = String(seconds) }
    }

    var status: HTTPResponse.Status { refusal.status.http }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        dressed(try WireAnswer.json(refusal.body, status: status))
    }

    /// An answer made of it, with its headers.
    func dressed(_ answer: Response) -> Response {
        var answer = answer
        for header in headers { answer.headers[header.name] = header.value }
        return answer
    }

    /// The answer after which the connection ends.
    static func last(_ refusal: Refusal) -> HTTPRefusal { HTTPRefusal(refusal, headers: [.connection: "close"]) }

    /// The path is there, and takes these methods alone.
    static func methodNotAllowed(_ methods: [String]) -> HTTPRefusal {
        HTTPRefusal(
            Refusal(.methodNotAllowed, "method_not_allowed", "That can't be done here."),
            headers: [.allow: Set(methods).sorted().joined(separator: ", ")])
    }
}

/// No error, but no answer of the route either: a page that needs an account sends one to sign in.
struct Redirect: Error {
    let path: String
}

extension Refusal.Status {
    static let badRequest = Self(rawValue: 400)
    static let methodNotAllowed = Self(rawValue: 405)
    static let unsupportedMediaType = Self(rawValue: 415)
    static let misdirectedRequest = Self(rawValue: 421)
    static let requestHeaderFieldsTooLarge = Self(rawValue: 431)

    var http: HTTPResponse.Status { HTTPResponse.Status(code: rawValue) }
}

extension Refusal {
    static let malformed = Refusal(.badRequest, "malformed", "The body is not JSON.")
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

    /// 503: the database takes nothing. A full disk is mended by whoever runs the server, in a while; one that is away
    /// may be back in a moment.
    static func storageUnavailable(retryAfter seconds: Int) -> Refusal {
        var refusal = Refusal(.serviceUnavailable, "storage_unavailable", "The database can't be used now.")
        refusal.retryAfter = seconds
        return refusal
    }
}
