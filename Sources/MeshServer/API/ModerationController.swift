// /api/my/meshes/{id}: who is put out of it. For persons alone: a session's own token is refused by its group.

internal import Hummingbird
internal import MeshAPI
internal import MeshServices
internal import MeshStore

struct ModerationController {
    let moderation: ModerationService

    func addRoutes(to my: RouterGroup<BearerContext>) {
        my.post("meshes/:id/sessions/:session/disconnect", use: disconnect)
        my.post("meshes/:id/sessions/:session/kick", use: kick)
        my.post("meshes/:id/sessions/kick", use: kickSeveral)
        my.post("meshes/:id/members/:member/ban", use: ban)
        my.delete("meshes/:id/members/:member/ban", use: unban)
        my.get("meshes/:id/bans", use: bans)
    }

    @Sendable func disconnect(_ request: Request, context: BearerContext) async throws -> Response {
        try await moderation.disconnect(
            try context.decoded("session"), meshID: try context.meshID, by: context.bearer.account)
        return WireAnswer.noContent
    }

    @Sendable func kick(_ request: Request, context: BearerContext) async throws -> Response {
        try await moderation.kick(
            try context.decoded("session"), meshID: try context.meshID, by: context.bearer.account)
        return WireAnswer.noContent
    }

    @Sendable func kickSeveral(_ request: Request, context: BearerContext) async throws -> Response {
        let which = try await request.decode(as: KickSessions.self, context: context)
        return try WireAnswer.json(
            try await moderation.kick(which, meshID: try context.meshID, by: context.bearer.account))
    }

    @Sendable func ban(_ request: Request, context: BearerContext) async throws -> Response {
        try await moderation.ban(
            try context.parameters.require("member"), meshID: try context.meshID, by: context.bearer.account)
        return WireAnswer.noContent
    }

    @Sendable func unban(_ request: Request, context: BearerContext) async throws -> Response {
        try await moderation.unban(
            try context.parameters.require("member"), meshID: try context.meshID, by: context.bearer.account)
        return WireAnswer.noContent
    }

    @Sendable func bans(_ request: Request, context: BearerContext) async throws -> Response {
        let page = try await moderation.bans(
            meshID: try context.meshID, for: context.bearer.account, page: try PageRequest(request, of: .bans))
        return try WireAnswer.list(Routes.listBans, page)
    }
}
