// /api/my/meshes/{id}/keys.

internal import Hummingbird
internal import MeshAPI
internal import MeshServices
internal import MeshStore

struct KeyController {
    let keys: KeyService

    func addRoutes(to my: RouterGroup<BearerContext>) {
        my.get("meshes/:id/keys", use: list)
        my.post("meshes/:id/keys", use: create)
        my.delete("meshes/:id/keys/:key", use: revoke)
    }

    @Sendable func list(_ request: Request, context: BearerContext) async throws -> Response {
        let page = try await keys.list(
            meshID: try context.meshID, for: context.bearer.account, page: try PageRequest(request, of: .keys))
        return try WireAnswer.list(Routes.listKeys, page)
    }

    @Sendable func create(_ request: Request, context: BearerContext) async throws -> Response {
        let wanted = try await request.decode(as: CreateKey.self, context: context)
        let key = try await keys.create(wanted, meshID: try context.meshID, by: context.bearer.account)
        return try WireAnswer.json(key, status: .created)
    }

    @Sendable func revoke(_ request: Request, context: BearerContext) async throws -> Response {
        try await keys.revoke(
            try context.parameters.require("key"), meshID: try context.meshID, by: context.bearer.account)
        return WireAnswer.noContent
    }
}
