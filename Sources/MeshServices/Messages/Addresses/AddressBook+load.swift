// The snapshot as it is read: once for a batch of messages, once for a question.

internal import FoundationEssentials
internal import MeshStore
internal import MeshAPI

extension AddressBook {
    /// Nil where there is no such mesh, or it is archived.
    static func load(meshID: String, in transaction: Transaction, at now: Date) throws -> AddressBook? {
        let mesh = try transaction.first(
            "SELECT first_contact FROM meshes WHERE id = ?1 AND archived_at IS NULL", meshID)
        guard let mesh else { return nil }
        let rows = try transaction.all(
            """
            SELECT s.*, a.name AS member_name, a.kind, s.handle AS member_handle
            FROM memberships s JOIN accounts a ON a.id = s.account_id WHERE s.mesh_id = ?1
            """, meshID)
        var members: [String: Member] = [:]
        for row in rows {
            let own: String? = try row["first_contact"]
            var member = Member(
                name: try row.memberName, membership: Membership(rawValue: try row["membership"]) ?? .member,
                isVouched: (try row["vouched"] as Int) == 1,
                isGuest: (try row["kind"] as String) == AccountRow.Kind.guest.rawValue,
                firstContact: own.flatMap(FirstContact.init))
            if try row.dateIfAny("attention_until").map({ $0 > now }) ?? true {
                member.attention = Attention(rawValue: try row["attention"]) ?? .open
            }
            members[member.id] = member
        }
        var peers: [String: PeerEntry] = [:]
        for row in try transaction.presences.all(meshID: meshID, at: now) {
            guard let member = members[row.accountID] else { continue }
            peers[row.sessionID] = PeerEntry(row: row, member: member, at: now)
        }
        let topics = try transaction.all(
            "SELECT id, name FROM topics WHERE mesh_id = ?1 AND deleted_at IS NULL ORDER BY name", meshID
        ).map { TopicEntry(id: try $0["id"], name: try $0["name"]) }
        return AddressBook(
            members: members, peers: peers, topics: topics,
            firstContact: FirstContact(rawValue: try mesh["first_contact"]) ?? .vouched, now: now)
    }
}
