// How messages of the mesh will reach the session: what the last look before the launch says of it.

public import MeshAPI

/// What the agent can take, as its version and the flags say.
public enum MessagesOutlook: Sendable, Hashable {
    /// A message begins a turn.
    case wake
    /// They come with the next turn; with this version of the agent they would wake it.
    case turn(needs: String)
    /// They come when it looks: it has no hooks.
    case look
    /// `--no-messages`.
    case off
    /// Another program than Claude Code.
    case notHere
    /// A flag of the user's keeps them out.
    case keptOut(flag: String)

    /// Whether any message can come.
    var takes: Bool {
        switch self {
        case .wake, .turn, .look: true
        case .off, .notHere, .keptOut: false
        }
    }
}

extension WizardState {
    /// What may wake the session: asked for now, else as it was last in this mesh.
    public var attention: Attention {
        request.attention ?? answers.mesh.flatMap { memory.attention[$0.value.id] } ?? .open
    }
}
