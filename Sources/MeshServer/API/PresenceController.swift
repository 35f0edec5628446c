// /api/my/meshes/{id}/sessions.

internal import Hummingbird
internal import MeshAPI
internal import MeshServices
internal import MeshStore

struct PresenceController {
    let presence: PresenceService

    /// `speak` is open to a session's own token too.
    func addRoutes(to speak: RouterGroup<ReaderContext>) {
        speak.get("meshes/:id/sessions", use: list)
        speak.post("meshes/:id/sessions", use: register)
        speak.patch("meshes/:id/sessions/:session", use: change)
        speak.delete("meshes/:id/sessions/:session", use: end)
    }

    @Sendable func list(_ request: Request, context: ReaderContext) async throws -> Response {
        let page = try await presence.list(
            meshID: try context.meshID, for: context.reader,
            away: try request.flag("away"), page: try PageRequest(request, of: .peers))
        return try WireAnswer.list(Routes.listPeers, page)
    }

    @Sendable func register(_ request: Request, context: ReaderContext) async throws -> Response {
        let session = try await request.decode(as: RegisterSession.self, context: context)
        return try WireAnswer.json(
            try await presence.register(session, meshID: try context.meshID, by: context.reader))
    }

    @Sendable func change(_ request: Request, context: ReaderContext) async throws -> Response {
        let wanted = try await request.decode(as: ChangeSession.self, context: context)
        return try WireAnswer.json(
            try await presence.change(
                try context.decoded("session"), meshID: try context.meshID, wanted, by: context.reader))
    }

    @Sendable func end(_ request: Request, context: ReaderContext) async throws -> Response {
        try await presence.end(try context.decoded("session"), meshID: try context.meshID, by: context.reader)
        return WireAnswer.noContent
    }
}
