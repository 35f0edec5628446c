// /i/{code}: what an invite leads to, and the one line that joins by it.

internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Localization
internal import MeshAPI
internal import MeshServices
internal import MeshStore
internal import Text

struct InvitePages {
    let claims: ClaimService
    let pages: PageRenderer
    let address: PublicAddress
    let registration: RegistrationMode
    let now: @Sendable () -> Date

    func addRoutes(to web: RouterGroup<AppContext>) {
        for path in ["i/:code", "I/:code"] as [RouterPath] { web.get(path, use: show) }
    }

    @Sendable private func show(_ request: Request, context: AppContext) async throws -> Response {
        let visitor = try context.requireVisitor()
        let code = try context.inviteCode
        let invite = try await claims.preview(
            code, by: visitor.session?.account, caller: Caller(request, context.address))
        let texts = pages.texts(visitor.language)
        let isNew = visitor.session == nil && registration != .closed
        return try pages.render(
            "invite", title: texts(PageText.inviteTitle, ["mesh": invite.meshName]),
            values: [
                "mesh": InertText.visible(invite.meshName), "inviter": InertText.visible(invite.inviterName),
                "membership": texts[PageText.membership(invite.role)],
                "members": texts(PageText.memberCount, count: invite.memberCount),
                "expires": texts.date(invite.expiresAt, now: now(), offset: 0),
                "uses": texts(PageText.usesLeft, count: invite.usesLeft),
                "command": "claudemesh \(address.base)/i/\(code ?? "")",
                "is_member": invite.membership != nil,
                "register": isNew ? "/register?next=/i/\(code ?? "")" : "",
            ], request: request, visitor: visitor)
    }
}

extension PageText {
    /// The word for a membership.
    static func membership(_ membership: Membership) -> PageText {
        switch membership {
        case .owner: .membershipOwner
        case .admin: .membershipAdmin
        case .member: .membershipMember
        }
    }
}
