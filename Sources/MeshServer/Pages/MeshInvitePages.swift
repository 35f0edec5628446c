// /dashboard/meshes/{id}/invites: who may invite makes a link here, and sees and revokes those that are out.

internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Localization
internal import MeshAPI
internal import MeshServices
internal import MeshStore
internal import Text

struct MeshInvitePages {
    let meshes: MeshService
    let invites: InviteService
    let pages: PageRenderer
    let address: PublicAddress
    /// Mail is configured: an invite can be sent.
    let canMail: Bool
    let now: @Sendable () -> Date

    /// Days an invite may live, and people it may let in, as the form offers them.
    private static let days = [1, 7, 30]
    private static let uses = [1, 5, 25, 100]

    func addRoutes(to account: RouterGroup<WebContext>) {
        let invites = account.group("dashboard/meshes/:id/invites")
        invites.get { try await show($0, context: $1) }
        invites.post(use: create)
        invites.post(":invite/revoke", use: revoke)
    }

    private func show(
        _ request: Request, context: WebContext, form: Form? = nil, made: Invite? = nil, error: PageText? = nil
    ) async throws -> Response {
        let texts = pages.texts(context.visitor.language)
        let meshID = try context.meshID
        let mesh = try await meshes.mesh(meshID, for: context.reader)
        let list = try await invites.list(
            meshID: meshID, for: context.session.account, page: try PageRequest(request, of: .invites))
        let path = Self.path(meshID)
        var values: [String: Any] = [
            "path": path, "mesh_path": MeshPages.Place.topic(Topic.general).path(meshID),
            "invites": list.items.map { row($0, path, texts) }, "none": list.items.isEmpty, "can_mail": canMail,
            "email": form?.shown("email") ?? "", "client_id": form?["client_id"] ?? Identifier.make(),
            "days": Self.days.map { choice($0, texts(PageText.days, count: $0), form?["expires_in_days"], "7") },
            "uses": Self.uses.map { choice($0, texts(PageText.people, count: $0), form?["max_uses"], "1") },
            "error": error.map { texts[$0] } ?? "", "is_admin": form?["role"] == "admin",
        ]
        if let made { values["made"] = self.made(made, texts) }
        if let cursor = list.nextCursor { values["next"] = "\(path)?cursor=\(cursor)" }
        return try pages.render(
            "invites", title: texts(PageText.invitesTitle, ["mesh": InertText.visible(mesh.name)]), values: values,
            request: request, visitor: context.visitor, status: error == nil ? .ok : .unprocessableContent)
    }

    /// The link stands in this answer, and with the invite in the list.
    @Sendable private func create(_ request: Request, context: WebContext) async throws -> Response {
        let form = try await checkedForm(request, context)
        let meshID = try context.meshID
        guard let days = Int(form["expires_in_days"]), Self.days.contains(days), let uses = Int(form["max_uses"]),
            Self.uses.contains(uses)
        else { return try await show(request, context: context, form: form, error: .errorChoice) }
        let email = form["email"].trimmingWhitespace()
        let wanted = CreateInvite(
            email: email.isEmpty ? nil : email, role: form["role"] == "admin" ? .admin : .member, expiresInDays: days,
            maxUses: uses)
        do {
            let invite = try await invites.create(
                wanted, meshID: meshID, inviter: context.session.account, language: context.visitor.language,
                key: IdempotencyKey(form, making: "invite \(meshID)", by: context.session.account),
                logger: context.logger)
            return try await show(request, context: context, made: invite)
        } catch let refusal as Refusal where refusal.body.field == "email" {
            return try await show(request, context: context, form: form, error: .emailInvalid)
        }
    }

    /// What is gone already is gone: the list says so.
    @Sendable private func revoke(_ request: Request, context: WebContext) async throws -> Response {
        _ = try await checkedForm(request, context)
        let meshID = try context.meshID
        do {
            try await invites.revoke(
                try context.parameters.require("invite"), meshID: meshID, by: context.session.account)
        } catch let refusal as Refusal where refusal.status == .notFound {
            // A mesh that is not theirs has no list to lead to.
            _ = try await meshes.mesh(meshID, for: context.reader)
        }
        return WireAnswer.redirect(to: Self.path(meshID))
    }

    private func row(_ invite: Invite, _ path: String, _ texts: Strings) -> [String: Any] {
        let left = (invite.maxUses ?? 1) - (invite.uses ?? 0)
        return [
            "url": invite.url, "short": String(invite.code.prefix(4)), "email": InertText.visible(invite.email ?? ""),
            "facts": [
                texts[PageText.membership(invite.role ?? .member)], texts(PageText.usesLeft, count: left),
                texts(PageText.until, ["date": texts.date(invite.expiresAt, now: now(), offset: 0)]),
            ].joined(separator: " · "),
            "revoke": "\(path)/\(Route.encoded(invite.id))/revoke",
        ]
    }

    private func made(_ invite: Invite, _ texts: Strings) -> [String: Any] {
        let date = texts.date(invite.expiresAt, now: now(), offset: 0)
        var values: [String: Any] = [
            "url": invite.url, "says": texts(PageText.inviteLetsIn, ["date": date], count: invite.maxUses ?? 1),
        ]
        if let email = invite.email {
            let text: PageText = invite.emailed == true ? .inviteMailed : .inviteNotMailed
            values["mailed"] = texts(text, ["email": InertText.visible(email)])
        }
        return values
    }

    private func choice(_ value: Int, _ words: String, _ chosen: String?, _ usual: String) -> [String: Any] {
        ["value": value, "words": words, "chosen": String(value) == chosen ?? usual]
    }

    static func path(_ meshID: String) -> String { "/dashboard/meshes/\(Route.encoded(meshID))/invites" }

    private func checkedForm(_ request: Request, _ context: WebContext) async throws -> Form {
        let form = try await Form(request)
        try SameOrigin.check(request, visitor: context.visitor, address: address, token: form["csrf_token"])
        return form
    }
}
