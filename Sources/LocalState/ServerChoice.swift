// Which server is in force, and who said so. Pure.

package import MeshAPI

/// Where the choice of a server came from.
package enum ServerOrigin: String, Sendable, Hashable, CaseIterable {
    case flag, environment, config, signIn, standard
}

/// The server in force.
package struct ServerChoice: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// The server of this machine alone; its address is known once it runs.
        case local
        case remote(ServerAddress)
    }

    package var kind: Kind
    package var origin: ServerOrigin

    package init(kind: Kind, origin: ServerOrigin) {
        self.kind = kind
        self.origin = origin
    }

    package var isLocal: Bool { kind == .local }

    /// nil for the local server.
    package var address: ServerAddress? { if case .remote(let address) = kind { address } else { nil } }
}

/// A server was named that cannot be one.
package struct ServerChoiceProblem: Error, Sendable, Hashable {
    package var origin: ServerOrigin
    package var text: String
    package var problem: ServerAddressProblem
}

extension ServerChoice {
    /// The name that stands for the local server in `config.json`.
    package static let localName = "local"

    /// First wins: `--server` or `--local`, `CLAUDEMESH_API_URL`, `config.json`, where one is signed in (that file may be
    /// damaged or gone), https://claudemesh.com.
    /// - Parameters:
    ///   - flag: the value of `--server`.
    ///   - local: whether `--local` was given.
    ///   - config: `server` of `config.json`.
    ///   - signedInTo: the server of `auth.json`.
    ///   - localAddress: where the local server is, if it was ever started: naming its address chooses it.
    package static func resolve(
        flag: String?, local: Bool, environment: [String: String], config: String?,
        signedInTo: ServerAddress? = nil, localAddress: ServerAddress?
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
        if let signedInTo { return ServerChoice(kind: .remote(signedInTo), origin: .signIn) }
        return ServerChoice(kind: .remote(.standard), origin: .standard)
    }
}
