// /api/my/meshes.

internal import Hummingbird
internal import MeshAPI

struct MeshController {
    let meshes: MeshService

    func addRoutes(to my: RouterGroup<BearerContext>) {
        my.get("meshes", use: list)
        my.post("meshes", use: create)
        my.get("meshes/:id", use: show)
    }

    @Sendable func list(_ request: Request, context: BearerContext) throws -> Response {
        let query = request.uri.queryParameters.get("q")
        return try WireAnswer.list(
            "meshes", try meshes.list(context.bearer.account, query: query, page: try PageRequest(request)))
    }

    @Sendable func show(_ request: Request, context: BearerContext) throws -> Response {
        try WireAnswer.json(try meshes.mesh(try context.parameters.require("id"), for: context.bearer.account))
    }

    @Sendable func create(_ request: Request, context: BearerContext) async throws -> Response {
        let wanted = try await request.decode(as: CreateMesh.self, context: context)
        let mesh = try await meshes.create(
            wanted, owner: context.bearer.account, key: try IdempotencyKey(request, account: context.bearer.account),
            caller: Caller(request, context.address))
        return try WireAnswer.json(mesh, status: .created)
    }
}
