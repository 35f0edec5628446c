// /cli-auth and its short form /c: the code is typed or comes in the address, the card is shown, Approve or Deny.

internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Localization
internal import MeshAPI
internal import MeshServices
internal import MeshStore
internal import Platform

struct ApprovalPages {
    let approvals: ApprovalService
    let accounts: AccountService
    let pages: PageRenderer
    let address: PublicAddress
    let now: @Sendable () -> Date

    func addRoutes(to web: RouterGroup<AppContext>) {
        for path in ["cli-auth", "c", "C"] as [RouterPath] { web.get(path, use: enter) }
        for path in ["c/:code", "C/:code"] as [RouterPath] {
            web.get(path) {
                try await card(PercentCoding.decode(try $1.parameters.require("code")), request: $0, context: $1)
            }
        }
        web.post("cli-auth/switch", use: switchAccount)
        web.get("cli-auth/approved") { request, context in
            try pages.message(
                title: .approvedTitle, text: .approvedText, isGood: true, request: request, visitor: context.visitor)
        }
        web.get("cli-auth/denied") { request, context in
            try pages.message(title: .deniedTitle, text: .deniedText, request: request, visitor: context.visitor)
        }
    }

    @Sendable private func enter(_ request: Request, context: AppContext) async throws -> Response {
        if let code = request.queryField("code"), !code.isEmpty {
            return try await card(code, request: request, context: context)
        }
        return try showEntry(request, visitor: try context.requireVisitor(), isWrong: false)
    }

    private func showEntry(_ request: Request, visitor: Visitor, isWrong: Bool) throws -> Response {
        let texts = pages.texts(visitor.language)
        return try pages.render(
            "code", title: texts[PageText.codeTitle], values: isWrong ? ["error": texts[PageText.codeUnusable]] : [:],
            request: request, visitor: visitor, status: isWrong ? .notFound : .ok)
    }

    private func card(_ text: String, request: Request, context: AppContext) async throws -> Response {
        let visitor = try context.requireVisitor()
        guard let session = visitor.session else { return WireAnswer.redirect(to: visitor.signInPath) }
        // Only who is shown the card owns the code, and HEAD shows nothing.
        guard request.method == .get else { return try showEntry(request, visitor: visitor, isWrong: false) }
        let card = try await approvals.open(
            text, account: session.account, caller: Caller(request, context.address))
        guard let card else { return try showEntry(request, visitor: visitor, isWrong: true) }
        let texts = pages.texts(visitor.language)
        let now = now()
        let asked = Int(now.timeIntervalSince(card.device.createdAt))
        let left = Int(card.device.expiresAt.timeIntervalSince(now))
        return try pages.render(
            "card", title: texts[PageText.cardTitle],
            values: [
                "code": card.code, "device": card.device.deviceName,
                "system": "\(card.device.deviceOs) \(card.device.deviceArch)",
                "asked": asked < 60
                    ? texts(PageText.askedSeconds, count: max(0, asked))
                    : texts(PageText.askedMinutes, count: asked / 60),
                "left": left < 60
                    ? texts(PageText.expiresSeconds, count: left) : texts(PageText.expiresMinutes, count: left / 60),
                "owner": session.account.email ?? session.account.name,
            ], request: request, visitor: visitor)
    }

    /// "Sign in as someone else": gives the code up and signs out. Without such a code nobody is signed out.
    @Sendable private func switchAccount(_ request: Request, context: AppContext) async throws -> Response {
        let visitor = try context.requireVisitor()
        let form = try await Form(request)
        try SameOrigin.check(request, visitor: visitor, address: address, token: form["csrf_token"])
        let code = form["code"]
        if let session = visitor.session {
            guard try await approvals.release(code, account: session.account) else {
                return try showEntry(request, visitor: visitor, isWrong: true)
            }
            try await accounts.endWebSession(session)
        }
        var response = WireAnswer.redirect(to: OwnPath.signIn(then: OwnPath.target(next: nil, code: code)))
        VisitorCookie(address).set(TokenForm.base32(randomBytes(32)), on: &response)
        return response
    }
}
