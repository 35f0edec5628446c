// Which controller answers what, and what stands before it. To add a controller: its line in the group it belongs to.

internal import Hummingbird

extension Services {
    func router(activity: Activity) -> Router<AppContext> {
        let router = Router(context: AppContext.self, options: [.autoGenerateHeadEndpoints])
        router.addMiddleware {
            SecurityHeaders(address: address)
            AccessLog(activity: activity)
            ErrorAnswers(pages: pages)
            HostGuard(address: address)
            BodyLimit()
        }
        HealthController(database: database, version: options.version).addRoutes(to: router)
        router.get("style.css") { _, _ in pages.stylesheetAnswer() }

        let visitor = PageVisitor(database: database, address: address, now: surroundings.now)
        addAPI(to: router, visitor: visitor)
        OAuthController(codes: deviceCodes, address: address, now: surroundings.now).addRoutes(to: router)
        addPages(to: router, visitor: visitor)
        return router
    }

    /// /api: without a token, with one, and what only a browser may.
    private func addAPI(to router: Router<AppContext>, visitor: PageVisitor) {
        let api = router.group("api")
        let browser = router.group("api").add(middleware: visitor)
        DeviceCodeController(codes: deviceCodes, approvals: approvals).addRoutes(to: api, pages: browser)

        let my = router.group("api/my")
            .add(middleware: BearerAuthenticator(credentials: credentials, limits: limits))
            .group(context: BearerContext.self)
        WhoAmIController().addRoutes(to: my)
        MeshController(meshes: meshes).addRoutes(to: my)
    }

    /// Pages: for anybody, and for those who are signed in.
    private func addPages(to router: Router<AppContext>, visitor: PageVisitor) {
        let web = router.group().add(middleware: visitor)
        web.get("") { _, context in
            WireAnswer.redirect(to: context.visitor?.session == nil ? "/login" : "/dashboard")
        }
        AccountPages(
            accounts: accounts, pages: pages, address: address, registration: options.registrationInForce
        ).addRoutes(to: web)
        ApprovalPages(
            approvals: approvals, accounts: accounts, pages: pages, address: address, now: surroundings.now
        ).addRoutes(to: web)

        let account = web.group(context: WebContext.self)
        DashboardPages(meshes: meshes, pages: pages).addRoutes(to: account)
    }
}
