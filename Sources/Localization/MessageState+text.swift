// What became of a message, in a word.

public import MeshAPI

extension MessageState {
    public var text: MessageText {
        switch self {
        case .queued: .stateQueued
        case .fetched: .stateFetched
        case .handed: .stateHanded
        case .seen: .stateSeen
        case .acknowledged: .stateAcknowledged
        case .held: .stateHeld
        case .refused: .stateRefused
        case .expired: .stateExpired
        case .withdrawn: .stateWithdrawn
        case .posted: .statePosted
        }
    }
}
