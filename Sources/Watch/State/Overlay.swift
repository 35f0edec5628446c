// What can lie above the mesh. To add one: a case here, its screen, its keys.

public import MeshAPI

public enum Overlay: Sendable, Hashable, Identifiable {
    case help
    case quit(losses: Int)
    case peer(String)
    case person(String)
    case topic(String)
    /// A stranger's message that waits to be let in.
    case firstWord(Message)
    /// One message whole.
    case message(String)
    case meshes
    case attention
    /// Who may write: of one member.
    case contact(String)
    /// Asked about by its name.
    case putOut(String)
    case ban(String)
    case ended(Link.End)

    public var id: ScreenID {
        switch self {
        case .help: .help
        case .quit: .quit
        case .peer: .peer
        case .person: .person
        case .topic: .topic
        case .firstWord: .firstWord
        case .message: .message
        case .meshes: .meshes
        case .attention: .attention
        case .contact: .contact
        case .putOut: .putOut
        case .ban: .ban
        case .ended: .ended
        }
    }
}
