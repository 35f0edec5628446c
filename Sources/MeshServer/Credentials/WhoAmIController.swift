// GET /api/my/whoami: whose token this is.

internal import Hummingbird
internal import MeshAPI
internal import MeshStore

struct WhoAmIController {
    func addRoutes(to read: RouterGroup<ReaderContext>) {
        read.get("whoami", use: show)
    }

    @Sendable func show(_ request: Request, context: ReaderContext) throws -> Response {
        try WireAnswer.json(WhoAmI(user: context.reader.account.user, credential: context.reader.credential))
    }
}
