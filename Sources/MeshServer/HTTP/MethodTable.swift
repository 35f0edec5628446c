// Which methods a path takes: a path that is ours with a method that is not gets 405 and `Allow`, not 404.

internal import HTTPTypes
internal import Hummingbird
internal import MeshServices
internal import Synchronization

final class MethodTable: Sendable {
    private struct Route {
        var parts: [String]
        var method: HTTPRequest.Method

        /// The router takes a word before a parameter.
        var wordCount: Int { parts.count { !$0.hasPrefix("{") && !$0.hasPrefix(":") } }
    }

    /// Filled once the router is complete.
    private let routes = Mutex<[Route]>([])

    func fill(from router: Router<AppContext>) {
        let taken = router.routes.map { route in
            Route(parts: Self.parts(route.path.description), method: route.method)
        }
        // What is shown is there for HEAD too; not a device code, whose token comes once.
        let shown = taken.filter { $0.method == .get && !$0.parts.starts(with: Self.parts("api/auth/cli/device-code")) }
        let all = taken + shown.map { Route(parts: $0.parts, method: .head) }
        routes.withLock { $0 = all }
    }

    /// The refusal of a request that no route took.
    func refusal(for request: Request) -> HTTPRefusal {
        let parts = Self.parts(request.uri.path)
        let fitting = routes.withLock { routes in
            routes.filter { route in
                route.parts.count == parts.count
                    && zip(route.parts, parts).allSatisfy { $0.hasPrefix("{") || $0.hasPrefix(":") || $0 == $1 }
            }
        }
        let most = fitting.map(\.wordCount).max()
        let methods = fitting.filter { $0.wordCount == most }.map(\.method.rawValue)
        guard !methods.isEmpty, !methods.contains(request.method.rawValue) else {
            return HTTPRefusal(.notFound)
        }
        return .methodNotAllowed(methods)
    }

    private static func parts(_ path: String) -> [String] { path.split(separator: "/").map(String.init) }
}
