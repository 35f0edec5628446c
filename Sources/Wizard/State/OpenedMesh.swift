// A mesh of the list that is opened: what is being done with it.

public import MeshAPI

/// The row behind `→`, and how far the person has got there.
public struct OpenedMesh: Sendable, Hashable {
    public enum Phase: Sendable, Hashable {
        case choosing
        /// The new name is in the field `meshRename`.
        case renaming
        case sendingName(String)
        case inviting
        case invited(Invite)
        /// It asks first.
        case askingToLeave
        case leaving
    }

    public var id: String
    public var phase: Phase = .choosing
    /// Kept over retries, so that two never make two invites.
    var inviteKey = ""

    /// Where Esc, or a failure, leads from what is on its way.
    var former: Phase {
        switch phase {
        case .sendingName: .renaming
        case .leaving: .askingToLeave
        default: .choosing
        }
    }

    var isUnderWay: Bool {
        switch phase {
        case .sendingName, .inviting, .leaving: true
        default: false
        }
    }
}

/// What became of a row.
enum MeshDone: Sendable, Hashable {
    case renamed(String)
    case left(String)
}

extension WizardState {
    /// The mesh that is opened.
    var openedMesh: Mesh? { meshes.opened.flatMap { meshes.rows.mesh($0.id) } }
}
