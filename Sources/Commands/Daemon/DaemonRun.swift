// `claudemesh daemon run`: carries the messages of this person's sessions, until it is stopped or nobody needs it.

import MeshClient
import Console
import Connect
import ArgumentParser
import FoundationEssentials
import Localization
import Logging
import MeshAPI
import LocalState
import MeshStore
import MeshStoreSQLite
import Peers
import Platform
import UnixSignals

struct DaemonRun: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "run", abstract: about(.daemonRunHelp))

    @OptionGroup var options: GlobalOptions

    @Flag(name: .customLong("detach"), help: .hidden)
    var detach = false

    func run(in context: Context) async throws -> Ending {
        let control = try DaemonControl(context)
        let place = control.place
        try control.prepare()
        if detach { return try control.leaveBehind() ? .exit(.done) : .code(1) }
        guard let lock = try place.takeLock() else {
            // Another one carries them already: that is what was asked for.
            return .exit(.done)
        }
        defer { withExtendedLifetime(lock) {} }
        let logger = Logger(label: "daemon")
        let directory = try ConfigDirectory(environment: context.environment)
        let world = SessionWorld(
            store: try SQLiteStore(
                .file(place.database), assets: Assets(replaced: DaemonRows.migrations), now: context.now()),
            transport: context.transport(),
            signIn: { server, account in
                let address = try? ServerAddress(server)
                return Self.signIns(directory).first { $0.server == address && $0.user.id == account }?.token
            }, signIns: { Self.signIns(directory).map { ($0.server, $0.token) } })
        logger.notice("runs", metadata: ["version": "\(Release.version)", "pid": "\(ProcessIdentity.own.pid)"])
        let daemon = Daemon(version: Release.version, world: world, logger: logger)
        await daemon.takeUp()
        let server = DaemonServer(daemon: daemon, place: place, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await server.run() }
            tasks.addTask { await daemon.watch() }
            tasks.addTask { for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) { return } }
            try await tasks.next()
            await daemon.stopAll()
            tasks.cancelAll()
        }
        return .exit(.done)
    }

    /// The stored sign-ins, of this machine's own server too.
    private static func signIns(_ directory: ConfigDirectory) -> [AuthFile] {
        [directory, directory.local].compactMap { (try? $0.readAuth())?.value }
    }
}
