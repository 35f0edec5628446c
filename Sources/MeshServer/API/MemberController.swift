// /api/my/meshes/{id}/members.

internal import Hummingbird
internal import MeshAPI
internal import MeshServices
internal import MeshStore

struct MemberController {
    let members: MemberService

    /// `read` is open to a session's own token too.
    func addRoutes(to my: RouterGroup<BearerContext>, read: RouterGroup<ReaderContext>) {
        read.get("meshes/:id/members", use: list)
        my.patch("meshes/:id/members/me", use: change)
        my.delete("meshes/:id/members/:member", use: remove)
        // Beside the PATCH of that path the parameter does not match it any more.
        my.delete("meshes/:id/members/me", use: remove)
    }

    @Sendable func list(_ request: Request, context: ReaderContext) async throws -> Response {
        let page = try await members.list(
            meshID: try context.meshID, for: context.reader, page: try PageRequest(request, of: .members))
        return try WireAnswer.list(Routes.listMembers, page)
    }

    @Sendable func change(_ request: Request, context: BearerContext) async throws -> Response {
        let wanted = try await request.decode(as: ChangeMyself.self, context: context)
        return try WireAnswer.json(
            try await members.change(wanted, meshID: try context.meshID, by: context.bearer.account))
    }

    @Sendable func remove(_ request: Request, context: BearerContext) async throws -> Response {
        try await members.remove(
            context.parameters.get("member") ?? "me", meshID: try context.meshID, by: context.bearer.account)
        return WireAnswer.noContent
    }
}
