// Which controller answers what, and what stands before it. To add a controller: its line in the group it belongs to.

internal import FoundationEssentials
internal import Hummingbird
internal import MeshAPI
internal import MeshServices
internal import MeshStore

extension MeshServerApplication {
    private var address: PublicAddress { services.address }
    private var now: @Sendable () -> Date { services.surroundings.now }

    func router() -> Router<AppContext> {
        let pages = pages
        let methods = MethodTable()
        let visitor = PageVisitor(database: services.database, address: address, now: now)
        let router = Router(context: AppContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(
            middleware: Entrance(
                clients: ClientAddress(proxies: options.trustedProxies.compactMap { IPRange($0) }),
                hosts: HostGuard(address: address),
                errors: ErrorAnswers(pages: pages, methods: methods, visitors: visitor),
                headers: SecurityHeaders(address: address),
                log: AccessLog(activity: activity, metrics: services.metrics)))
        HealthController(readiness: readiness, version: options.version).addRoutes(to: router)
        MetricsController(
            metrics: services.metrics, database: services.database, hub: services.hub, changes: services.changes,
            token: options.metricsToken,
            now: now
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
        OAuthController(codes: services.deviceCodes, address: address, now: now).addRoutes(to: router)
        addPages(to: router, visitor: visitor)
        methods.fill(from: router)
        return router
    }

    /// /api: without a token, with one, with one or a session's own, and what only a browser may.
    private func addAPI(to router: Router<AppContext>, visitor: PageVisitor) {
        let api = router.group("api")
        let browser = router.group("api").add(middleware: visitor)
        DeviceCodeController(codes: services.deviceCodes, approvals: services.approvals).addRoutes(
            to: api, pages: browser)

        let my = router.group("api/my")
            .add(middleware: BearerAuthenticator(credentials: services.credentials, limits: services.limits))
            .group(context: BearerContext.self)
        let read = router.group("api/my")
            .add(middleware: ReaderAuthenticator(credentials: services.credentials, limits: services.limits))
            .group(context: ReaderContext.self)
        let speak = router.group("api/my")
            .add(
                middleware: ReaderAuthenticator(
                    credentials: services.credentials, limits: services.limits, rule: .meshRequestsByToken)
            )
            .group(context: ReaderContext.self)
        WhoAmIController(database: services.database).addRoutes(to: read)
        TokenController(credentials: services.credentials).addRoutes(to: my)
        MeshController(meshes: services.meshes).addRoutes(to: my, read: read)
        MemberController(members: services.members).addRoutes(to: my, read: read)
        GrantController(grants: services.grants).addRoutes(to: my)
        PresenceController(presence: services.presence).addRoutes(to: speak)
        MessageController(messages: services.messages, receipts: services.receipts).addRoutes(to: speak)
        EventController(events: services.events).addRoutes(to: speak)
        TopicController(topics: services.topics, notifications: services.notifications).addRoutes(to: speak)
        InviteController(
            invites: services.invites, claims: services.claims, credentials: services.credentials,
            limits: services.limits
        )
        .addRoutes(to: my, api: api)
        ModerationController(moderation: services.moderation).addRoutes(to: my)
        KeyController(keys: services.keys).addRoutes(to: my)
        TelemetryController(counter: TelemetryCounter(metrics: services.metrics), limits: services.limits).addRoutes(
            to: api)
    }

    /// Pages: for anybody, and for those who are signed in.
    private func addPages(to router: Router<AppContext>, visitor: PageVisitor) {
        let web = router.group().add(middleware: visitor)
        web.get("") { _, context in
            WireAnswer.redirect(to: context.visitor?.session == nil ? "/login" : "/dashboard")
        }
        AccountPages(
            accounts: services.accounts, pages: pages, address: address, registration: options.registrationInForce,
            claims: services.claims, canReset: services.resets.isOffered
        ).addRoutes(to: web)
        PasswordResetPages(resets: services.resets, pages: pages, address: address).addRoutes(to: web)
        ApprovalPages(
            approvals: services.approvals, accounts: services.accounts, pages: pages, address: address, now: now
        ).addRoutes(to: web)

        InvitePages(
            claims: services.claims, pages: pages, address: address, registration: options.registrationInForce,
            now: now
        ).addRoutes(to: web)

        let account = web.group(context: WebContext.self)
        DashboardPages(meshes: services.meshes, pages: pages, address: address).addRoutes(to: account)
        MeshPages(services: services, pages: pages).addRoutes(to: account)
        MeshInvitePages(
            meshes: services.meshes, invites: services.invites, pages: pages, address: address,
            canMail: options.mail != nil,
            now: now
        ).addRoutes(to: account)
        SettingsPages(
            credentials: services.credentials, accounts: services.accounts, pages: pages, address: address, now: now
        ).addRoutes(to: account)
    }
}
