// /api/my/meshes.

internal import Hummingbird
internal import MeshAPI
internal import MeshServices
internal import MeshStore

struct MeshController {
    let meshes: MeshService

    /// `read` is open to a session's own token too.
    func addRoutes(to my: RouterGroup<BearerContext>, read: RouterGroup<ReaderContext>) {
        my.get("meshes", use: list)
        my.post("meshes", use: create)
        read.get("meshes/:id", use: show)
        my.patch("meshes/:id", use: rename)
        my.delete("meshes/:id", use: archive)
    }

    @Sendable func list(_ request: Request, context: BearerContext) async throws -> Response {
        let query = request.queryField("q")
        return try WireAnswer.list(
            Routes.listMeshes,
            try await meshes.list(context.bearer.account, query: query, page: try PageRequest(request, of: .meshes)))
    }

    @Sendable func show(_ request: Request, context: ReaderContext) async throws -> Response {
        try WireAnswer.json(try await meshes.mesh(try context.meshID, for: context.reader))
    }

    @Sendable func rename(_ request: Request, context: BearerContext) async throws -> Response {
        let wanted = try await request.decode(as: ChangeMesh.self, context: context)
        let id = try context.meshID
        return try WireAnswer.json(try await meshes.change(id, wanted, by: context.bearer.account))
    }

    @Sendable func archive(_ request: Request, context: BearerContext) async throws -> Response {
        try await meshes.archive(try context.meshID, by: context.bearer.account)
        return WireAnswer.noContent
    }

    @Sendable func create(_ request: Request, context: BearerContext) async throws -> Response {
        let wanted = try await request.decode(as: CreateMesh.self, context: context)
        let owner = context.bearer.account
        let mesh = try await meshes.create(
            wanted, owner: owner, key: try IdempotencyKey(request, making: "mesh", by: owner),
            caller: Caller(request, context.address))
        return try WireAnswer.json(mesh, status: .created)
    }
}
