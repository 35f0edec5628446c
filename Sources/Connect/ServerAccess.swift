// What a command that asks a server works with: whom it asks, as whom, and how failures are told apart.

import Canvas
package import Console
import FoundationEssentials
package import LocalState
import Localization
package import MeshAPI
package import MeshClient

/// A server, and who one is there.
package struct ServerAccess: Sendable {
    package let context: Context
    package let output: Output
    package let connection: Connection
    package let server: ServerAddress
    /// Signed with the credential in force, if there is one.
    package let client: APIClient
    /// nil where one is not signed in.
    package let token: TokenChoice?

    /// Settles who asks whom, says what came up on the way, and starts the server of this machine where it is in force.
    /// - Parameter asSession: inside a launched session as that session, whatever sign-in there is.
    package init(_ context: Context, asSession: Bool = false) async throws {
        let given = try context.givenToken(Output(context))
        var connection = try Connection(context, flagToken: given, asSession: asSession)
        if connection.choice.isLocal {
            _ = try await LocalServerControl(context: context).start()
            connection = try Connection(context, flagToken: given, asSession: asSession)
        }
        let context = context.speaking(connection.config.language)
        self.context = context
        output = Output(context)
        for notice in connection.notices { output.warning(Words(context: context).notice(notice)) }
        guard let server = connection.server else { throw Failure.localServer(reason: connection.host) }
        self.connection = connection
        self.server = server
        token = connection.signedIn
        client = context.client(of: server, credential: token?.credential)
        try context.usage.begin(
            context, directory: connection.directory, config: connection.config, isLocal: connection.choice.isLocal,
            client: client.with(nil), isSignedIn: token != nil)
    }

    /// As a launched session, through `client`: no sign-in on this machine counts, and none is read.
    package init(_ context: Context, session client: APIClient) throws {
        let credential = client.credential ?? .session("")
        connection = try Connection(context, session: credential, at: client.server)
        let context = context.speaking(connection.config.language)
        self.context = context
        output = Output(context)
        server = client.server
        token = connection.signedIn
        var client = client
        client.onFailure = { [usage = context.usage, now = context.now] route, failure in
            usage.failed(route, failure, at: now())
        }
        self.client = client
    }

    /// As above, for what only a signed-in account may do.
    package static func signedIn(_ context: Context) async throws -> ServerAccess {
        let access = try await ServerAccess(context)
        guard access.token != nil else { throw access.notSignedIn }
        return access
    }

    /// Runs a call; its failure carries who was asked and where the token came from.
    package func ask<Value>(_ call: (APIClient) async throws(APIFailure) -> Value) async throws -> Value {
        do {
            return try await context.asking(client, token?.origin, call)
        } catch let failure as Failure {
            // Put out of a mesh, or banned, says more than what a guest or a session may not do.
            guard case .api(.refused(403, let body, _), _, _) = failure,
                !["kicked", "banned", "moved", "removed"].contains(body?.error ?? "")
            else { throw failure }
            if token?.auth?.isGuest == true { throw Failure.guestOnly }
            throw token?.origin == .session ? Failure.sessionTokenOnly : failure
        }
    }

    package var notSignedIn: Failure {
        guard case .elsewhere(let auth) = connection.token else {
            return .notSignedIn(host: server.authority, signedInTo: nil)
        }
        return .notSignedIn(host: server.name(beside: auth.server), signedInTo: auth.server.name(beside: server))
    }

    /// Whose meshes are kept in `meshes.json`. Asks the server where the token alone is known.
    package func account() async throws -> AccountKey {
        if let user = token?.auth?.user { return AccountKey(server: server, userID: user.id) }
        let who = try await ask { client throws(APIFailure) in try await client.whoami() }
        return AccountKey(server: server, userID: who.user.id)
    }

    /// The address of one of the server's pages, such as `/dashboard/settings/sessions`.
    package func page(_ path: String) -> String { server.description + path }
}

extension Context {
    /// A client of `server` whose failures are counted.
    package func client(of server: ServerAddress, credential: Authorization?) -> APIClient {
        var client = APIClient(server: server, credential: credential, transport: transport())
        client.onFailure = { [usage, now] route, failure in usage.failed(route, failure, at: now()) }
        client.onPause = { seconds in
            let values = ["host": server.authority, "n": String(seconds)]
            try? Output(self).note(strings(CommandText.listGoesOn, values), .muted)
        }
        return client
    }

    /// What `--token` gives: the text itself, with a warning, or for `-` what stands on standard input.
    package func givenToken(_ output: Output) throws -> String? {
        guard let text = options.token else { return nil }
        guard text == "-" else {
            output.warning(strings(ErrorText.tokenOnCommandLine))
            return text
        }
        return try tokenFromInput()
    }
}

extension Usage {
    /// As `begin` with `settle`: what waits goes to the server of `client`.
    package func begin(
        _ context: Context, directory: ConfigDirectory, config: ConfigFile, isLocal: Bool, client: APIClient,
        isSignedIn: Bool
    ) throws {
        var sender = client.within(.seconds(5))
        sender.onFailure = nil
        try begin(context, directory: directory, config: config, isLocal: isLocal, isSignedIn: isSignedIn) {
            [sender] in await sender.settle($0)
        }
    }
}
