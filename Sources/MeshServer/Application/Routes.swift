// Which controller answers what, and what stands before it. To add a controller: its line in the group it belongs to.

internal import Hummingbird
internal import MeshAPI
internal import MeshStore

extension Services {
    func router(activity: Activity) -> Router<AppContext> {
        let methods = MethodTable()
        let visitor = PageVisitor(database: database, address: address, now: surroundings.now)
        let router = Router(context: AppContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(
            middleware: Entrance(
                clients: ClientAddress(proxies: options.trustedProxies.compactMap { IPRange($0) }),
                hosts: HostGuard(address: address),
                errors: ErrorAnswers(pages: pages, methods: methods, visitors: visitor),
                headers: SecurityHeaders(address: address), log: AccessLog(activity: activity, metrics: metrics)))
        HealthController(readiness: readiness, version: options.version).addRoutes(to: router)
        MetricsController(
            metrics: metrics, database: database, hub: hub, changes: changes, token: options.metricsToken,
            now: surroundings.now
        ).addRoutes(to: router)
        router.get("openapi.json") { _, _ in
            guard let document = Assets.embedded.bytes("openapi.json") else { throw Refusal.notFound }
            return WireAnswer.json(data: document)
        }
        router.get("style.css") { _, _ in pages.fileAnswer("style.css", type: "text/css") }
        router.get("copy.js") { _, _ in pages.fileAnswer("copy.js", type: "text/javascript") }
        router.get("live.js") { _, _ in pages.fileAnswer("live.js", type: "text/javascript") }
        router.get("icon.svg") { _, _ in pages.fileAnswer("icon.svg", type: "image/svg+xml") }
        // Where browsers look that were given no page.
        router.get("favicon.ico") { _, _ in WireAnswer.redirect(to: pages.link("icon.svg")) }

        addAPI(to: router, visitor: visitor)
        OAuthController(codes: deviceCodes, address: address, now: surroundings.now).addRoutes(to: router)
        addPages(to: router, visitor: visitor)
        methods.fill(from: router)
        return router
    }

    /// /api: without a token, with one, with one or a session's own, and what only a browser may.
    private func addAPI(to router: Router<AppContext>, visitor: PageVisitor) {
        let api = router.group("api")
        let browser = router.group("api").add(middleware: visitor)
        DeviceCodeController(codes: deviceCodes, approvals: approvals).addRoutes(to: api, pages: browser)

        let my = router.group("api/my")
            .add(middleware: BearerAuthenticator(credentials: credentials, limits: limits))
            .group(context: BearerContext.self)
        let read = router.group("api/my")
            .add(middleware: ReaderAuthenticator(credentials: credentials, limits: limits))
            .group(context: ReaderContext.self)
        let speak = router.group("api/my")
            .add(
                middleware: ReaderAuthenticator(credentials: credentials, limits: limits, rule: .meshRequestsByToken)
            )
            .group(context: ReaderContext.self)
        WhoAmIController(database: database).addRoutes(to: read)
        TokenController(credentials: credentials).addRoutes(to: my)
        MeshController(meshes: meshes).addRoutes(to: my, read: read)
        MemberController(members: members).addRoutes(to: my, read: read)
        GrantController(grants: grants).addRoutes(to: my)
        PresenceController(presence: presence).addRoutes(to: speak)
        MessageController(messages: messages, receipts: receipts).addRoutes(to: speak)
        EventController(events: events).addRoutes(to: speak)
        TopicController(topics: topics, notifications: notifications).addRoutes(to: speak)
        InviteController(invites: invites, claims: claims, credentials: credentials, limits: limits)
            .addRoutes(to: my, api: api)
        ModerationController(moderation: moderation).addRoutes(to: my)
        KeyController(keys: keys).addRoutes(to: my)
        TelemetryController(counter: TelemetryCounter(metrics: metrics), limits: limits).addRoutes(to: api)
    }

    /// Pages: for anybody, and for those who are signed in.
    private func addPages(to router: Router<AppContext>, visitor: PageVisitor) {
        let web = router.group().add(middleware: visitor)
        web.get("") { _, context in
            WireAnswer.redirect(to: context.visitor?.session == nil ? "/login" : "/dashboard")
        }
        AccountPages(
            accounts: accounts, pages: pages, address: address, registration: options.registrationInForce,
            claims: claims, canReset: resets.isOffered
        ).addRoutes(to: web)
        PasswordResetPages(resets: resets, pages: pages, address: address).addRoutes(to: web)
        ApprovalPages(
            approvals: approvals, accounts: accounts, pages: pages, address: address, now: surroundings.now
        ).addRoutes(to: web)

        InvitePages(
            claims: claims, pages: pages, address: address, registration: options.registrationInForce,
            now: surroundings.now
        ).addRoutes(to: web)

        let account = web.group(context: WebContext.self)
        DashboardPages(meshes: meshes, pages: pages, address: address).addRoutes(to: account)
        MeshPages(services: self).addRoutes(to: account)
        MeshInvitePages(
            meshes: meshes, invites: invites, pages: pages, address: address, canMail: options.mail != nil,
            now: surroundings.now
        ).addRoutes(to: account)
        SettingsPages(
            credentials: credentials, accounts: accounts, pages: pages, address: address, now: surroundings.now
        ).addRoutes(to: account)
    }
}
