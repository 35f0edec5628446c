// A topic, as stored.

internal import FoundationEssentials
internal import MeshStore
internal import MeshAPI

struct TopicRow: Sendable {
    var id: String
    var name: String
    var about: String?
    /// The one that every mesh has, in which everybody is.
    var isGeneral: Bool
    var createdBy: String
    var createdAt: Date
    /// The number of its newest message; 0 before the first.
    var lastSeq: Int
    var lastAt: Date?
}

extension TopicRow {
    init(_ row: Row) throws {
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
