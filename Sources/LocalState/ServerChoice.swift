// Which server is in force, and who said so. Pure.

public import MeshAPI

/// Where the choice of a server came from.
public enum ServerOrigin: String, Sendable, Hashable, CaseIterable {
    case flag, environment, config, standard
}

/// The server in force.
public struct ServerChoice: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// The server of this machine alone; its address is known once it runs.
        case local
        case remote(ServerAddress)
    }

    public var kind: Kind
    public var origin: ServerOrigin

    public init(kind: Kind, origin: ServerOrigin) {
        self.kind = kind
        self.origin = origin
    }

    public var isLocal: Bool { kind == .local }

    /// nil for the local server.
    public var address: ServerAddress? { if case .remote(let address) = kind { address } else { nil } }
}

/// A server was named that cannot be one.
public struct ServerChoiceProblem: Error, Sendable, Hashable {
    public var origin: ServerOrigin
    public var text: String
    public var problem: ServerAddressProblem
}

extension ServerChoice {
    /// The name that stands for the local server in `config.json`.
    public static let localName = "local"

    /// First wins: `--server` or `--local`, `CLAUDEMESH_API_URL`, `config.json`, https://claudemesh.com.
    /// - Parameters:
    ///   - flag: the value of `--server`.
    ///   - local: whether `--local` was given.
    ///   - config: `server` of `config.json`.
    ///   - localAddress: where the local server is, if it was ever started: naming its address chooses it.
    public static func resolve(
        flag: String?, local: Bool, environment: [String: String], config: String?, localAddress: ServerAddress?
    ) throws(ServerChoiceProblem) -> ServerChoice {
        if local { return ServerChoice(kind: .local, origin: .flag) }
        let variable = environment["CLAUDEMESH_API_URL"].flatMap { $0.isEmpty ? nil : $0 }
        let named: [(ServerOrigin, String?)] = [(.flag, flag), (.environment, variable), (.config, config)]
        for case (let origin, let text?) in named {
            if text == localName, origin != .environment { return ServerChoice(kind: .local, origin: origin) }
            do {
                let address = try ServerAddress(text)
                let isLocal = localAddress.map { address.owns($0.description) } ?? false
                return ServerChoice(kind: isLocal ? .local : .remote(address), origin: origin)
            } catch {
                throw ServerChoiceProblem(origin: origin, text: text, problem: error)
            }
        }
        return ServerChoice(kind: .remote(.standard), origin: .standard)
    }
}
