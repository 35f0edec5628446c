// POST /api/telemetry: what programs tell about their use. Counted by name, command, method and exit code in /metrics;
// nothing of it is stored, and an event that arrives twice counts once.

internal import Hummingbird
internal import MeshAPI
internal import MeshServices
internal import Synchronization

struct TelemetryController {
    let counter: TelemetryCounter
    let limits: RateLimiter

    func addRoutes(to api: RouterGroup<AppContext>) {
        api.post("telemetry", use: receive)
    }

    @Sendable func receive(_ request: Request, context: AppContext) async throws -> Response {
        try await limits.take(.telemetry, AddressKey.of(context.address))
        let batch = try await request.decode(as: TelemetryBatch.self, context: context)
        guard batch.events.count <= TelemetryBatch.maxEvents else {
            throw Refusal.invalid("events", "events has at most \(TelemetryBatch.maxEvents).")
        }
        if let index = batch.events.firstIndex(where: { !(1...TelemetryCounter.maxID).contains($0.id.count) }) {
            let field = "events[\(index)].id"
            throw Refusal.invalid(field, "\(field) has 1 to \(TelemetryCounter.maxID) characters.")
        }
        for event in batch.events { counter.count(event) }
        return WireAnswer.noContent
    }
}

final class TelemetryCounter: Sendable {
    private struct Seen {
        var ids: Set<String> = []
        var order: [String] = []
        var next = 0
    }

    static let maxID = 64

    /// So many of the last ids are remembered.
    private static let memory = 4096

    private let metrics: Metrics
    private let seen = Mutex(Seen())

    init(metrics: Metrics) { self.metrics = metrics }

    func count(_ event: TelemetryEvent) {
        guard isNew(event.id) else { return }
        metrics.count("claudemesh_telemetry_events_total", ["name": event.name.rawValue])
    }

    private func isNew(_ id: String) -> Bool {
        seen.withLock { seen in
            guard seen.ids.insert(id).inserted else { return false }
            if seen.order.count < Self.memory {
                seen.order.append(id)
            } else {
                seen.ids.remove(seen.order[seen.next])
                seen.order[seen.next] = id
                seen.next = (seen.next + 1) % Self.memory
            }
            return true
        }
    }
}
