// The server as a service: opened (database migrated) first, then run until it is told to stop or nobody uses it.
// The program runs it in a ServiceGroup with its signals; tests run it in the process, on port 0 or without a socket.

internal import FoundationEssentials
internal import Hummingbird
public import Logging
internal import MeshAPI
package import MeshServices
internal import MeshStore
internal import MeshStoreSQLite
internal import NIOCore
internal import Platform
public import ServiceLifecycle
internal import Synchronization

public final class MeshServerApplication: Service {
    let options: ServerOptions
    package let services: Services
    let pages: PageRenderer
    /// Nil over SQLite, which one server has.
    let fleet: Fleet?
    let readiness: Readiness
    let activity = Activity()
    let connections = OpenConnections()
    private let logger: Logger
    private let onRunning: @Sendable (_ url: String) async -> Void
    private let runningPort = Mutex<Int?>(nil)

    /// Opens and migrates the database. `onRunning` is called once the port is bound, with the address to reach it by.
    /// Throws `StorageFailure` (exit status 10) and `ServerOptionError`.
    public convenience init(
        options: ServerOptions, logger: Logger, onRunning: @escaping @Sendable (_ url: String) async -> Void = { _ in }
    ) throws {
        try self.init(
            options: options, logger: logger, surroundings: .real, passwordCost: PasswordHasher.cost,
            onRunning: onRunning)
    }

    package init(
        options: ServerOptions, logger: Logger, surroundings: Surroundings, passwordCost: Int,
        onRunning: @escaping @Sendable (_ url: String) async -> Void = { _ in }
    ) throws {
        let services = try Services(options: options, surroundings: surroundings, passwordCost: passwordCost)
        (self.options, self.services) = (options, services)
        pages = try PageRenderer()
        fleet = (services.database as? any SharedStore).map {
            Fleet(
                database: $0, hub: services.hub, changes: services.changes, options: options, wall: surroundings.wall)
        }
        readiness = Readiness(database: services.database, fleet: fleet)
        self.logger = logger
        self.onRunning = onRunning
        fleet?.listen()
    }

    /// The port it listens on, once it does.
    public var port: Int? { runningPort.withLock { $0 } }

    /// Where people reach it.
    public var url: String { services.address.base }

    /// Serves until a graceful stop: requests under way end, held polls are answered, and who takes longer than that is cut
    /// off. Throws `ListenFailure`, and `StorageFailure` where another server has the database.
    public func run() async throws {
        ConnectionLimit.raise()
        Memory.keep(1 << 21)
        defer { closeDatabase() }
        if case .file(let path) = options.storage {
            let place = try ServerKey.holdPlace(of: path)
            defer { withExtendedLifetime(place) {} }
            try await serve()
        } else {
            try await serve()
        }
    }

    private func closeDatabase() {
        do { try services.database.close() } catch {
            logger.error("the database was not closed", metadata: ErrorFacts.of(error))
        }
    }

    private func serve() async throws {
        let group = ServiceGroup(
            configuration: .init(services: [.init(service: application())], logger: logger))
        do { try await services.begin() } catch {
            logger.error("sessions were not given time to come back", metadata: ErrorFacts.of(error))
        }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            if let fleet {
                tasks.addTask { await fleet.run(port: { self.port }, self.logger) }
            }
            tasks.addTask { await self.repeating(every: .seconds(60), "sweep") { try await self.services.sweep() } }
            tasks.addTask {
                await self.repeating(every: .seconds(5), "look for silence") { try await self.services.tellSilence() }
            }
            tasks.addTask {
                try await gracefulShutdown()
                await self.stop(group)
            }
            if let limit = options.idleLimit {
                tasks.addTask { await self.stopWhenIdle(group, limit: limit.seconds) }
            }
            // Detached: told to stop with us, it would end before those who send requests here know of it.
            let serving = Task.detached { try await group.run() }
            do {
                try await withTaskCancellationHandler {
                    try await serving.value
                } onCancel: {
                    serving.cancel()
                }
            } catch { throw listenFailure(error) }
            tasks.cancelAll()
        }
    }

    private func stop(_ group: ServiceGroup) async {
        readiness.leave()
        try? await Task.sleep(for: options.drainInForce)
        services.hub.stop()
        services.changes.stop()
        await group.triggerGracefulShutdown()
        do { try await Task.sleep(for: options.lastRequests) } catch { return }
        logger.notice("stopping: connections cut off", metadata: ["connections": "\(connections.count)"])
        connections.close()
    }

    /// What a listener that never came up means; any other error as it is.
    private func listenFailure(_ error: any Error) -> any Error {
        guard port == nil else { return error }
        switch error {
        case let error as IOError:
            return ListenFailure(host: options.host, port: options.port, code: error.errnoCode)
        case is SocketAddressError, is SocketAddressError.UnknownHost:
            return ListenFailure(host: options.host, port: options.port, code: SystemError.addressNotThere.code)
        default: return error
        }
    }

    /// Without the parts that need a process of their own: what tests drive.
    func application() -> some ApplicationProtocol {
        let refusals = ParserRefusals(
            headers: SecurityHeaders(address: services.address), metrics: services.metrics, logger: logger)
        let (open, patience) = (connections, TimeAmount(options.patience))
        let limit = ConnectionLimit(most: options.mostConnections ?? ConnectionLimit.ofThisProcess, logger: logger)
        return Application(
            router: router(),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [
                        Connections(refusals: refusals, open: open, patience: patience)
                    ], idleTimeout: patience,
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: 16 * 1024, maxHeaderListSize: 32 * 1024, maxHeaderFieldCount: 100))),
            configuration: .init(
                address: .hostname(
                    // Not looked up: whatever a hosts file says of it, `localhost` is this machine.
                    Loopback.isName(options.host) ? "127.0.0.1" : options.host, port: options.port), backlog: 4096,
                availableConnectionsDelegate: limit
            ),
            onServerRunning: { [self] channel in
                let port = channel.localAddress?.port ?? options.port
                runningPort.withLock { $0 = port }
                services.address.bound(port: port)
                await onRunning(services.address.base)
            },
            logger: logger)
    }

    /// Until it is cancelled; what fails is logged, and tried again the next time.
    private func repeating(every pause: Duration, _ name: String, _ task: () async throws -> Void) async {
        while !Task.isCancelled {
            do {
                try await task()
            } catch {
                guard !Task.isCancelled else { return }
                logger.error("\(name) failed", metadata: ErrorFacts.of(error))
            }
            try? await Task.sleep(for: pause)
        }
    }

    private func stopWhenIdle(_ group: ServiceGroup, limit: Double) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(min(limit, 10)))
            if activity.idleSeconds >= limit && !Task.isCancelled {
                logger.info("stopping: not used", metadata: ["seconds": "\(Int(limit))"])
                return await stop(group)
            }
        }
    }
}
