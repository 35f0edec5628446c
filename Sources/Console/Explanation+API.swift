// The words and exit codes of requests that failed. From HTTP: 400, 413, 422 are 3; 401 is 2; 403 is 7; 404 and 410
// are 5; 409 is 6; 429, 5xx, no answer and no usable answer are 4.

package import LocalState
package import Localization
package import MeshAPI

extension Words {
    /// - Parameters:
    ///   - host: who was asked, as a person reads it.
    ///   - origin: where the token of the request came from, nil where it had none.
    package func api(_ failure: APIFailure, host: String, origin: TokenOrigin?) -> Explanation {
        switch failure {
        case .cancelled: self("cancelled", .declined, .cancelled)
        case .unreachable(let why): unreachable(why, host: host)
        case .refused(401, let body?, _) where body.error == "key_elsewhere":
            Explanation(
                code: body.error, message: context.strings(ModerationText.keyElsewhere),
                remedy: context.strings(ModerationText.keyElsewhereRemedy), exit: .unauthenticated)
        case .refused(401, _, _): unauthenticated(origin)
        case .refused(let status, let body, let retryAfter):
            refused(status, body, retryAfter: retryAfter, host: host)
        }
    }

    private func unauthenticated(_ origin: TokenOrigin?) -> Explanation {
        switch origin {
        case .file, nil: Explanation(.authenticationFailed, context: context)
        case .some(let origin): Explanation(.tokenRejected(source: context.name(of: origin)), context: context)
        }
    }

    private func unreachable(_ why: Unreachable, host: String) -> Explanation {
        let (key, remedy): (WizardText, WizardText) =
            switch why {
            case .nameNotResolved: (.unreachableName, .remedyOffline)
            case .refused: (.unreachableRefused, .remedyRefused)
            case .noAnswer: (.unreachableNoAnswer, .remedyOffline)
            case .connectionLost: (.unreachableLost, .remedyRefused)
            case .untrustedCertificate: (.unreachableCertificate, .remedyCertificate)
            case .webPage: (.unreachableWebPage, .remedyWebPage)
            case .malformed: (.unreachableMalformed, .remedyServer)
            case .tooLarge: (.unreachableTooLarge, .remedyServer)
            case .redirected: (.unreachableRedirected, .remedyServer)
            case .insecure: (.unreachableInsecure, .remedyInsecure)
            case .proxy: (.unreachableProxy, .remedyProxy)
            case .proxyRefused: (.unreachableProxyRefused, .remedyProxyRefused)
            case .proxyFailed: (.unreachableProxyFailed, .remedyProxyFailed)
            case .proxyPassword: (.unreachableProxyPassword, .remedyProxyPassword)
            case .proxyUnusable: (.unreachableProxyUnusable, .remedyProxyUnusable)
            case .certificates: (.unreachableCertificates, .remedyCertificates)
            case .other: (.unreachableOther, .remedyOffline)
            }
        var values = ["host": host, "server": host]
        switch why {
        case .noAnswer(let seconds): values["n"] = String(seconds)
        case .other(let reason): values["reason"] = reason
        case .proxy(let proxy), .proxyRefused(let proxy), .proxyFailed(let proxy), .proxyPassword(let proxy):
            values["proxy"] = proxy
        case .certificates(let path): values["path"] = context.displayed(path: path)
        default: break
        }
        return Explanation(
            code: "unreachable", message: context.strings(key, values), remedy: context.strings(remedy, values),
            exit: .unreachable)
    }

    private func refused(_ status: Int, _ body: ErrorBody?, retryAfter: Int?, host: String) -> Explanation {
        let code = body?.error ?? (status == 429 ? "rate_limited" : "http_\(status)")
        if let problem = BadInvite(code: code) { return invite(problem, host: host) }
        switch (status, code) {
        case (_, "slug_taken"):
            return self(
                code, .exists, .slugTaken, remedy: body?.suggestion == nil ? nil : .slugTakenRemedy,
                ["slug": body?.suggestion ?? ""])
        case (_, "last_owner"): return self(code, .exists, .lastOwner, remedy: .lastOwnerRemedy)
        case (_, "session_required"): return self(code, .notPermitted, .sessionRequired, remedy: .sessionRequiredRemedy)
        case (403, "kicked"): return over(code, .kicked, .kickedRemedy, body?.mesh ?? host)
        case (403, "banned"): return over(code, .banned, .bannedRemedy, body?.mesh ?? host)
        case (403, "moved"): return over(code, .moved, nil, body?.mesh ?? host)
        case (403, "removed"): return over(code, .removedFromMesh, nil, body?.mesh ?? host)
        case (_, "guest_only"): return Explanation(.guestOnly, context: context)
        case (400, _), (413, _), (415, _), (422, _):
            return self(code, .input, .refusedInput, ["host": host, "reason": reason(body, code)])
        case (403, _): return self(code, .notPermitted, .notPermitted, ["host": host], remedy: .notPermittedRemedy)
        case (404, _), (410, _): return self(code, .notFound, .notFound, ["host": host])
        case (409, _): return self(code, .exists, .refusedInput, ["host": host, "reason": reason(body, code)])
        case (429, _):
            return self(
                code, .unreachable, .rateLimited, ["host": host],
                remedy: retryAfter == nil ? .rateLimitedLater : .rateLimitedRemedy, ["n": String(retryAfter ?? 0)])
        default:
            return self(
                code, .unreachable, .serverFailed, ["host": host, "status": String(status)], remedy: .serverFailedRemedy
            )
        }
    }

    /// Nobody is let into a mesh, or not by this token, any more.
    package func over(_ code: String, _ text: MessageText, _ remedy: MessageText?, _ mesh: String) -> Explanation {
        let values = ["mesh": mesh]
        return Explanation(
            code: code, message: context.strings(text, values), remedy: remedy.map { context.strings($0, values) },
            exit: .notPermitted)
    }

    /// Why a server refused. Servers speak English and of their fields: what we know is told in our words, anything else is
    /// quoted.
    private func reason(_ body: ErrorBody?, _ code: String) -> String {
        guard let message = body?.message else { return body?.field ?? code }
        var known: [String: ErrorText] = [
            "email": .accountEmail, "role": .refusedRole, "expires_in_days": .refusedExpiry, "max_uses": .refusedUses,
        ]
        if context.strings.language != .en {
            // Of names it says more than we know.
            known.merge(["name": .accountName, "display_name": .accountName, "slug": .refusedSlug]) { $1 }
        }
        if code == "invalid", let text = body?.field.flatMap({ known[$0] }) { return self[text, [:]] }
        return context.strings.language == .en ? message : self[.quoted, ["text": message]]
    }
}
