// Who one is, as `login` and `whoami` say it: `{user, credential, source, server, checked?}`.

import Console
import FoundationEssentials
import LocalState
import MeshAPI

struct WhoAmIAnswer: Encodable {
    /// The credential in force. What only the server knows is missing where it was not asked.
    struct Proof: Encodable {
        var id: String?
        var kind: CredentialKind
        var name: String?
        var expiresAt: Date?

        private enum CodingKeys: CodingKey {
            case id, kind, name, expiresAt
        }

        /// "Never ends" is said, not left out.
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(id, forKey: .id)
            try container.encode(kind, forKey: .kind)
            try container.encodeIfPresent(name, forKey: .name)
            try container.encode(expiresAt, forKey: .expiresAt)
        }
    }

    var user: User
    var credential: Proof
    /// `flag`, `environment`, `file`, `session`.
    var source: String
    var server: String
    /// Whether the server was asked; `whoami` alone says it.
    var checked: Bool?
    var sessions: [CLISession]?

    init(_ who: WhoAmI, source: TokenOrigin, server: ServerAddress, checked: Bool? = nil) {
        let credential = who.credential
        self.init(
            user: who.user,
            credential: Proof(
                id: credential.id, kind: credential.kind, name: credential.name, expiresAt: credential.expiresAt),
            source: source, server: server, checked: checked)
    }

    /// As stored, without the server's word for it.
    init(stored auth: AuthFile, checked: Bool? = nil) {
        self.init(
            user: auth.user, credential: Proof(kind: auth.kind, expiresAt: auth.expiresAt), source: .file,
            server: auth.server, checked: checked)
    }

    private init(user: User, credential: Proof, source: TokenOrigin, server: ServerAddress, checked: Bool?) {
        self.user = user
        self.credential = credential
        self.source = source.rawValue
        self.server = server.description
        self.checked = checked
    }
}

extension AuthFile {
    /// What its token is, as far as the file tells.
    var kind: CredentialKind {
        switch source {
        case .pat: .pat
        case .invite: .guest
        case .deviceCode, .local: .session
        }
    }
}
