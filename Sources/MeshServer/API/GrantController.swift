// /api/my/meshes/{id}/grants: a person's alone.

internal import Hummingbird
internal import MeshAPI
internal import MeshServices
internal import MeshStore

struct GrantController {
    let grants: GrantService

    func addRoutes(to my: RouterGroup<BearerContext>) {
        my.get("meshes/:id/grants", use: list)
        my.put("meshes/:id/grants/:member", use: put)
        my.delete("meshes/:id/grants/:member", use: delete)
    }

    @Sendable func list(_ request: Request, context: BearerContext) async throws -> Response {
        let page = try await grants.list(
            meshID: try context.meshID, for: context.bearer.account, page: try PageRequest(request, of: .grants))
        return try WireAnswer.list(Routes.listGrants, page)
    }

    @Sendable func put(_ request: Request, context: BearerContext) async throws -> Response {
        let wanted = try await request.decode(as: PutGrant.self, context: context)
        return try WireAnswer.json(
            try await grants.put(
                wanted, to: try context.parameters.require("member"), meshID: try context.meshID,
                by: context.bearer.account))
    }

    @Sendable func delete(_ request: Request, context: BearerContext) async throws -> Response {
        try await grants.delete(
            try context.parameters.require("member"), meshID: try context.meshID, by: context.bearer.account)
        return WireAnswer.noContent
    }
}
