// Who one is, and how one says so.

import FlowEngine
public import MeshAPI

/// How one gets to be somebody.
public enum WayIn: Sendable, Hashable {
    case browser
    /// As `browser`, with `/register` in front of the code.
    case createAccount
    case token
    case local
    /// A guest made by an invite.
    case invite
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

/// Who and where one was before another identity was asked for. Its file is untouched until the new sign-in succeeds.
public struct SetAside: Sendable, Hashable {
    public enum Reason: Sendable, Hashable {
        /// The person asked for another account; Esc brings it back.
        case changing
        /// The server no longer takes its token.
        case ended
        /// An invite of another server is being looked at; Esc brings it back.
        case otherServer
    }

    public var identity: Identity?
    public var wayIn: WayIn?
    public var server: Server
    /// Of that account: another one's are not shown meanwhile.
    var meshes: Meshes
    /// The steps that were seen and open then.
    var history: History<StepID>
    public var why: Reason
    /// What was laid aside before this, at most one: another server looked at while another account was asked for.
    var below: [SetAside] = []
}
