// Who says something: a peer, a member, or a script by a mesh key. To add one: a case of `PartyKind`, a way to make it here.

internal import MeshAPI
internal import MeshStore

struct Speaker: Sendable {
    var kind: PartyKind
    /// Session, account or key: with `kind`, whose `client_id`s are one.
    var id: String
    /// The member behind it; a key's maker.
    var memberID: String
    /// The peer that speaks.
    var peer: PresenceRow?
    /// The key by which a script speaks.
    var key: MeshKeyRow?

    init(_ reader: Reader) {
        kind = reader.peer != nil ? .peer : reader.key != nil ? .key : .member
        id = reader.peer?.sessionID ?? reader.key?.id ?? reader.account.id
        memberID = reader.account.id
        (peer, key) = (reader.peer, reader.key)
    }

    /// Whether a person speaks, whatever with.
    var isPerson: Bool { kind == .member }

    /// Whether a peer was launched, or a key made, to do that.
    func may(_ ability: Ability) -> Bool { peer?.may(ability) ?? key?.may(ability) ?? true }

    /// Throws 403 where a peer was launched, or a key made, with less.
    func require(_ ability: Ability) throws {
        guard !may(ability) else { return }
        if let key { throw key.refusal }
        let can = peer?.can ?? []
        let words = can.map(Self.words).joined(separator: ", ")
        throw Refusal.notAllowed(
            "This session may only \(words) (--can \(can.map(\.rawValue).joined(separator: ","))).")
    }

    private static func words(_ ability: Ability) -> String {
        switch ability {
        case .read: "read"
        case .send: "send"
        case .topics: "use topics"
        }
    }
}
