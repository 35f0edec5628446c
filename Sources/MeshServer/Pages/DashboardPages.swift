// /dashboard: the account's meshes. Settings pages stand beside it.

internal import Hummingbird
internal import Localization
internal import MeshAPI
internal import MeshServices
internal import MeshStore
internal import Text

struct DashboardPages {
    let meshes: MeshService
    let pages: PageRenderer
    let address: PublicAddress

    func addRoutes(to account: RouterGroup<WebContext>) {
        account.get("dashboard") { try await show($0, context: $1) }
        account.post("dashboard", use: create)
    }

    /// Makes a mesh, once however often the form is sent. Where its slug is one's own already, the next free one is taken.
    @Sendable private func create(_ request: Request, context: WebContext) async throws -> Response {
        let form = try await Form(request)
        try SameOrigin.check(request, visitor: context.visitor, address: address, token: form["csrf_token"])
        let name = form["name"].trimmingWhitespace()
        if let problem = FieldRule.name.problem(of: name) {
            return try await show(request, context: context, form: form, error: .of(problem))
        }
        let key = IdempotencyKey(form, making: "mesh", by: context.session.account)
        let caller = Caller(request, context.address)
        var wanted = CreateMesh(name: name)
        let mesh: Mesh
        do {
            mesh = try await meshes.create(wanted, owner: context.session.account, key: key, caller: caller)
        } catch let refusal as Refusal {
            guard let free = refusal.body.suggestion else { throw refusal }
            wanted.slug = free
            mesh = try await meshes.create(wanted, owner: context.session.account, key: key, caller: caller)
        }
        return WireAnswer.redirect(to: MeshPages.Place.topic(Topic.general).path(mesh.id))
    }

    private func show(
        _ request: Request, context: WebContext, form: Form? = nil, error: PageText? = nil
    ) async throws -> Response {
        let texts = pages.texts(context.visitor.language)
        let page = try PageRequest(request, of: .meshes)
        let list = try await meshes.list(context.session.account, query: nil, page: page)
        var values: [String: Any] = [
            "meshes": list.items.map { mesh -> [String: String] in
                let unread = mesh.unread.flatMap { $0 == 0 ? nil : texts(PageText.meshUnread, count: $0) }
                let facts: [String?] = [
                    unread, texts[PageText.membership(mesh.membership)],
                    texts(PageText.memberCount, count: mesh.memberCount),
                ]
                return [
                    "name": InertText.visible(mesh.name), "slug": mesh.slug,
                    "href": "/dashboard/meshes/\(Route.encoded(mesh.id))",
                    "facts": facts.compactMap(\.self).joined(separator: " · "),
                ]
            },
            "none": list.items.isEmpty, "name": form?.shown("name") ?? "",
            "client_id": form?["client_id"] ?? Identifier.make(), "error": error.map { texts[$0] } ?? "",
        ]
        if let cursor = list.nextCursor { values["next"] = "/dashboard?cursor=\(cursor)" }
        return try pages.render(
            "dashboard", title: texts[PageText.dashboardTitle], values: values, request: request,
            visitor: context.visitor, status: error == nil ? .ok : .unprocessableContent)
    }
}
