// How a server of ours logs and stops.

import CPosix
import Logging
import MeshServer
import ServiceLifecycle
import UnixSignals

enum ServerLog {
    /// Throws where `CLAUDEMESH_SERVE_LOG` is no level.
    static func make(_ context: Context) throws -> Logger {
        var logger = Logger(label: "claudemesh") { LateLogHandler(stream: .standardError(label: $0)) }
        let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        logger.logLevel =
            try ServeSettings(context: context).choice("log", nil, levels, Logger.Level.init(rawValue:)) ?? .notice
        return logger
    }

    /// Runs until SIGTERM or SIGINT, then ends what is under way; a second one does not wait for that.
    static func run(_ server: MeshServerApplication, context: Context) async throws {
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: server, successTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: try make(context)))
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let impatience = Task {
            for await signal in signals.dropFirst() { cp_die_of(signal.rawValue) }
        }
        defer { impatience.cancel() }
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
