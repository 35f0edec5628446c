// The launched session that a command runs in: known by its processes, whatever the variables say. The daemon knows them; a
// command of such a session speaks as it, through the daemon, or with its mesh itself where no daemon can run.

import Connect
import Console
import FoundationEssentials
import LocalState
import MeshAPI
import MeshClient
import Peers
import Platform

struct SurroundingSession: Sendable {
    private enum Way: Sendable {
        /// The token is shown where the session's own file alone says which session it is.
        case daemon(socket: String, token: String?)
        case server(token: String)
    }

    let id: String
    let mesh: MeshName
    private let server: String
    private let way: Way

    private init(_ carried: CarriedSession, _ way: Way) {
        id = carried.sessionID
        mesh = MeshName(id: carried.meshID, slug: carried.mesh, name: carried.meshName)
        server = carried.server
        self.way = way
    }

    private init(_ file: LaunchedSessionFile) {
        let facts = file.facts
        id = facts.sessionID
        mesh = MeshName(id: facts.meshID, slug: facts.meshSlug, name: facts.meshName ?? facts.meshSlug)
        server = facts.server
        way = .server(token: file.token)
    }

    /// nil outside of one.
    static func find(_ context: Context) async -> SurroundingSession? {
        guard let control = try? DaemonControl(context) else { return nil }
        let own = control.place.socket
        if let carried = await Self.carried(at: own, token: nil) {
            return SurroundingSession(carried, .daemon(socket: own, token: nil))
        }
        // Nobody who is our ancestor is known there: the session's own file says it.
        guard let file = Self.file(context) else { return nil }
        let socket = file.facts.socket ?? own
        if let carried = await Self.carried(at: socket, token: file.token) {
            return SurroundingSession(carried, .daemon(socket: socket, token: file.token))
        }
        // Another configuration's daemon is not ours to start.
        if socket == own, await control.ensure(),
            await DaemonLine(place: control.place, token: file.token).register(file.facts),
            let carried = await Self.carried(at: own, token: file.token)
        {
            return SurroundingSession(carried, .daemon(socket: own, token: file.token))
        }
        return SurroundingSession(file)
    }

    private static func carried(at socket: String, token: String?) async -> CarriedSession? {
        guard FileManager.default.fileExists(atPath: socket) else { return nil }
        return await DaemonLine(socket: socket, token: token).me()
    }

    /// Of the variables, or of those that a process which started this one has: whoever empties theirs is in it still.
    private static func file(_ context: Context) -> LaunchedSessionFile? {
        let name = "CLAUDEMESH_IPC_TOKEN_FILE"
        if let path = context[name], let named = LaunchedSessionFile(tokenFile: path) { return named }
        for ancestor in ProcessTree.ancestors(of: ProcessIdentity.own.pid) {
            if let path = ProcessTree.variable(name, of: ancestor), let file = LaunchedSessionFile(tokenFile: path) {
                return file
            }
        }
        return nil
    }

    /// The mesh that it is in, as it. Throws where another one is named.
    func place(_ named: String?, _ context: Context) throws -> InMesh {
        try context.given(named, as: "--mesh")
        if let named, ![mesh.id, mesh.slug, mesh.name].contains(where: { $0.lowercased() == named.lowercased() }) {
            throw Failure.noSuchMesh(text: named, closest: mesh.slug, known: [mesh.slug])
        }
        let server = try SessionToken.serverAddress(server)
        switch way {
        case .daemon(let socket, let token):
            let transport = Transport(socket: socket, userAgent: "claudemesh/\(Release.version)")
            let client = APIClient(
                server: server, credential: token.map(Authorization.session), transport: transport,
                timeout: .seconds(15))
            return InMesh(access: try ServerAccess(context, session: client), mesh: mesh, session: id)
        case .server(let token):
            let client = APIClient(server: server, credential: .session(token), transport: context.transport())
            return InMesh(access: try ServerAccess(context, session: client), mesh: mesh, session: id)
        }
    }
}
