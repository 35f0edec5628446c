// The launched session that a command runs in: known by its processes, whatever the variables say. The daemon knows them; a
// command of such a session speaks as it, through the daemon.

import Connect
import Console
import FoundationEssentials
import LocalState
import MeshAPI
import MeshClient
import Peers

struct SurroundingSession: Sendable {
    let carried: CarriedSession
    /// The daemon's.
    private let socket: String
    /// Shown where the variables alone say which session it is.
    private let token: String?

    /// nil outside of one, and where no daemon carries it.
    static func find(_ context: Context) async -> SurroundingSession? {
        guard let control = try? DaemonControl(context) else { return nil }
        let socket = control.place.socket
        if FileManager.default.fileExists(atPath: socket),
            let carried = await DaemonLine(place: control.place, token: nil).me()
        {
            return SurroundingSession(carried: carried, socket: socket, token: nil)
        }
        // Behind a `setsid` or in another namespace nobody is our ancestor: the session's own file says it.
        guard let file = LaunchedSessionFile(tokenFile: context["CLAUDEMESH_IPC_TOKEN_FILE"]) else { return nil }
        let line = DaemonLine(place: control.place, token: file.token)
        if let carried = await line.me() {
            return SurroundingSession(carried: carried, socket: socket, token: file.token)
        }
        guard await control.ensure(), await line.register(file.facts), let carried = await line.me() else { return nil }
        return SurroundingSession(carried: carried, socket: socket, token: file.token)
    }

    /// The mesh that it is in, as it. Throws where another one is named.
    func place(_ mesh: String?, _ context: Context) throws -> InMesh {
        try context.given(mesh, as: "--mesh")
        let name = MeshName(id: carried.meshID, slug: carried.mesh, name: carried.meshName)
        if let mesh, ![name.id, name.slug, name.name].contains(where: { $0.lowercased() == mesh.lowercased() }) {
            throw Failure.noSuchMesh(text: mesh, closest: name.slug, known: [name.slug])
        }
        let server = try SessionToken.serverAddress(carried.server)
        let transport = Transport(socket: socket, userAgent: "claudemesh/\(Release.version)")
        let credential = token.map(Authorization.session)
        let client = APIClient(server: server, credential: credential, transport: transport, timeout: .seconds(15))
        return InMesh(
            access: try ServerAccess(context, session: client), mesh: name, session: carried.sessionID)
    }
}
