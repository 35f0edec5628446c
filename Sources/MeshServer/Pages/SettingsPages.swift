// /dashboard/settings: access tokens, signed-in machines, the password. Every change is a form with its token.

internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Localization
internal import MeshAPI
internal import MeshServices
internal import MeshStore
internal import Text

struct SettingsPages {
    let credentials: CredentialService
    let accounts: AccountService
    let pages: PageRenderer
    let address: PublicAddress
    let now: @Sendable () -> Date

    /// Days a token may live, as the form offers them; 0 is never.
    static let choices = [30, 90, 365, 0]

    func addRoutes(to account: RouterGroup<WebContext>) {
        let settings = account.group("dashboard/settings")
        settings.get("cli-tokens") { try await showTokens($0, context: $1) }
        settings.post("cli-tokens", use: createToken)
        settings.post("cli-tokens/:id/revoke") { try await revoke($0, context: $1, kind: .pat, back: "cli-tokens") }
        settings.get("sessions", use: showSessions)
        settings.post("sessions/:id/revoke") { try await revoke($0, context: $1, kind: .session, back: "sessions") }
        settings.get("password") { try showPassword($0, context: $1) }
        settings.post("password", use: changePassword)
        settings.get("password/changed") { request, context in
            try pages.message(
                title: .passwordTitle, text: .passwordChanged, isGood: true, goesOn: true, request: request,
                visitor: context.visitor)
        }
    }

    // MARK: Tokens

    private func showTokens(
        _ request: Request, context: WebContext, made: AccessToken? = nil, error: PageText? = nil, form: Form? = nil
    ) async throws -> Response {
        let texts = pages.texts(context.visitor.language)
        let list = try await credentials.tokens(
            of: context.session.account, page: try PageRequest(request, of: .tokens))
        let chosen = form.flatMap { Int($0["expires_in_days"]) } ?? CredentialService.defaultDays
        var values: [String: Any] = [
            "tokens": list.items.map { token in
                [
                    "id": token.id, "name": InertText.visible(token.name), "used": used(token.lastUsedAt, texts),
                    "expires": token.expiresAt.map { texts(PageText.until, ["date": day($0, texts)]) }
                        ?? texts[PageText.neverExpires],
                ]
            },
            "none": list.items.isEmpty, "name": form?.shown("name") ?? "",
            "choices": Self.choices.map { days in
                [
                    "days": days, "words": words(days, texts),
                    "chosen": days == chosen,
                ] as [String: Any]
            },
        ]
        if let made, let token = made.token { values["made"] = ["name": made.name, "token": token] }
        if let error {
            values["error"] = texts[error]
            values[error == .errorChoice ? "expires_error" : "name_error"] = true
        }
        if let cursor = list.nextCursor { values["next"] = "/dashboard/settings/cli-tokens?cursor=\(cursor)" }
        return try pages.render(
            "tokens", title: texts[PageText.tokensTitle], values: values, request: request, visitor: context.visitor,
            status: error == nil ? .ok : .unprocessableContent)
    }

    /// The token is in this answer and nowhere else; loading the page again makes no second one, since it is a form.
    @Sendable private func createToken(_ request: Request, context: WebContext) async throws -> Response {
        let form = try await checkedForm(request, context)
        guard let days = Int(form["expires_in_days"]), Self.choices.contains(days) else {
            return try await showTokens(request, context: context, error: .errorChoice, form: form)
        }
        do {
            let made = try await credentials.createToken(
                CreateAccessToken(name: form["name"], expiresInDays: days), for: context.session.account, key: nil)
            return try await showTokens(request, context: context, made: made)
        } catch let refusal as Refusal where refusal.body.field == "name" {
            let problem = FieldRule.label.problem(of: form["name"].trimmingWhitespace()) ?? .nothingVisible
            return try await showTokens(request, context: context, error: .of(problem), form: form)
        }
    }

    // MARK: Sessions

    @Sendable private func showSessions(_ request: Request, context: WebContext) async throws -> Response {
        let texts = pages.texts(context.visitor.language)
        let list = try await credentials.sessions(
            of: context.session.account, current: nil, page: try PageRequest(request, of: .sessions))
        var values: [String: Any] = [
            "sessions": list.items.map { session in
                [
                    "id": session.id, "name": InertText.visible(session.name),
                    "system": InertText.visible("\(session.os) \(session.arch)"),
                    "used": session.lastUsedAt.map { texts(PageText.usedOn, ["date": moment($0, texts)]) }
                        ?? texts[PageText.neverUsed],
                    "since": texts(PageText.linkedOn, ["date": moment(session.createdAt, texts)]),
                    "short": String(session.id.prefix(8)),
                ]
            },
            "none": list.items.isEmpty,
        ]
        if let cursor = list.nextCursor { values["next"] = "/dashboard/settings/sessions?cursor=\(cursor)" }
        return try pages.render(
            "sessions", title: texts[PageText.sessionsTitle], values: values, request: request,
            visitor: context.visitor)
    }

    /// What is gone already is gone: the list says so. What never was theirs is not there.
    private func revoke(_ request: Request, context: WebContext, kind: CredentialKind, back: String) async throws
        -> Response
    {
        _ = try await checkedForm(request, context)
        let id = try context.parameters.require("id")
        do {
            try await credentials.revoke(id: id, kind: kind, by: context.session.account)
        } catch let refusal as Refusal where refusal.status == .notFound {
            guard try await credentials.has(id: id, kind: kind, account: context.session.account) else { throw refusal }
        }
        return WireAnswer.redirect(to: "/dashboard/settings/\(back)")
    }

    // MARK: Password

    private func showPassword(_ request: Request, context: WebContext, error: (String, PageText)? = nil) throws
        -> Response
    {
        let texts = pages.texts(context.visitor.language)
        var values: [String: Any] = ["email": context.session.account.email ?? ""]
        if let error {
            values["error"] = texts[error.1]
            values["\(error.0)_error"] = true
        }
        return try pages.render(
            "password", title: texts[PageText.passwordTitle], values: values, request: request,
            visitor: context.visitor, status: error == nil ? .ok : .unprocessableContent)
    }

    /// Ends every session of the account, this browser's too, which gets a new one.
    @Sendable private func changePassword(_ request: Request, context: WebContext) async throws -> Response {
        let form = try await checkedForm(request, context)
        let caller = Caller(request, context.address)
        let verified = try await accounts.authenticate(
            email: context.session.account.email ?? "", password: form["current_password"], caller: caller)
        guard let verified else {
            return try showPassword(request, context: context, error: ("current", .currentWrong))
        }
        let secret: String
        do {
            let account = try await accounts.setPassword(
                of: verified, to: form["password"], session: context.session, caller: caller)
            secret = try await accounts.startWebSession(account, replacing: context.visitor.secret, caller: caller)
        } catch let error as AccountService.FieldError {
            return try showPassword(request, context: context, error: (error.field, error.text))
        }
        var response = WireAnswer.redirect(to: "/dashboard/settings/password/changed")
        VisitorCookie(address).set(secret, on: &response)
        return response
    }

    // MARK: What they share

    private func checkedForm(_ request: Request, _ context: WebContext) async throws -> Form {
        let form = try await Form(request)
        try SameOrigin.check(request, visitor: context.visitor, address: address, token: form["csrf_token"])
        return form
    }

    private func words(_ days: Int, _ texts: Strings) -> String {
        switch days {
        case 0: texts[PageText.never]
        case 365: texts[PageText.oneYear]
        default: texts(PageText.days, count: days)
        }
    }

    private func used(_ date: Date?, _ texts: Strings) -> String {
        date.map { texts(PageText.usedOn, ["date": day($0, texts)]) } ?? texts[PageText.neverUsed]
    }

    /// With the time of day, so that two sign-ins of one machine can be told apart.
    private func moment(_ date: Date, _ texts: Strings) -> String {
        "\(day(date, texts)), \(texts.time(date, offset: 0))\(PageLanguage.utc)"
    }

    private func day(_ date: Date, _ texts: Strings) -> String { texts.date(date, now: now(), offset: 0) }
}
