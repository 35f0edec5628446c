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
    var session: WebSessionRow?
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
        add(name, secret, maxAge: Int(WebSessionRow.idleSeconds), to: &response)
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
