// What was thrown, as an answer.

internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import MeshAPI
internal import MeshServices
internal import MeshStore
internal import NIOCore
internal import NIOHTTP1

/// Turns whatever was thrown into an answer: JSON, or a page where a page was asked for.
struct ErrorAnswers: Sendable {
    let pages: PageRenderer
    let methods: MethodTable
    let visitors: PageVisitor

    func answer(_ error: any Error, to request: Request, context: AppContext) async throws -> Response {
        // Only the router itself throws this, where no route took the request.
        let isUnrouted = (error as? HTTPError)?.status == .notFound
        if let redirect = error as? Redirect { return keeping(WireAnswer.redirect(to: redirect.path), request) }
        let refusal =
            isUnrouted
            ? methods.refusal(for: request)
            : error as? HTTPRefusal ?? HTTPRefusal(Self.refusal(for: error, context: context))
        guard Self.wantsPage(request) else { return try refusal.response(from: request, context: context) }
        // The error may be that the database does not answer: then the page is as for a stranger.
        let visitor = try? await visitors.known(request)
        return keeping(try pages.refusal(refusal, request: request, visitor: visitor), request)
    }

    /// The language of `?lang` is kept, on the way to another page too.
    private func keeping(_ answer: Response, _ request: Request) -> Response {
        var answer = answer
        if let language = PageLanguage.asked(request) { visitors.cookie.set(language, on: &answer) }
        return answer
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
        let facts = ErrorFacts.of(error).merging(["route": "\(context.endpointPath ?? "-")"]) { $1 }
        context.logger.error(message, metadata: facts)
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
