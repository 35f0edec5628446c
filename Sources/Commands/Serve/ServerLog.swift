// How a server of ours logs and stops.

import CPosix
import Connect
import Console
import Platform
import Logging
import MeshServer
import ServiceLifecycle
import UnixSignals

enum ServerLog {
    /// Throws where `CLAUDEMESH_SERVE_LOG` is no level.
    static func make(_ context: Context) throws -> Logger {
        var logger = Logger(label: "claudemesh") { LateLogHandler(stream: StreamLogHandler(label: $0, stream: sink)) }
        let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        logger.logLevel =
            try ServeSettings(context: context).choice("log", nil, levels, Logger.Level.init(rawValue:)) ?? .notice
        return logger
    }

    private static let sink = LogSink(descriptor: .errors)

    /// Runs until SIGTERM, SIGINT or SIGHUP, then ends what is under way; a second one does not wait for that. A terminal
    /// that closes sends SIGHUP more than once: that is no impatience.
    static func run(_ server: MeshServerApplication, context: Context) async throws {
        // What `nohup`, or a script's `&`, had ignored stays so.
        let stops = [UnixSignal.sigterm] + [.sigint, .sighup].filter { !cp_is_ignored($0.rawValue) }
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: server, successTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: stops, logger: try make(context)))
        let signals = await UnixSignalsSequence(trapping: stops.filter { $0 != .sighup })
        let impatience = Task {
            for await signal in signals.dropFirst() { cp_die_of(signal.rawValue) }
        }
        defer {
            impatience.cancel()
            sink.flush()
        }
        try await group.run()
    }
}

/// Words a request's metadata where a line is written: the handler below it does so for every request, most of which
/// write none.
private struct LateLogHandler: LogHandler {
    var stream: StreamLogHandler
    var metadata: Logger.Metadata = [:]

    var logLevel: Logger.Level {
        get { stream.logLevel }
        set { stream.logLevel = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var stream = stream
        stream.metadata = metadata
        stream.log(event: event)
    }
}
