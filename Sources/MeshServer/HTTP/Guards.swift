// What stands before every route and behind every answer: known hosts, bounded bodies, errors turned into answers, security
// headers. To add one: a value here and its line in `Entrance`.

internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import MeshAPI
internal import MeshServices
internal import MeshStore
internal import NIOCore
internal import NIOHTTP1

/// Headers that every answer carries.
struct SecurityHeaders: Sendable {
    let address: PublicAddress

    func add(to headers: inout HTTPFields) {
        headers.append(contentsOf: Self.all)
        if headers[.cacheControl] == nil { headers.append(Self.noStore) }
        if address.isSecure { headers.append(Self.https) }
    }

    private static let all = [
        HTTPField(
            name: .contentSecurityPolicy,
            value: "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
                + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"),
        HTTPField(name: .xContentTypeOptions, value: "nosniff"),
        HTTPField(name: .referrerPolicy, value: "no-referrer"),
    ]
    private static let noStore = HTTPField(name: .cacheControl, value: "no-store")
    private static let https = HTTPField(name: .strictTransportSecurity, value: "max-age=31536000")
}

/// Turns whatever was thrown into an answer: JSON, or a page where a page was asked for.
struct ErrorAnswers: Sendable {
    let pages: PageRenderer
    let methods: MethodTable
    let visitors: PageVisitor

    func answer(_ error: any Error, to request: Request, context: AppContext) async throws -> Response {
        // Only the router itself throws this, where no route took the request.
        let isUnrouted = (error as? HTTPError)?.status == .notFound
        if let redirect = error as? Redirect { return WireAnswer.redirect(to: redirect.path) }
        let refusal =
            isUnrouted
            ? methods.refusal(for: request)
            : error as? HTTPRefusal ?? HTTPRefusal(Self.refusal(for: error, context: context))
        guard Self.wantsPage(request) else { return try refusal.response(from: request, context: context) }
        // The error may be that the database does not answer: then the page is as for a stranger.
        let visitor = try? await visitors.known(request)
        var response = try pages.refusal(refusal, request: request, visitor: visitor)
        if let language = PageLanguage.asked(request) { visitors.cookie.set(language, on: &response) }
        return response
    }

    static func refusal(for error: any Error, context: AppContext) -> Refusal {
        switch error {
        case let refusal as Refusal: return refusal
        case is NIOTooManyBytesError: return .tooLarge
        // A body that breaks HTTP, or breaks off.
        case is HTTPParserError: return .unreadable
        case let error as HTTPError where error.status.kind == .clientError:
            return Refusal(.init(rawValue: error.status.code), "bad_request", "The request can't be understood.")
        // No text of ours: somebody sent one with a NUL in it.
        case StoreFailure.unstorable: return .unreadable
        case StoreFailure.busy:
            log("database busy", error, context)
            return .unavailable("The database is busy. Try again in a moment.", retryAfter: 2)
        case StoreFailure.unreachable, StoreFailure.inDoubt:
            log("database can't be reached", error, context)
            return .storageUnavailable(retryAfter: 2)
        case StoreFailure.full, StoreFailure.unwritable:
            log("database can't be used", error, context)
            return .storageUnavailable(retryAfter: 30)
        case is CancellationError: return .unavailable("The request was given up.", retryAfter: 1)
        default:
            log("fault", error, context)
            return .fault
        }
    }

    private static func log(_ message: Logger.Message, _ error: any Error, _ context: AppContext) {
        let facts = facts(of: error).merging(["route": "\(context.endpointPath ?? "-")"]) { $1 }
        context.logger.error(message, metadata: facts)
    }

    /// The type alone, and the database's code: an error's text may hold a value of the request.
    static func facts(of error: any Error) -> Logger.Metadata {
        var facts: Logger.Metadata = ["type": "\(type(of: error))"]
        if let failure = error as? StoreFailure { facts["code"] = "\(failure.code)" }
        return facts
    }

    /// Browsers name HTML; the API answers JSON to everybody else.
    static func wantsPage(_ request: Request) -> Bool {
        let path = request.uri.path
        let isAPI = ["/api/", "/oauth/", "/.well-known/", "/health", "/metrics", "/openapi.json"].contains {
            path.hasPrefix($0)
        }
        return !isAPI || (request.headers[.accept] ?? "").contains("text/html")
    }
}

/// Answers only for the hosts that are ours: a page of another name (DNS rebinding) gets 421.
struct HostGuard: Sendable {
    let address: PublicAddress

    func check(_ request: Request) throws {
        guard !address.answers(to: request.head.authority) else { return }
        let isOpen = ["/health", "/health/ready", "/metrics"].contains(request.uri.path)
        guard isOpen else { throw Refusal.misdirected }
    }
}

/// Refuses a body that announces more than 64 KiB, a message's 512 KiB; one that does not announce itself is cut by whoever
/// reads it.
enum BodyLimit {
    static let bytes = 64 * 1024

    /// What is escaped in JSON may take six times the bytes of a text of 64 KiB.
    private static func limit(of request: Request) -> Int {
        let isMessage = request.method == .post && request.uri.path.hasSuffix("/messages")
        return isMessage ? SendMessage.mostRequestBytes : bytes
    }

    static func check(_ request: Request) throws {
        guard let length = request.headers[.contentLength] else { return }
        // The decoder let it pass: digits alone, more perhaps than a number of ours has.
        if Int(length) ?? .max > Self.limit(of: request) { throw Refusal.tooLarge }
    }
}
