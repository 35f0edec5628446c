// The look at device codes each second, where several servers share them: a decision is made at any of them, and what they tell
// each other can get lost.

package import MeshStore

package struct CodeLook: Sendable {
    let database: any Store
    let hub: EventHub

    package init(database: any Store, hub: EventHub) { (self.database, self.hub) = (database, hub) }

    /// Above so many that wait all codes that live are read at once.
    private static let mostSingly = 50

    /// Wakes those whose code is no longer as they know it. Where the database does not answer, nobody: a poll ends soon.
    package func run() async {
        let waiting = hub.waiting()
        guard !waiting.isEmpty else { return }
        let digests = waiting.count > Self.mostSingly ? nil : waiting.map(\.ticket.key)
        let states = try? await database.lookUp { transaction in
            let codes =
                try digests.map { try $0.compactMap { try transaction.deviceCodes.code(deviceDigest: $0) } }
                ?? transaction.deviceCodes.opened()
            return Dictionary(codes.map { ($0.deviceDigest, $0.mark) }) { first, _ in first }
        }
        guard let states else { return }
        for (ticket, known) in waiting {
            if let state = states[ticket.key], state != known { hub.wake(ticket.key) }
        }
    }
}

extension DeviceCodeRow {
    /// What a poller tells apart.
    var mark: String { "\(state.rawValue)/\(ownerID ?? "")" }
}

extension DeviceCodeRows {
    /// Those that somebody has looked at, or decided, and that are not over.
    fileprivate func opened() throws -> [DeviceCodeRow] {
        try transaction.all(
            """
            SELECT \(DeviceCodeRow.columns) FROM device_codes
            WHERE state <> 'claimed' AND (state <> 'pending' OR owner_id IS NOT NULL)
            """, as: DeviceCodeRow.init)
    }
}
