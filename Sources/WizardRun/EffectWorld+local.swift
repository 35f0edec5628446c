// The server of this machine, started again by whatever needs it: a wizard's request, a running session.

import Connect
import Console
import LocalState
import MeshAPI
import MeshClient
import Wizard

extension EffectWorld {
    /// Starts the server of this machine again where `access` is to it and `failure` says that it is gone. What it is
    /// spoken to with from now on; nil where nothing was to be done, or could be.
    func revived(_ access: Access, after failure: APIFailure) async -> Access? {
        guard !isDry, case .unreachable(let why) = failure, why.isGone, isLocal(access) else { return nil }
        let control = LocalServerControl(context: context, directory: directory, transport: transport)
        guard let auth = try? await control.start() else { return nil }
        return Access(server: auth.server.description, token: access.token.map { _ in Secret(auth.token) })
    }

    private func isLocal(_ access: Access) -> Bool {
        guard let address = try? ServerAddress(access.server) else { return false }
        return (try? directory.local.readAuth())?.value?.server == address
    }
}

extension Unreachable {
    /// Nothing is there any more.
    fileprivate var isGone: Bool {
        switch self {
        case .refused, .connectionLost: true
        default: false
        }
    }
}
