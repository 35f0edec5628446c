// /api/my/meshes/{id}/sessions.

internal import Hummingbird
internal import MeshAPI
internal import MeshStore

struct PresenceController {
    let presence: PresenceService

    func addRoutes(to my: RouterGroup<BearerContext>, read: RouterGroup<ReaderContext>) {
        read.get("meshes/:id/sessions", use: list)
        my.post("meshes/:id/sessions", use: register)
        my.delete("meshes/:id/sessions/:session", use: end)
    }

    @Sendable func list(_ request: Request, context: ReaderContext) async throws -> Response {
        let page = try await presence.list(
            meshID: try context.parameters.require("id"), for: context.reader,
            page: try PageRequest(request, of: .peers))
        return try WireAnswer.list(Routes.listPeers, page)
    }

    @Sendable func register(_ request: Request, context: BearerContext) async throws -> Response {
        let session = try await request.decode(as: RegisterSession.self, context: context)
        let peer = try await presence.register(
            session, meshID: try context.parameters.require("id"), bearer: context.bearer)
        return try WireAnswer.json(peer)
    }

    @Sendable func end(_ request: Request, context: BearerContext) async throws -> Response {
        try await presence.end(
            PercentCoding.decode(try context.parameters.require("session")),
            meshID: try context.parameters.require("id"), by: context.bearer.account)
        return WireAnswer.noContent
    }
}
