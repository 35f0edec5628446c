// The real server in this process, on a database of its own: started, stopped, and started again where it was.

import Foundation
import Logging
import MeshServer
import ServiceLifecycle
import Synchronization
import TestSupport

/// A server without rate limits on a port of its own.
final class TestServer: Sendable {
    private struct Running {
        var task: Task<Void, Never>
        var group: ServiceGroup
    }

    let root: TemporaryDirectory
    private let running = Mutex<Running?>(nil)
    private let boundPort = Mutex(0)

    init() async throws {
        root = try TemporaryDirectory()
        try await start()
    }

    deinit { running.withLock { $0?.task.cancel() } }

    var port: Int { boundPort.withLock { $0 } }
    var url: String { "http://127.0.0.1:\(port)" }
    var host: String { "127.0.0.1:\(port)" }
    var database: String { root.file("server.sqlite") }

    /// Starts on the port it had before, if it had one.
    func start() async throws {
        var options = ServerOptions(storage: .file(database))
        options.port = port
        options.registration = .open
        options.hasLimits = false
        let (ready, isReady) = AsyncStream.makeStream(of: String.self)
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = try MeshServerApplication(options: options, logger: quiet) { url in isReady.yield(url) }
        let group = ServiceGroup(configuration: .init(services: [.init(service: server)], logger: quiet))
        let task = Task {
            try? await group.run()
            isReady.finish()
        }
        var urls = ready.makeAsyncIterator()
        guard let url = await urls.next(), let port = url.split(separator: ":").last.flatMap({ Int($0) }) else {
            throw SessionFailure("the server did not start")
        }
        boundPort.withLock { $0 = port }
        running.withLock { $0 = Running(task: task, group: group) }
    }

    /// Stops, as SIGTERM would.
    func stop() async {
        guard
            let now = running.withLock({ running in
                defer { running = nil }
                return running
            })
        else { return }
        await now.group.triggerGracefulShutdown()
        await now.task.value
    }
}
