// Naming another server: what its screen knows. The text is in the field `server`.

public import MeshAPI

/// Why a text names no server that one can sign in to.
public enum ServerProblem: Sendable, Hashable {
    case empty
    case notAnAddress
    /// A token would leave this machine over plain `http:`.
    case insecure
}

/// The state of the server screen, while it is open.
public struct ServerEntry: Sendable, Hashable {
    public enum Phase: Sendable, Hashable {
        /// With what is wrong, if that may be said already.
        case typing(ServerProblem?)
        case checking(Server)
        /// It answered as our servers do.
        case checked(Server, version: String?)
        /// No answer of use.
        case failed(Server, Retry)
    }

    public var phase: Phase = .typing(nil)

    public init() {}
}

extension Server {
    public init(_ address: ServerAddress) { self.init(baseURL: address.description, host: address.authority) }
}
