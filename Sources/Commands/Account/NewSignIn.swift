// A sign-in from the moment there is a token for it: kept on disk, the former one ended, the meshes fetched. `login` makes
// it by device code or by token.

import Connect
import Console
import FoundationEssentials
import LocalState
import Localization
import MeshAPI
import MeshClient

/// Where a sign-in goes, and what it takes the place of.
struct NewSignIn: Sendable {
    let context: Context
    let output: Output
    let directory: ConfigDirectory
    let server: ServerAddress
    /// Signed with nothing.
    let client: APIClient
    /// The sign-in that is on disk now, to whatever server.
    let former: AuthFile?

    /// How long the former sign-in's server may take to say whether it works, and to hear that it is over.
    static let courtesy = Duration.seconds(3)

    /// - Parameter connection: settles the server; its own credential plays no part.
    init(_ context: Context, directory: ConfigDirectory, server: ServerAddress) throws {
        self.context = context
        self.directory = directory
        self.server = server
        output = Output(context)
        client = context.client(of: server, credential: nil)
        // A damaged file, or a newer program's, is what a new sign-in replaces.
        former = try? directory.readAuth().value
    }

    /// Sees to it, before anybody is asked for anything, that the sign-in can be kept. Throws `FileFailure`.
    func checkWritable() throws {
        try directory.updateConfig { _ in }
        try directory.checkAuthCanChange()
    }

    /// Says whose working sign-in is about to be replaced.
    func announceReplacement() async throws {
        guard let former else { return }
        guard former.server == server else {
            return try output.note(
                context.strings(
                    CommandText.replacingElsewhere, ["name": former.user.name, "server": former.server.authority]))
        }
        let asked = client.with(former.credential).within(Self.courtesy)
        guard let who = try? await asked.whoami() else { return }
        try output.note(context.strings(CommandText.replacingSession, ["name": who.user.name]))
    }

    /// Keeps `fresh` in the place of the former sign-in, and says so.
    /// - Parameter isClaimed: its token was made for this sign-in, and is nobody else's.
    func keep(_ fresh: AuthFile, isClaimed: Bool) async throws {
        let isSame = fresh.token == former?.token
        let signed = client.with(fresh.credential)
        if let former, former.isGuest, former.server == server, !isSame { try await adopt(former, by: signed) }
        do {
            try directory.writeAuth(fresh)
            try directory.updateConfig { $0.server = server.description }
        } catch {
            // A session that nobody keeps must not live on. A token that was given is its owner's to revoke.
            if isClaimed { try? await signed.within(Self.courtesy).revokeCurrentSession() }
            throw error
        }
        context.usage.add(.loginSucceeded(fresh.source.method, userID: fresh.user.id, at: context.now()))
        if let former, !isSame, !former.isGuest, TokenForm.kind(of: former.token) == .session {
            // Best effort: it ends by itself, 90 days after its last use.
            let owner = context.client(of: former.server, credential: former.credential)
            try? await owner.within(Self.courtesy).revokeCurrentSession()
        }
    }

    /// A guest's memberships move to the account that signs in.
    private func adopt(_ guest: AuthFile, by signed: APIClient) async throws {
        do throws(APIFailure) {
            try await signed.adoptGuest(token: guest.token)
        } catch {
            let why = Words(context: context).api(error, host: server.authority, origin: nil)
            output.warning(context.strings(CommandText.guestLeft, ["reason": why.message.lowercasedFirst]))
        }
    }

    /// Fetches the meshes and keeps them. The sign-in stands either way.
    func syncMeshes(_ fresh: AuthFile) async throws {
        let meshes: [Mesh]
        do throws(APIFailure) {
            meshes = try await client.with(fresh.credential).meshes()
        } catch {
            let why = Words(context: context).api(error, host: server.authority, origin: nil)
            return output.warning(context.strings(CommandText.notSynced, ["reason": why.message.lowercasedFirst]))
        }
        let account = AccountKey(server: server, userID: fresh.user.id)
        let now = context.now()
        try directory.updateMeshes { $0.setMeshes(meshes.map(SavedMesh.init), of: account, at: now) }
        try output.success(context.synced(meshes))
    }
}

extension Context {
    /// `Synced 3 meshes: bianca-sol, dev, claudefarm`, ten names at most.
    func synced(_ meshes: [Mesh]) -> String {
        guard !meshes.isEmpty else { return strings(CommandText.syncedNone) }
        let names = meshes.prefix(10).map(\.slug).joined(separator: ", ") + (meshes.count > 10 ? ", …" : "")
        return strings(CommandText.syncedMeshes, ["names": names], count: meshes.count)
    }
}

extension AuthFile.Source {
    /// As telemetry calls it.
    var method: TelemetryEvent.Method {
        switch self {
        case .deviceCode, .local: .deviceCode
        case .pat: .pat
        case .invite: .invite
        }
    }
}
