// A message to oneself, for `doctor`: how long it is on its way, and with `--lanes` whether it comes before the model.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshClient

/// `POST /v1/probe`.
package struct ProbeRequest: Sendable, Codable, Hashable {
    /// Where a person asks; inside a session it is that one.
    package var sessionID: String?
    /// It goes before the model, which costs a turn.
    package var lanes: Bool

    package init(sessionID: String? = nil, lanes: Bool) {
        self.sessionID = sessionID
        self.lanes = lanes
    }
}

package struct ProbeAnswer: Sendable, Codable, Hashable {
    /// Why it was not sent, by the server's code.
    package var refusal: String?
    /// Until it was back here, in milliseconds; nil where it did not come.
    package var back: Int?
    /// Until it had passed the gate before the model.
    package var seen: Int?
    package var lane: String
}

extension PeerSession {
    private static let patience = Duration.seconds(10)
    /// A turn that is under way is waited for.
    private static let lanePatience = Duration.seconds(60)

    package func probe(throughLanes: Bool) async -> ProbeAnswer {
        var answer = ProbeAnswer(lane: laneInForce)
        let began = ContinuousClock.now
        provesLanes = throughLanes
        defer { provesLanes = false }
        let id: String
        do throws(APIFailure) {
            let message = SendMessage(
                to: "@self", body: "claudemesh doctor --lanes: nothing to do. End your turn.",
                clientId: SessionRandom.id())
            id = try await client.within(Self.patience).sendMessage(message, in: facts.meshID).id
        } catch {
            answer.refusal = error.code ?? "unreachable"
            return answer
        }
        answer.back = await milliseconds(since: began, within: Self.patience) { probes.contains(id) }
        if throughLanes, answer.back != nil {
            answer.seen = await milliseconds(since: began, within: Self.lanePatience) {
                lanes.items.first { $0.message.id == id }?.isPending == false
            }
        }
        probes.remove(id)
        lanes.ended(id)
        await keep()
        return answer
    }

    private func milliseconds(
        since began: ContinuousClock.Instant, within limit: Duration, _ isSo: () -> Bool
    ) async -> Int? {
        let end = ContinuousClock.now + limit
        while !Task.isCancelled {
            let count = changes.count
            if isSo() {
                let time = (ContinuousClock.now - began).components
                return Int(time.seconds) * 1000 + Int(time.attoseconds / 1_000_000_000_000_000)
            }
            guard ContinuousClock.now < end else { return nil }
            await changes.wait(for: end - ContinuousClock.now, since: count)
        }
        return nil
    }

    /// A probe is in no list and before no model, unless it is to prove the lane.
    /// - Returns: whether the message is one that goes no further.
    func isProbe(_ message: Message) -> Bool {
        guard message.to == ["@self"], message.from.id == id else { return false }
        probes.insert(message.id)
        return !provesLanes
    }
}
