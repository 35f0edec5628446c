// The server of this machine, from the inside: `claudemesh serve --local`. It holds the lock while it lives, takes the
// port it had before, and writes down where it listens and what its owner signs in with.

import Connect
import Console
import FoundationEssentials
import LocalState
import Localization
import MeshAPI
import MeshServer
import MeshStore
import Platform

struct LocalServerProcess {
    let context: Context
    let directory: ConfigDirectory
    let files: LocalServerFiles

    init(context: Context) throws {
        self.context = context
        directory = try ConfigDirectory(environment: context.environment).local
        files = LocalServerFiles(directory: directory)
    }

    func run() async throws {
        try files.prepare()
        guard let life = files.life() else { throw Failure.localServer(reason: context.strings(ErrorText.alreadyRuns)) }
        defer { withExtendedLifetime(life) {} }
        let stored = try? directory.readAuth().value
        let identity = try prepare(stored)
        guard let token = identity.token ?? stored?.token else { throw Failure.fault("local credential") }
        let ready: @Sendable (String) async -> Void = { [directory, files, context] url in
            // Somebody waits for these; where they cannot be written that wait ends with what we said in the log.
            do {
                let server = try ServerAddress(url)
                let auth = AuthFile(
                    token: token, user: identity.user, createdAt: context.now(), source: .local, server: server)
                try directory.writeAuth(auth)
                try files.write(
                    LocalServerRecord(
                        pid: ProcessIdentity.own.pid, process: .own, port: server.port ?? 80, program: Release.version))
            } catch {
                try? Output(context).error(Explanation.of(error, context: context))
            }
        }
        let port = files.record()?.port ?? 0
        do {
            try await serve(port: port, ready)
        } catch  where port != 0 && !(error is CancellationError) {
            // Another program has the port now.
            try await serve(port: 0, ready)
        }
    }

    /// The database with its owner in it. One that cannot be used is named, with the way to begin anew.
    private func prepare(_ stored: AuthFile?) throws -> LocalServer.Identity {
        do {
            return try LocalServer.prepare(
                database: files.databasePath, userName: context.loginName, hostName: context.hostName,
                credential: stored?.token)
        } catch StorageFailure.foreign(let path) {
            throw Failure.unusableDatabase(path: path)
        }
    }

    private func serve(port: Int, _ ready: @escaping @Sendable (String) async -> Void) async throws {
        let server = try MeshServerApplication(
            options: LocalServer.options(database: files.databasePath, port: port, version: Release.version),
            logger: try ServerLog.make(context), onRunning: ready)
        try await ServerLog.run(server, context: context)
    }
}
