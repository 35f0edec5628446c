// Starts, finds, replaces and stops the server of this machine: a background process of this user, in a session of its
// own, that outlives the terminal it was started from.

package import Console
import FoundationEssentials
package import LocalState
import Localization
import MeshAPI
package import MeshClient
import Platform

/// The server of this machine, as seen from another process.
package struct LocalServerControl: Sendable {
    /// What of it is in force.
    package enum Status: Hashable {
        case running(LocalServerRecord)
        case stopped
    }

    /// How long it may take to be ready, and to end.
    package static let patience = Duration.seconds(20)
    private static let pause = Duration.milliseconds(10)

    package let context: Context
    package let directory: ConfigDirectory
    package let files: LocalServerFiles
    package let transport: Transport

    package init(context: Context, directory: ConfigDirectory, transport: Transport) {
        self.context = context
        self.directory = directory
        self.transport = transport
        files = LocalServerFiles(directory: directory.local)
    }

    package var status: Status {
        guard files.isRunning, let record = files.record() else { return .stopped }
        return .running(record)
    }

    /// A server of this version that answers, and the credential of its owner. Starts or replaces where it must.
    @concurrent package func start() async throws -> AuthFile {
        if let auth = await current() { return auth }
        guard LoopbackInterface.isUp else {
            throw Failure.localServer(
                reason: context.strings(ErrorText.loopbackDown), remedy: context.strings(ErrorText.loopbackDownRemedy))
        }
        try files.prepare()
        let turn = try await taken(files.starting)
        defer { withExtendedLifetime(turn) {} }
        // Another process may have started it while we waited.
        if let auth = await current() { return auth }
        if files.isRunning { try await end() }
        let child = try spawn()
        return try await ready(child)
    }

    /// The credential of the server that runs. Throws where none does: nothing is started.
    @concurrent package func found() async throws -> AuthFile {
        if let auth = await current() { return auth }
        throw Failure.localServer(reason: context.strings(ErrorText.dryRunStartsNothing))
    }

    /// Ends it, and waits until it has. False where none ran.
    @concurrent package func stop() async throws -> Bool {
        guard files.isRunning else { return false }
        let turn = try await taken(files.starting)
        defer { withExtendedLifetime(turn) {} }
        guard files.isRunning else { return false }
        try await end()
        return true
    }

    /// The credential of a server that runs, is of this version and answers.
    private func current() async -> AuthFile? {
        guard case .running(let record) = status, record.program == Release.version else { return nil }
        return await credential(record)
    }

    private func credential(_ record: LocalServerRecord) async -> AuthFile? {
        guard let auth = (try? directory.local.readAuth())?.value, auth.server.port == record.port else { return nil }
        let client = APIClient(server: auth.server, transport: transport, timeout: .seconds(5))
        guard (try? await client.ready()) != nil else { return nil }
        return auth
    }

    /// Ends the server that the record names, where that is one of this machine and this container: a stranger with its
    /// number is never signalled.
    private func end() async throws {
        guard let record = files.record() else { throw ended }
        switch record.life {
        case .elsewhere: throw Failure.localServerElsewhere(path: files.directory.path)
        // Another one holds the lock and has not said yet who it is.
        case .gone: _ = try await taken(files.life)
        case .alive:
            DetachedProcess.end(record.pid)
            do { _ = try await taken(files.life) } catch {
                guard record.life == .alive else { throw error }
                DetachedProcess.end(record.pid, atOnce: true)
                _ = try await taken(files.life)
            }
        }
    }

    private func spawn() throws -> Int32 {
        guard let program = ownProgram() else { throw Failure.localServer(reason: "/proc/self/exe") }
        var environment = context.environment
        environment[TokenChoice.variable] = nil
        // What ends it is read back from its log: as JSON, in the language this person reads.
        let arguments = ["claudemesh", "serve", "--local", "--json", "--lang", context.strings.language.rawValue]
        do throws(DetachedProcess.StartFailure) {
            return try DetachedProcess.start(
                program, arguments, environment: environment, directory: files.directory.path, log: files.logPath)
        } catch {
            switch error {
            case .log(let error): throw Failure.system(path: files.logPath, code: error.code)
            case .program(let error): throw Failure.localServer(reason: Words(context: context).reason(error.code))
            }
        }
    }

    /// Waits until the child says where it listens and answers there; its own words where it ended instead.
    private func ready(_ child: Int32) async throws -> AuthFile {
        let deadline = ContinuousClock.now + Self.patience
        while ContinuousClock.now < deadline {
            if let record = files.record(), record.pid == child, let auth = await credential(record) { return auth }
            if DetachedProcess.hasEnded(child) { throw ended }
            try await Task.sleep(for: Self.pause)
        }
        DetachedProcess.end(child)
        throw Failure.localServer(reason: context.strings(ErrorText.localServerSlow))
    }

    /// A server that ended instead of serving, in its own words.
    private var ended: Failure {
        let log = context.displayed(path: files.logPath)
        let remedy = context.strings(ErrorText.localServerRemedy, ["path": log])
        let said = files.lastWords()
        if said == nil, files.isDiskFull {
            // There was no room for its words either.
            return .localServer(
                reason:
                    "\(context.displayed(path: files.directory.path)): \(Words(context: context).reason(SystemError.noSpace.code))",
                remedy: context.strings(ErrorText.diskFullRemedy))
        }
        return .localServer(
            reason: said?.message ?? context.strings(ErrorText.localServerSilent), remedy: said?.hint ?? remedy)
    }

    /// Waits for a lock.
    private func taken(_ lock: () -> FileLock?) async throws -> FileLock {
        let deadline = ContinuousClock.now + Self.patience
        while ContinuousClock.now < deadline {
            if let lock = lock() { return lock }
            try await Task.sleep(for: Self.pause)
        }
        throw Failure.localServer(reason: context.strings(ErrorText.fileBusy))
    }
}

extension LocalServerControl {
    package init(context: Context) throws {
        self.init(
            context: context, directory: try ConfigDirectory(environment: context.environment),
            transport: context.transport())
    }
}
