// /register, /login, /logout: forms with `name`, `email`, `password`, `csrf_token`.

internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Localization
internal import MeshAPI
internal import MeshServices
internal import MeshStore
internal import Platform

struct AccountPages {
    let accounts: AccountService
    let pages: PageRenderer
    let address: PublicAddress
    let registration: RegistrationMode
    let claims: ClaimService
    let canReset: Bool

    func addRoutes(to web: RouterGroup<AppContext>) {
        web.get("register") { try await showRegister($0, context: $1) }
        web.post("register", use: register)
        web.get("login") { try showLogin($0, context: $1) }
        web.post("login", use: signIn)
        web.get("logout", use: showLogout)
        web.post("logout", use: signOut)
    }

    // MARK: Register

    private func showRegister(
        _ request: Request, context: AppContext, form: Form? = nil, error: AccountService.FieldError? = nil
    ) async throws -> Response {
        let visitor = try context.requireVisitor()
        let next = form.map { $0["next"] } ?? Self.target(request)
        guard try await mayRegister(next: next, caller: Caller(request, context.address)) else {
            return try pages.message(
                title: .registerTitle, text: .registerClosed, goesOn: true, request: request, visitor: visitor,
                status: .forbidden)
        }
        return try showForm(
            "register", title: .registerTitle, request: request, visitor: visitor, form: form, error: error)
    }

    @Sendable private func register(_ request: Request, context: AppContext) async throws -> Response {
        let (visitor, form) = try await checkedForm(request, context: context)
        let caller = Caller(request, context.address)
        guard try await mayRegister(next: form["next"], caller: caller) else {
            return try await showRegister(request, context: context, form: form)
        }
        do {
            let account = try await accounts.register(
                name: form["name"], email: form["email"], password: form["password"],
                invite: registration == .invite ? OwnPath.inviteCode(form["next"]) : nil, caller: caller)
            return try await start(account, visitor: visitor, form: form, request: request, context: context)
        } catch let error as AccountService.FieldError {
            return try await showRegister(request, context: context, form: form, error: error)
        }
    }

    /// Where registration is by invite, whoever comes from a live one may. Throws 410 where it no longer is, and 429: that
    /// looks at the invite.
    private func mayRegister(next: String, caller: Caller) async throws -> Bool {
        switch registration {
        case .open: return true
        case .closed: return false
        case .invite:
            guard let code = OwnPath.inviteCode(next) else { return false }
            return try await claims.letsIn(code, caller: caller)
        }
    }

    /// Whether a link to the form makes sense; the form itself looks closer.
    private func offersRegistration(next: String) -> Bool {
        registration == .open || (registration == .invite && OwnPath.inviteCode(next) != nil)
    }

    // MARK: Sign in

    private func showLogin(
        _ request: Request, context: AppContext, form: Form? = nil, error: AccountService.FieldError? = nil
    ) throws -> Response {
        let visitor = try context.requireVisitor()
        if visitor.session != nil && form == nil { return WireAnswer.redirect(to: Self.target(request)) }
        return try showForm("login", title: .signInTitle, request: request, visitor: visitor, form: form, error: error)
    }

    @Sendable private func signIn(_ request: Request, context: AppContext) async throws -> Response {
        let (visitor, form) = try await checkedForm(request, context: context)
        let account = try await accounts.authenticate(
            email: form["email"], password: form["password"], caller: Caller(request, context.address))
        guard let account else {
            let error = AccountService.FieldError(field: "password", text: .signInWrong)
            return try showLogin(request, context: context, form: form, error: error)
        }
        do {
            return try await start(account, visitor: visitor, form: form, request: request, context: context)
        } catch let error as AccountService.FieldError {
            return try showLogin(request, context: context, form: form, error: error)
        }
    }

    // MARK: Sign out

    @Sendable private func showLogout(_ request: Request, context: AppContext) throws -> Response {
        let visitor = try context.requireVisitor()
        guard visitor.session != nil else { return WireAnswer.redirect(to: "/login") }
        return try pages.render(
            "logout", title: pages.texts(visitor.language)[PageText.signOutTitle], request: request, visitor: visitor)
    }

    @Sendable private func signOut(_ request: Request, context: AppContext) async throws -> Response {
        let (visitor, _) = try await checkedForm(request, context: context)
        if let session = visitor.session { try await accounts.endWebSession(session) }
        var response = WireAnswer.redirect(to: "/login")
        VisitorCookie(address).set(TokenForm.base32(randomBytes(32)), on: &response)
        return response
    }

    // MARK: What they share

    private func checkedForm(_ request: Request, context: AppContext) async throws -> (Visitor, Form) {
        let visitor = try context.requireVisitor()
        let form = try await Form(request)
        try SameOrigin.check(request, visitor: visitor, address: address, token: form["csrf_token"])
        return (visitor, form)
    }

    private func start(
        _ account: AccountRow, visitor: Visitor, form: Form, request: Request, context: AppContext
    ) async throws -> Response {
        let secret = try await accounts.startWebSession(
            account, replacing: visitor.secret, caller: Caller(request, context.address))
        var response = WireAnswer.redirect(to: OwnPath.parse(form["next"]) ?? "/dashboard")
        VisitorCookie(address).set(secret, on: &response)
        return response
    }

    private func showForm(
        _ template: String, title: PageText, request: Request, visitor: Visitor, form: Form?,
        error: AccountService.FieldError?
    ) throws -> Response {
        let texts = pages.texts(visitor.language)
        let next = form.flatMap { OwnPath.parse($0["next"]) } ?? Self.target(request)
        var values: [String: Any] = [
            "next": next, "next_query": PercentCoding.encode(next), "name": form?.shown("name") ?? "",
            "email": form?.shown("email") ?? "", "can_register": offersRegistration(next: next), "can_reset": canReset,
            "code": Self.code(in: next) ?? "",
        ]
        if let error {
            values["error"] = texts[error.text]
            values["\(error.field)_error"] = texts[error.text]
        }
        return try pages.render(
            template, title: texts[title], values: values, request: request, visitor: visitor,
            status: error == nil ? .ok : .unprocessableContent)
    }

    private static func target(_ request: Request) -> String {
        OwnPath.target(next: request.queryField("next"), code: request.queryField("code"))
    }

    /// The user code that `next` leads to: the page says what one signs in for.
    private static func code(in next: String) -> String? {
        let last = next.split(whereSeparator: { "/=".contains($0) }).last ?? ""
        let code = PercentCoding.decode(last.replacing("+", with: " "))
        return ReadableCode.normalize(code, length: ReadableCode.userCodeLength)
    }
}

extension AppContext {
    /// The visitor, on routes behind `PageVisitor`.
    func requireVisitor() throws -> Visitor {
        guard let visitor else { throw Refusal.fault }
        return visitor
    }
}
