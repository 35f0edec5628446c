// Who looks at a page. Every visitor has a cookie with a random secret; one that is signed in has a row for its digest.
// Form tokens are made from the secret, so a form of one browser is good in no other. Signing in makes a new secret.

internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Localization
internal import MeshAPI
internal import MeshServices
internal import MeshStore

struct Visitor: Sendable {
    /// The cookie's value.
    var secret: String
    var session: WebSession?
    var language: Language
    /// The `csrf_token` of this visitor's forms.
    var formToken: String
    /// Where to sign in and come back from.
    var signInPath: String
}

/// The visitor's cookie: under https with the prefix that binds it to this host. A browser keeps one jar for all ports of
/// a host, so where the address has a port it is in the name: another server there would sign its visitors out.
struct VisitorCookie: Sendable {
    let isSecure: Bool
    let name: String

    init(_ address: PublicAddress) {
        isSecure = address.isSecure
        name = (isSecure ? Self.hostPrefix : "") + "cm_web" + (address.port.map { "_\($0)" } ?? "")
    }

    /// A browser takes a cookie of such a name over https and from this host alone.
    static let hostPrefix = "__Host-"

    /// The secret of a request's cookie, nil where it has none of ours.
    func secret(of request: Request) -> String? {
        guard let value = request.cookies[name]?.value, value.utf8.count == TokenForm.bodyLength,
            Base32.decode(value) != nil
        else { return nil }
        return value
    }

    func set(_ secret: String, on response: inout Response) {
        add(name, secret, maxAge: Int(WebSession.idleSeconds), to: &response)
    }

    func set(_ language: Language, on response: inout Response) {
        add(
            (isSecure ? Self.hostPrefix : "") + PageLanguage.cookie, language.rawValue, maxAge: 365 * 86_400,
            to: &response)
    }

    private func add(_ name: String, _ value: String, maxAge: Int, to response: inout Response) {
        let ending = isSecure ? "; Secure" : ""
        response.headers.append(
            HTTPField(
                name: .setCookie, value: "\(name)=\(value); Path=/; Max-Age=\(maxAge); HttpOnly; SameSite=Lax\(ending)")
        )
    }
}

/// Finds out who looks, before every page.
struct PageVisitor: RouterMiddleware {
    let database: any Store
    let address: PublicAddress
    let now: @Sendable () -> Date

    func handle(_ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response)
        async throws -> Response
    {
        let known = try await known(request)
        let visitor = known ?? visitor(TokenForm.base32(Secret.randomBytes(32)), session: nil, request)
        let now = now()
        let isStale = visitor.session.map { now.timeIntervalSince($0.lastSeenAt) > 3600 } ?? false
        if isStale, let session = visitor.session {
            try await database.write(.nothing) { try $0.webSessions.touch(digest: session.digest, at: now) }
        }
        var context = context
        context.visitor = visitor
        var response = try await next(request, context)
        let isSet = response.headers[values: .setCookie].contains { $0.hasPrefix(cookie.name + "=") }
        if (known == nil || isStale) && !isSet { cookie.set(visitor.secret, on: &response) }
        if let language = PageLanguage.asked(request) { cookie.set(language, on: &response) }
        return response
    }

    var cookie: VisitorCookie { VisitorCookie(address) }

    /// Who has been here before, by their cookie; nil for anybody else.
    func known(_ request: Request) async throws -> Visitor? {
        guard let secret = cookie.secret(of: request) else { return nil }
        let now = now()
        let session = try await database.lookUp { try $0.webSessions.live(digest: Secret.digest(secret), at: now) }
        return visitor(secret, session: session, request)
    }

    private func visitor(_ secret: String, session: WebSession?, _ request: Request) -> Visitor {
        Visitor(
            secret: secret, session: session, language: PageLanguage.of(request),
            formToken: database.key.hmac(.csrf, secret),
            signInPath: OwnPath.signIn(then: OwnPath.returning(to: request)))
    }
}

/// Paths of this server, as `next=` takes them.
enum OwnPath {
    /// `text` where it is a path of ours, else nil: `//host`, `/\host`, a scheme, controls would lead elsewhere.
    static func parse(_ text: String?) -> String? {
        guard let text, text.hasPrefix("/"), text.utf8.count <= 512 else { return nil }
        guard !text.hasPrefix("//"), !text.contains("\\"),
            text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F })
        else { return nil }
        return text
    }

    /// The page a request is of; of a form that was sent, the page it stands on (`/dashboard/settings/sessions` of
    /// `…/sessions/ID/revoke`, the code's page of an approval), and the first of all of what is no path of ours.
    static func page(of request: Request) -> String {
        let path = request.uri.path
        guard request.method == .post else { return parse(path) ?? "/" }
        let parts = path.split(separator: "/")
        if path.hasPrefix("/api/auth/cli/device-code/"), parts.count == 6 { return "/cli-auth?code=\(parts[4])" }
        return parts.first == "cli-auth" ? "/cli-auth" : "/" + parts.prefix(3).joined(separator: "/")
    }

    /// Where one comes back to after signing in: as above, with the query.
    static func returning(to request: Request) -> String {
        request.method == .post ? page(of: request) : request.head.path ?? "/"
    }

    static func signIn(then path: String) -> String { "/login?next=\(PercentCoding.encode(path))" }

    /// The code of an invite's page, `/i/CODE`.
    static func inviteCode(_ path: String) -> String? {
        guard path.lowercased().hasPrefix("/i/") else { return nil }
        let code = PercentCoding.decode(path.dropFirst(3).prefix { $0 != "?" && $0 != "/" })
        return InviteReference.code(in: code)
    }

    /// Where a form that asks to sign in leads: `next`, else the card of `code`, else the dashboard.
    static func target(next: String?, code: String?) -> String {
        if let next = parse(next) { return next }
        let code = code.flatMap { ReadableCode.normalize($0, length: ReadableCode.userCodeLength) }
        return code.map { "/cli-auth?code=\($0)" } ?? "/dashboard"
    }
}
