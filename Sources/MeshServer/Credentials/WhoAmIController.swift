// GET /api/my/whoami: whose token this is.

internal import Hummingbird
internal import MeshAPI

struct WhoAmIController {
    func addRoutes(to my: RouterGroup<BearerContext>) {
        my.get("whoami", use: show)
    }

    @Sendable func show(_ request: Request, context: BearerContext) throws -> Response {
        try WireAnswer.json(WhoAmI(user: context.bearer.account.user, credential: context.bearer.credential.info))
    }
}
