// GET /api/my/whoami: whose token this is.

internal import Hummingbird
internal import MeshAPI
internal import MeshServices
internal import MeshStore

struct WhoAmIController {
    let database: any Store

    func addRoutes(to read: RouterGroup<ReaderContext>) {
        read.get("whoami", use: show)
    }

    @Sendable func show(_ request: Request, context: ReaderContext) async throws -> Response {
        let reader = context.reader
        guard let key = reader.key else {
            return try WireAnswer.json(WhoAmI(user: reader.account.user, credential: reader.credential))
        }
        let mesh = try await database.lookUp { try $0.meshes.mesh(id: key.meshID, accountID: reader.account.id) }
        guard let mesh else { throw Refusal.notFound }
        return try WireAnswer.json(
            WhoIsKey(
                credential: .init(
                    name: key.label, can: key.can, topics: key.topics?.map(\.name),
                    mesh: .init(id: mesh.id, slug: mesh.slug, name: mesh.name))))
    }
}
