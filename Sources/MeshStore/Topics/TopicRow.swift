// A topic, as stored.

package import FoundationEssentials
internal import MeshAPI

package struct TopicRow: Sendable {
    package var id: String
    package var name: String
    package var about: String?
    /// The one that every mesh has, in which everybody is.
    package var isGeneral: Bool
    package var createdBy: String
    package var createdAt: Date
    /// The number of its newest message; 0 before the first.
    package var lastSeq: Int
    package var lastAt: Date?
}

extension TopicRow {
    package init(_ row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        about = try row["about"]
        isGeneral = (try row["is_general"] as Int) == 1
        createdBy = try row["created_by"]
        createdAt = try row.date("created_at")
        lastSeq = try row["last_seq"]
        lastAt = try row.dateIfAny("last_at")
    }
}
