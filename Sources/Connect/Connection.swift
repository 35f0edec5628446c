// Who one is and whom one asks, settled from flags, variables and files: no network is needed to know it.

package import Console
import FoundationEssentials
package import LocalState
package import MeshAPI
package import MeshClient
internal import Platform

/// The server in force, the credential for it, and the files both came from.
package struct Connection: Sendable {
    package var directory: ConfigDirectory
    package var config: ConfigFile
    package var choice: ServerChoice
    /// Where to ask. Of the local server nil until it was started once.
    package var server: ServerAddress?
    package var token: TokenResolution
    /// What came up while the files were read, to be said once.
    package var notices: [FileNotice]

    /// Why `auth.json` gives no identity, where that is survived.
    package var authFailure: AuthFailure?
    /// A sign-in is saved, whichever server it is to, and whether it can be read or not.
    package var hasSavedSignIn: Bool
    /// Where one signs in while the server in force is that of this machine.
    package var remote: ServerAddress

    /// - Parameters:
    ///   - flagToken: the token of `--token` and its kin, already read.
    ///   - record: the session that is gone back to: its server is asked unless another one is named.
    ///   - asSession: inside a launched session its own token is in force, whatever sign-in there is beside it.
    ///   - mayWrite: whether files may be put right while they are read.
    ///   - forgiving: a sign-in that cannot be read counts as none, and `authFailure` says so.
    package init(
        _ context: Context, flagToken: String? = nil, record: SessionRecord? = nil, forgiving: Bool = false,
        asSession: Bool = false, mayWrite: Bool = true
    ) throws {
        var notices: [FileNotice] = []
        directory = try ConfigDirectory(environment: context.environment, mayWrite: mayWrite)
        let read = try directory.readConfig()
        notices += read.notices
        config = read.value
        let local = Self.auth(directory.local, &notices)
        let localAddress = (try? local.get())?.server
        var stored = Self.auth(directory, &notices)
        func resolve(_ config: String?) throws(ServerChoiceProblem) -> ServerChoice {
            try ServerChoice.resolve(
                flag: context.options.server ?? record?.account.server.description, local: context.options.local,
                environment: context.environment, config: config,
                signedInTo: (try? stored.get())?.server, localAddress: localAddress)
        }
        choice = try resolve(config.server)
        server = choice.isLocal ? localAddress : choice.address
        remote = choice.address ?? .standard
        hasSavedSignIn = if case .read(nil) = stored { false } else { true }
        if forgiving, case .failed(let failure) = stored {
            authFailure = failure
            stored = .read(nil)
        }
        let ipcToken = TokenChoice.readIPCToken(environment: context.environment)
        if asSession, let server,
            let session = TokenChoice.ofSession(context.environment, ipcToken: ipcToken, server)
        {
            token = .signedIn(session)
        } else {
            token = try TokenChoice.resolve(
                server: choice, flag: flagToken, environment: context.environment, stored: stored, local: local,
                ipcToken: ipcToken)
        }
        self.notices = notices
    }

    /// Of a launched session, at the server that it belongs to.
    init(_ context: Context, session credential: Authorization, at server: ServerAddress) throws {
        directory = try ConfigDirectory(environment: context.environment, mayWrite: false)
        let read = try? directory.readConfig()
        notices = read?.notices ?? []
        config = read?.value ?? ConfigFile()
        choice = ServerChoice(kind: .remote(server), origin: .environment)
        self.server = server
        remote = server
        hasSavedSignIn = false
        token = .signedIn(TokenChoice(credential: credential, origin: .session, auth: nil, hides: nil))
    }

    private static func auth(
        _ directory: ConfigDirectory, _ notices: inout [FileNotice]
    ) -> StoredAuth {
        StoredAuth { () throws(AuthFailure) in
            let loaded = try directory.readAuth()
            notices += loaded.notices
            return loaded.value
        }
    }

    /// The credential in force, nil where one is not signed in.
    package var signedIn: TokenChoice? { if case .signedIn(let choice) = token { choice } else { nil } }

    /// The sign-in there is, to another server than the one in force.
    package var elsewhere: AuthFile? { if case .elsewhere(let auth) = token { auth } else { nil } }

    /// The server as people read it.
    package var host: String { server?.authority ?? ServerChoice.localName }
}

extension Context {
    /// The network, as this run identifies itself to it.
    package func transport() -> Transport {
        Transport(
            environment: environment,
            userAgent: "claudemesh/\(Release.version) (\(Machine.os); \(Machine.architecture))")
    }

    /// Runs a call; its failure carries who was asked and where the token came from.
    package func asking<Value>(
        _ client: APIClient, _ origin: TokenOrigin?, _ call: (APIClient) async throws(APIFailure) -> Value
    ) async throws -> Value {
        do { return try await call(client) } catch {
            throw Failure.api(error, host: client.server.authority, origin: origin)
        }
    }
}
