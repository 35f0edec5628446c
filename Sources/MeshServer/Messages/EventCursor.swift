// A place in what a mesh's readers are told: epoch, change, and number and tag of the newest message then. Opaque to them.

internal import FoundationEssentials
internal import MeshAPI

struct EventCursor: Sendable, Hashable {
    var epoch: String
    var change: Int
    var seq: Int
    /// The newest message's id begins so; empty before the first.
    var tag: String

    static let tagLength = 6

    var text: String { TokenForm.base32(Array("\(epoch)/\(change)/\(seq)/\(tag)".utf8)) }

    init(epoch: String, change: Int, seq: Int, tag: String) {
        self.epoch = epoch
        self.change = change
        self.seq = seq
        self.tag = tag
    }

    /// Nil where it is none.
    init?(text: String) {
        guard let bytes = Base32.decode(text) else { return nil }
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 4, let change = Int(parts[1]), let seq = Int(parts[2]) else { return nil }
        self.init(epoch: String(parts[0]), change: change, seq: seq, tag: String(parts[3]))
    }

    /// The end of everything there is; nil where there is no such mesh.
    static func now(meshID: String, in transaction: Transaction) throws -> EventCursor? {
        guard let head = try transaction.heads.head(meshID: meshID) else { return nil }
        let newest = try transaction.messages.id(meshID: meshID, seq: head.seq) ?? ""
        return EventCursor(epoch: head.epoch, change: head.change, seq: head.seq, tag: String(newest.prefix(tagLength)))
    }
}
