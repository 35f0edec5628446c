// /api/my/cli: the machines that are signed in, and access tokens. All but ending the current credential needs a
// session: a token can't make or end others.

internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import MeshAPI
internal import MeshServices
internal import MeshStore

struct TokenController {
    let credentials: CredentialService

    func addRoutes(to my: RouterGroup<BearerContext>) {
        my.delete("cli/sessions/current", use: endCurrent)
        let session = my.group("cli", context: SessionContext.self)
        session.get("sessions", use: listSessions)
        session.delete("sessions/:id") { try await revoke($0, context: $1, kind: .session) }
        session.get("tokens", use: listTokens)
        session.post("tokens", use: create)
        session.delete("tokens/:id") { try await revoke($0, context: $1, kind: .pat) }
    }

    @Sendable func endCurrent(_ request: Request, context: BearerContext) async throws -> Response {
        try await credentials.revoke(context.bearer.credential, by: context.bearer.account)
        return WireAnswer.noContent
    }

    @Sendable func listSessions(_ request: Request, context: SessionContext) async throws -> Response {
        let page = try await credentials.sessions(
            of: context.bearer.account, current: context.bearer.credential.id,
            page: try PageRequest(request, of: .sessions))
        return try WireAnswer.list(Routes.listCLISessions, page)
    }

    @Sendable func listTokens(_ request: Request, context: SessionContext) async throws -> Response {
        let page = try await credentials.tokens(of: context.bearer.account, page: try PageRequest(request, of: .tokens))
        return try WireAnswer.list(Routes.listTokens, page)
    }

    @Sendable func create(_ request: Request, context: SessionContext) async throws -> Response {
        let wanted = try await request.decode(as: CreateAccessToken.self, context: context)
        let account = context.bearer.account
        let token = try await credentials.createToken(
            wanted, for: account, key: try IdempotencyKey(request, making: "token", by: account))
        return try WireAnswer.json(token, status: .created)
    }

    private func revoke(_ request: Request, context: SessionContext, kind: CredentialKind) async throws -> Response {
        try await credentials.revoke(
            id: try context.parameters.require("id"), kind: kind, by: context.bearer.account)
        return WireAnswer.noContent
    }
}

/// A request with a session's token, not an access token's or a guest's.
struct SessionContext: WireContext, ChildRequestContext {
    var coreContext: CoreRequestContextStorage
    let bearer: Bearer

    init(context: BearerContext) throws {
        guard context.bearer.credential.kind == .session else { throw Refusal.sessionRequired }
        coreContext = context.coreContext
        bearer = context.bearer
    }
}
