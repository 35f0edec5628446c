// Who one is, and how one says so.

public import MeshAPI

/// How one gets to be somebody.
public enum WayIn: Sendable, Hashable {
    case browser
    /// As `browser`, with `/register` in front of the code.
    case createAccount
    case token
    /// This machine only; `chosen` by hand, and not by a flag.
    indirect case local(chosen: LocalChoice?)
    /// A guest made by an invite.
    case invite

    var isLocal: Bool { if case .local = self { true } else { false } }
}

/// "This machine only", chosen by hand.
public struct LocalChoice: Sendable, Hashable {
    /// The way in before it: nil is the welcome screen.
    var wayIn: WayIn?
    /// Nobody was signed in before: to come back loses nobody.
    var isFirst: Bool
}

/// A credential and whom it belongs to.
public struct Identity: Sendable, Hashable {
    /// What is known of its being valid. Requests behind the first frame find out.
    public enum Check: Sendable, Hashable {
        case unchecked
        case checked
        case offline(Unreachable)
    }

    public var user: User
    public var kind: CredentialKind
    public var token: Secret
    public var source: TokenSource
    /// The token's own name.
    public var label: String?
    /// Seconds since 1970.
    public var expiresAt: Int?
    public var check: Check

    public init(
        user: User, kind: CredentialKind, token: Secret, source: TokenSource, label: String? = nil,
        expiresAt: Int? = nil, check: Check = .unchecked
    ) {
        self.user = user
        self.kind = kind
        self.token = token
        self.source = source
        self.label = label
        self.expiresAt = expiresAt
        self.check = check
    }
}
