// /forgot and /reset/{link}: a new password for who can read the account's mail.

internal import HTTPTypes
internal import Hummingbird
internal import Localization
internal import MeshAPI
internal import MeshServices
internal import MeshStore

struct PasswordResetPages {
    let resets: PasswordResetService
    let pages: PageRenderer
    let address: PublicAddress

    func addRoutes(to web: RouterGroup<AppContext>) {
        web.get("forgot", use: showForgot)
        web.post("forgot", use: ask)
        web.get("reset/:link") { try await showReset($0, context: $1) }
        web.post("reset/:link", use: reset)
    }

    @Sendable private func showForgot(_ request: Request, context: AppContext) throws -> Response {
        let visitor = try context.requireVisitor()
        guard resets.isOffered else {
            return try pages.message(
                title: .forgotTitle, text: .forgotPassword, goesOn: true, request: request, visitor: visitor)
        }
        return try pages.render(
            "forgot", title: pages.texts(visitor.language)[PageText.forgotTitle], request: request, visitor: visitor)
    }

    /// The same answer whoever is asked for.
    @Sendable private func ask(_ request: Request, context: AppContext) async throws -> Response {
        let (visitor, form) = try await checkedForm(request, context)
        try await resets.ask(
            email: form["email"], language: visitor.language, caller: Caller(request, context.address),
            logger: context.logger)
        return try pages.message(
            title: .forgotTitle, text: .forgotSent, isGood: true, goesOn: true, request: request, visitor: visitor)
    }

    private func showReset(
        _ request: Request, context: AppContext, error: AccountService.FieldError? = nil
    ) async throws -> Response {
        let visitor = try context.requireVisitor()
        let link = try context.parameters.require("link")
        guard let account = try await resets.account(of: link) else {
            return try pages.render(
                "message", title: pages.texts(visitor.language)[PageText.resetTitle],
                values: [
                    "text": pages.texts(visitor.language)[PageText.resetUnusable], "forgot": resets.isOffered,
                    "back": true,
                ], request: request, visitor: visitor, status: .gone)
        }
        let texts = pages.texts(visitor.language)
        var values: [String: Any] = ["link": link, "email": account.email ?? ""]
        if let error { values["error"] = texts[error.text] }
        return try pages.render(
            "reset", title: texts[PageText.resetTitle], values: values, request: request, visitor: visitor,
            status: error == nil ? .ok : .unprocessableContent)
    }

    /// Whoever sets it signs in with it: it is typed a second time, and known to be the one that was meant.
    @Sendable private func reset(_ request: Request, context: AppContext) async throws -> Response {
        let (visitor, form) = try await checkedForm(request, context)
        do {
            _ = try await resets.reset(
                try context.parameters.require("link"), to: form["password"],
                caller: Caller(request, context.address))
        } catch let error as AccountService.FieldError {
            return try await showReset(request, context: context, error: error)
        }
        return try pages.message(
            title: .resetTitle, text: .resetDone, isGood: true, goesOn: true, request: request, visitor: visitor)
    }

    private func checkedForm(_ request: Request, _ context: AppContext) async throws -> (Visitor, Form) {
        let visitor = try context.requireVisitor()
        let form = try await Form(request)
        try SameOrigin.check(request, visitor: visitor, address: address, token: form["csrf_token"])
        return (visitor, form)
    }
}
