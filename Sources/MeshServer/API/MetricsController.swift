// GET /metrics: for loopback without a proxy, or with `--metrics-token` as bearer.

internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import MeshAPI
internal import MeshServices
internal import MeshStore
internal import NIOCore

struct MetricsController {
    let metrics: Metrics
    let database: any Store
    let hub: EventHub
    let changes: MeshChanges
    let token: String?
    let now: @Sendable () -> Date

    func addRoutes(to router: Router<AppContext>) {
        router.get("metrics", use: show)
    }

    @Sendable func show(_ request: Request, context: AppContext) async throws -> Response {
        guard isAllowed(request, context) else { throw Refusal.notFound }
        let now = now()
        let (codes, peers, waiting) = try await database.read {
            (
                try $0.deviceCodes.liveCount(at: now), try $0.presences.liveCount(at: now),
                try $0.waiting.waiting()
            )
        }
        let oldest = waiting.map(\.oldest).min().map { max(0, Int(now.timeIntervalSince(Date(milliseconds: $0)))) }
        let text = metrics.text(
            gauges: [
                "claudemesh_held_polls": hub.count, "claudemesh_event_readers": changes.count,
                "claudemesh_event_streams": changes.streamCount, "claudemesh_live_codes": codes,
                "claudemesh_live_sessions": peers, "claudemesh_message_oldest_waiting_seconds": oldest ?? 0,
            ],
            labelled: waiting.map {
                .init(name: "claudemesh_messages_waiting", labels: ["state": $0.state], value: $0.count)
            })
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// A request that a proxy on this machine passed on comes from loopback too: whoever is behind it is not here.
    private func isAllowed(_ request: Request, _ context: AppContext) -> Bool {
        if let token, let given = request.headers[.authorization] {
            return SecretDigest.areEqual(SecretDigest.of(given), SecretDigest.of("Bearer \(token)"))
        }
        let signs: [HTTPField.Name] = [.forwardedFor, .forwarded, .realIP, .via]
        let isPassedOn = signs.contains { request.headers[$0] != nil }
        return Loopback.contains(context.address) && !isPassedOn
    }
}
