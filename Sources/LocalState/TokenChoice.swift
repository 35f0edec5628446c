// Which credential is in force, and where it came from. Pure; the table is in `TokenChoiceTests`.

package import MeshAPI
import Text

/// Where a credential came from.
package enum TokenOrigin: String, Sendable, Hashable, CaseIterable {
    case flag, environment, file
    /// The launched session this runs in.
    case session
}

/// The credential in force.
package struct TokenChoice: Sendable, Hashable {
    package var credential: Authorization
    package var origin: TokenOrigin
    /// The stored identity; nil for a token from elsewhere, whose account only the server knows.
    package var auth: AuthFile?
    /// The stored sign-in to this server that this one hides.
    package var hides: AuthFile?

    package init(credential: Authorization, origin: TokenOrigin, auth: AuthFile?, hides: AuthFile?) {
        self.credential = credential
        self.origin = origin
        self.auth = auth
        self.hides = hides
    }
}

/// What there is to sign requests with.
package enum TokenResolution: Sendable, Hashable {
    case signedIn(TokenChoice)
    case none
    /// There is a sign-in, to another server.
    case elsewhere(AuthFile)
}

/// Why no credential could be settled on.
package enum TokenChoiceFailure: Error, Sendable, Hashable {
    /// `CLAUDEMESH_TOKEN` is set but empty.
    case emptyVariable
    /// Not of a token's form. Its text is not kept.
    case malformed(TokenOrigin)
    case auth(AuthFailure)
}

extension TokenChoice {
    package static let variable = "CLAUDEMESH_TOKEN"

    /// First wins: `flag`, `CLAUDEMESH_TOKEN`, `auth.json` (if it belongs to `server`), the session this runs in. On the
    /// local server it is always that server's own `auth.json`.
    /// - Parameters:
    ///   - flag: what `--token`, `--with-token` or `--token-file` gave.
    ///   - stored: `auth.json` as read, or why not.
    ///   - local: `local/auth.json` as read, or why not.
    ///   - ipcToken: the text of the file that `CLAUDEMESH_IPC_TOKEN_FILE` names, nil where it cannot be read.
    package static func resolve(
        server: ServerChoice, flag: String?, environment: [String: String], stored: StoredAuth,
        local: StoredAuth, ipcToken: String?
    ) throws(TokenChoiceFailure) -> TokenResolution {
        guard let address = server.address else { return try resolveLocal(local) }
        let mine = (try? stored.get()).flatMap { $0.server == address ? $0 : nil }
        if let flag {
            return .signedIn(
                TokenChoice(credential: try bearer(flag, .flag), origin: .flag, auth: nil, hides: mine))
        }
        if let variable = environment[variable] {
            guard !variable.trimmingUnseen().isEmpty else { throw .emptyVariable }
            return .signedIn(
                TokenChoice(
                    credential: try bearer(variable, .environment), origin: .environment, auth: nil, hides: mine))
        }
        if let mine {
            return .signedIn(TokenChoice(credential: mine.credential, origin: .file, auth: mine, hides: nil))
        }
        if let session = session(environment, ipcToken: ipcToken, address) {
            return .signedIn(TokenChoice(credential: session, origin: .session, auth: nil, hides: nil))
        }
        do { return try stored.get().map(TokenResolution.elsewhere) ?? .none } catch { throw .auth(error) }
    }

    /// The text of the file that `CLAUDEMESH_IPC_TOKEN_FILE` names; nil where there is none of ours to be read.
    package static func readIPCToken(environment: [String: String]) -> String? {
        guard let path = environment["CLAUDEMESH_IPC_TOKEN_FILE"],
            let file = try? SafeFile.read(path, limit: ConfigDirectory.smallFile)
        else { return nil }
        return GivenText.decode(file.bytes)
    }

    /// The token of the launched session this runs in: 64 hexadecimal digits, of that session's server alone.
    static func session(
        _ environment: [String: String], ipcToken: String?, _ server: ServerAddress
    ) -> Authorization? {
        let home = environment["CLAUDEMESH_API_URL"].flatMap { try? ServerAddress($0) }
        let text = environment["CLAUDEMESH_IPC_TOKEN_FILE"] == nil ? environment["CLAUDEMESH_IPC_TOKEN"] : ipcToken
        guard environment["CLAUDEMESH_SESSION_ID"] != nil, home == server, let text else { return nil }
        let token = text.trimmingUnseen().lowercased()
        guard token.utf8.count == 64, token.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }) else {
            return nil
        }
        return .session(token)
    }

    /// As above, as the choice in force.
    package static func ofSession(
        _ environment: [String: String], ipcToken: String?, _ server: ServerAddress
    ) -> TokenChoice? {
        session(environment, ipcToken: ipcToken, server).map {
            TokenChoice(credential: $0, origin: .session, auth: nil, hides: nil)
        }
    }

    private static func resolveLocal(
        _ local: StoredAuth
    ) throws(TokenChoiceFailure) -> TokenResolution {
        do {
            guard let auth = try local.get() else { return .none }
            return .signedIn(TokenChoice(credential: auth.credential, origin: .file, auth: auth, hides: nil))
        } catch {
            throw .auth(error)
        }
    }

    private static func bearer(_ text: String, _ origin: TokenOrigin) throws(TokenChoiceFailure) -> Authorization {
        let token = text.trimmingUnseen()
        guard TokenForm.kind(of: token, among: TokenForm.Kind.allCases) != nil else { throw .malformed(origin) }
        return .bearer(token)
    }
}
