// /api/my/meshes/{id}/invites for those who invite, /api/public/invites for those who are invited, /api/my/guests.

internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Localization
internal import MeshAPI
internal import MeshServices
internal import MeshStore

struct InviteController {
    let invites: InviteService
    let claims: ClaimService
    let credentials: CredentialService
    let limits: RateLimiter

    func addRoutes(to my: RouterGroup<BearerContext>, api: RouterGroup<AppContext>) {
        my.get("meshes/:id/invites", use: list)
        my.post("meshes/:id/invites", use: create)
        my.delete("meshes/:id/invites/:invite", use: revoke)
        my.post("guests", use: adopt)
        api.get("public/invites/:code", use: preview)
        api.post("public/invites/:code/claim", use: claim)
    }

    @Sendable func list(_ request: Request, context: BearerContext) async throws -> Response {
        let page = try await invites.list(
            meshID: try context.meshID, for: context.bearer.account, page: try PageRequest(request, of: .invites))
        return try WireAnswer.list(Routes.listInvites, page)
    }

    @Sendable func create(_ request: Request, context: BearerContext) async throws -> Response {
        let wanted = try await request.decode(as: CreateInvite.self, context: context)
        let account = context.bearer.account
        let meshID = try context.meshID
        let invite = try await invites.create(
            wanted, meshID: meshID, inviter: account, language: PageLanguage.of(request),
            key: try IdempotencyKey(request, making: "invite \(meshID)", by: account), logger: context.logger)
        return try WireAnswer.json(invite, status: .created)
    }

    @Sendable func revoke(_ request: Request, context: BearerContext) async throws -> Response {
        try await invites.revoke(
            try context.parameters.require("invite"), meshID: try context.meshID, by: context.bearer.account)
        return WireAnswer.noContent
    }

    @Sendable func adopt(_ request: Request, context: BearerContext) async throws -> Response {
        let guest = try await request.decode(as: AdoptGuest.self, context: context)
        let bearer = context.bearer
        let meshes = try await claims.adopt(
            guest.token, by: bearer, key: try IdempotencyKey(request, making: "memberships", by: bearer.account))
        return try WireAnswer.json(["meshes": meshes])
    }

    @Sendable func preview(_ request: Request, context: AppContext) async throws -> Response {
        let code = try context.inviteCode
        // Anybody may look: a token that is no good only does not say who looks.
        let bearer = try? await BearerAuthenticator.bearer(of: request, credentials: credentials)
        return try WireAnswer.json(
            try await claims.preview(code, by: bearer?.account, caller: Caller(request, context.address)))
    }

    @Sendable func claim(_ request: Request, context: AppContext) async throws -> Response {
        let code = try context.inviteCode
        let hasBody = request.headers[.contentType] != nil
        let wanted = hasBody ? try await request.decode(as: ClaimInvite.self, context: context) : ClaimInvite()
        let isKnown = request.headers[.authorization] != nil
        let bearer = isKnown ? try await BearerAuthenticator.bearer(of: request, credentials: credentials) : nil
        if let bearer { try await limits.take(.requestsByToken, bearer.credential.id) }
        let thing = "member \(code ?? "")"
        let key =
            try bearer.map { try IdempotencyKey(request, making: thing, by: $0.account) }
            ?? IdempotencyKey(request, making: thing, from: context.address)
        let claim = try await claims.claim(
            code, displayName: wanted.displayName, bearer: bearer, key: key, caller: Caller(request, context.address))
        return try WireAnswer.json(claim)
    }
}
