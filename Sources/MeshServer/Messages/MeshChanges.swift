// Tells who waits that something of a mesh changed: after the commit, as a hint. What is true is in the tables.

struct MeshChanges: Sendable {
    let hub: EventHub

    func post(_ meshID: String) { hub.post(Self.key(meshID)) }

    /// Of what concerns these alone: sessions, accounts, keys.
    func post(_ meshID: String, to ids: Set<String>) { post(meshID) }

    static func key(_ meshID: String) -> String { "mesh/\(meshID)" }
}
