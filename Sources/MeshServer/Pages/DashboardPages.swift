// /dashboard: the account's meshes. Settings pages stand beside it.

internal import Hummingbird
internal import Localization
internal import MeshAPI
internal import MeshStore

struct DashboardPages {
    let meshes: MeshService
    let pages: PageRenderer

    func addRoutes(to account: RouterGroup<WebContext>) {
        account.get("dashboard", use: show)
    }

    @Sendable private func show(_ request: Request, context: WebContext) async throws -> Response {
        let texts = pages.texts(context.visitor.language)
        let page = try PageRequest(request, of: .meshes)
        let list = try await meshes.list(context.session.account, query: nil, page: page)
        var values: [String: Any] = [
            "meshes": list.items.map { mesh in
                [
                    "name": InertText.visible(mesh.name), "slug": mesh.slug,
                    "href": "/dashboard/meshes/\(Route.encoded(mesh.id))",
                    "unread": (mesh.unread ?? 0) == 0 ? "" : texts(PageText.meshUnread, count: mesh.unread ?? 0),
                    "membership": texts[PageText.membership(mesh.membership)],
                    "members": texts(PageText.memberCount, count: mesh.memberCount),
                ]
            },
            "none": list.items.isEmpty,
        ]
        if let cursor = list.nextCursor { values["next"] = "/dashboard?cursor=\(cursor)" }
        return try pages.render(
            "dashboard", title: texts[PageText.dashboardTitle], values: values, request: request,
            visitor: context.visitor)
    }
}
