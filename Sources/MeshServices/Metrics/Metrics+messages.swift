// What is counted of messages: each step at a mailbox by state and lane, and what a send was refused for.

internal import MeshAPI
package import MeshStore

extension Metrics {
    /// `count` mailboxes came into a state.
    func stepped(_ state: MessageState, by lane: Lane? = nil, count: Int = 1) {
        var labels = ["state": state.rawValue]
        labels["lane"] = lane?.rawValue
        self.count("claudemesh_message_steps_total", labels, by: Double(count))
    }

    /// A whole message was refused, by the code of it.
    func refused(_ refusal: Refusal) {
        count("claudemesh_messages_refused_total", ["reason": refusal.body.error])
    }
}

/// What waits, over all meshes.
package struct WaitingRows {
    let transaction: Transaction

    package func waiting() throws -> [(state: String, count: Int, oldest: Int64)] {
        try transaction.all(
            """
            SELECT state, count(*) AS waiting, min(created_at) AS oldest FROM receipts
            WHERE state IN ('queued', 'fetched', 'handed', 'held') GROUP BY state ORDER BY state
            """
        ).map { (try $0["state"], try $0["waiting"], try $0["oldest"]) }
    }
}

extension Transaction {
    package var waiting: WaitingRows { WaitingRows(transaction: self) }
}
