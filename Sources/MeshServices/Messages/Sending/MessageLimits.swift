// How much somebody may say: counted before the transaction, which several senders share.

internal import MeshAPI

struct MessageLimits: Sendable {
    let limits: RateLimiter

    /// Counts one; what it is refused with where that is one too many.
    func problem(_ speaker: Speaker) async throws -> Refusal? {
        if speaker.kind == .peer, let over = try await limits.problem(.messagesByPeer, speaker.id) {
            return Self.worded(over)
        }
        return try await limits.problem(.messagesByMember, speaker.memberID).map(Self.worded)
    }

    /// It was taken before: it costs nothing.
    func giveBack(_ speaker: Speaker) async {
        if speaker.kind == .peer { await limits.giveBack(.messagesByPeer, speaker.id) }
        await limits.giveBack(.messagesByMember, speaker.memberID)
    }

    private static func worded(_ refusal: Refusal) -> Refusal {
        var refusal = refusal
        refusal.body.error = "rate_limit"
        refusal.body.message = "Too many messages at once already. Wait a little."
        return refusal
    }
}
