// Who one is: nobody yet, or somebody. What else there is to know depends on which, and stands in the two cases: on the way in,
// and who was laid aside for it, without an identity; what follows from having become somebody, with one.

import FlowEngine
import MeshAPI

/// The account of a run.
public enum Account: Sendable, Hashable {
    indirect case nobody(SignedOut)
    case somebody(SignedIn)

    public init(_ identity: Identity? = nil) {
        self = identity.map { .somebody(SignedIn(identity: $0)) } ?? .nobody(SignedOut())
    }

    public var identity: Identity? { signedIn?.identity }

    var signedIn: SignedIn? { if case .somebody(let signedIn) = self { signedIn } else { nil } }

    /// Who and where one was, while another identity is asked for.
    var aside: SetAside? { if case .nobody(let entrance) = self { entrance.aside } else { nil } }

    /// How one gets, or got, to be somebody in this run; nil: it is not chosen yet, or one was at the start.
    var wayIn: WayIn? {
        get {
            switch self {
            case .nobody(let entrance): entrance.wayIn
            case .somebody(let signedIn): signedIn.wayIn
            }
        }
        set {
            switch self {
            case .nobody(var entrance):
                entrance.wayIn = newValue
                self = .nobody(entrance)
            case .somebody(var signedIn):
                signedIn.wayIn = newValue
                self = .somebody(signedIn)
            }
        }
    }

    /// News of who one is; none where that is nobody.
    public mutating func correct(_ change: (inout Identity) -> Void) {
        update { change(&$0.identity) }
    }

    mutating func update(_ change: (inout SignedIn) -> Void) {
        guard case .somebody(var signedIn) = self else { return }
        change(&signedIn)
        self = .somebody(signedIn)
    }

    /// Nobody again, on the way in that there was.
    mutating func forgetIdentity() {
        if case .somebody(let signedIn) = self { self = .nobody(SignedOut(wayIn: signedIn.wayIn)) }
    }
}

/// Nobody is signed in.
public struct SignedOut: Sendable, Hashable {
    /// The way in that was taken; nil: all are open.
    var wayIn: WayIn?
    var aside: SetAside?
}

/// Somebody is.
public struct SignedIn: Sendable, Hashable {
    public var identity: Identity
    var wayIn: WayIn?
    /// The account before, where this run changed it: "Signed in as B (was A)".
    var changedFrom: User?
    /// The guest whose memberships are on their way to this account.
    var adopting: Secret?
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

    /// Nobody, where another server is looked at on the way in; then what was laid aside before is in there.
    public var account: Account
    public var server: Server
    /// Of that account: another one's are not shown meanwhile.
    var meshes: Meshes
    /// The steps that were seen and open then.
    var history: History<StepID>
    public var why: Reason

    public var identity: Identity? { account.identity }
}

/// A sign-in on its way to the disk.
struct Saving: Sendable, Hashable {
    var record: SignInRecord
    /// The saved sign-in that it takes the place of, which ends once it is there.
    var replaced: Access?
}
