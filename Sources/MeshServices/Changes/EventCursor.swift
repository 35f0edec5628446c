// A place in what happens in a mesh: the mesh's epoch, the number of the last change that was told, and number and tag of
// the newest message then, by which a mesh that was put back to an older state is known. Opaque to clients.

internal import MeshAPI
internal import MeshStore

package struct EventCursor: Sendable, Hashable {
    var meshID: String
    var epoch: String
    package var change: Int
    /// The number of the newest message then; 0 before the first.
    var seq: Int
    /// The beginning of that message's id; empty where it is kept no longer.
    var tag: String

    static let tagLength = 6

    init(meshID: String, head: MeshHead, newestID: String?) {
        self.meshID = meshID
        (epoch, change) = (head.epoch, head.change)
        (seq, tag) = (0, "")
        stand(at: head.seq, newestID)
    }

    /// The newest message then; nil where it is kept no longer.
    mutating func stand(at seq: Int, _ id: String?) {
        (self.seq, tag) = (seq, id.map { String($0.prefix(Self.tagLength)) } ?? "")
    }

    /// nil where it is none, or another mesh's.
    init?(text: String, meshID: String) {
        guard let bytes = Base32.decode(text) else { return nil }
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == Self.mark, parts[1] == meshID, let change = Int(parts[3]),
            let seq = Int(parts[4]), change >= 0, seq >= 0
        else { return nil }
        (self.meshID, epoch) = (meshID, String(parts[2]))
        (self.change, self.seq, tag) = (change, seq, String(parts[5]))
    }

    package var text: String {
        TokenForm.base32(Array("\(Self.mark)/\(meshID)/\(epoch)/\(change)/\(seq)/\(tag)".utf8))
    }

    private static let mark = "events"

    /// Whether everything after this place can still be told. `idThere` is the id of the message with this number, `oldest`
    /// the number of the oldest message; nil where there is none.
    func holds(at head: MeshHead, idThere: String?, oldest: Int?) -> Bool {
        guard epoch == head.epoch, change <= head.change, seq <= head.seq else { return false }
        // Of one history: what came after a message that is kept, is kept.
        if let idThere, !tag.isEmpty { return idThere.hasPrefix(tag) }
        if seq == head.seq { return true }
        return oldest.map { $0 <= seq + 1 } ?? false
    }
}

extension EventCursor {
    /// The place where a mesh is now; nil where there is no such mesh.
    static func now(meshID: String, in transaction: Transaction) throws -> EventCursor? {
        guard let head = try transaction.heads.head(meshID: meshID) else { return nil }
        return EventCursor(
            meshID: meshID, head: head, newestID: try transaction.messages.id(meshID: meshID, seq: head.seq))
    }
}
