// Where a browser is led: to paths of this server alone.

internal import FoundationEssentials
internal import Hummingbird
internal import MeshAPI
internal import MeshServices

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

    /// Where one comes back to after signing in: as above, with the query, but for the language: it is kept already, and on
    /// the way another may be chosen.
    static func returning(to request: Request) -> String {
        guard request.method != .post, let path = request.head.path else { return page(of: request) }
        let parts = path.split(separator: "?", maxSplits: 1)
        let query = parts.dropFirst().joined().split(separator: "&").filter { !$0.hasPrefix("lang=") }
        return query.isEmpty ? String(parts.first ?? "/") : "\(parts[0])?\(query.joined(separator: "&"))"
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
