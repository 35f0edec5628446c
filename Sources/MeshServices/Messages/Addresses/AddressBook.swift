// Who can be addressed in a mesh at one moment: a snapshot, over which addresses are resolved without a look at anything else.
// What an address means is in `AddressBook+resolve`; who is near a name, in `NearNames`.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore
internal import Text

struct AddressBook: Sendable {
    struct Member: Sendable {
        var name: MemberName
        var membership: Membership
        var isVouched = false
        var isGuest = false
        /// Their own choice; nil: as the mesh has it.
        var firstContact: FirstContact?
        /// What may wake any of their sessions.
        var attention = Attention.open

        var id: String { name.id }
        var handle: String { name.handle ?? name.id }
    }

    struct PeerEntry: Sendable {
        var row: PresenceRow
        var member: Member
        var isLive: Bool
        /// What may wake it: of its own and its member's choice the narrower.
        var attention: Attention
        var status: PeerStatus

        var id: String { row.sessionID }
        var address: String { "\(member.handle)/\(row.handle)" }

        init(row: PresenceRow, member: Member, at now: Date) {
            self.row = row
            self.member = member
            isLive = row.isLive(at: now)
            status = row.status(at: now)
            attention = row.attention(at: now).narrowed(by: member.attention)
        }
    }

    struct TopicEntry: Sendable {
        var id: String
        var name: String
    }

    let members: [String: Member]
    let peers: [String: PeerEntry]
    let topics: [TopicEntry]
    let firstContact: FirstContact
    let now: Date
    /// Who has a handle: ids.
    private let membersByHandle: [String: String]
    private let peersByHandle: [String: [String]]

    init(
        members: [String: Member], peers: [String: PeerEntry], topics: [TopicEntry], firstContact: FirstContact,
        now: Date
    ) {
        (self.members, self.peers, self.topics) = (members, peers, topics)
        (self.firstContact, self.now) = (firstContact, now)
        membersByHandle = Dictionary(members.map { ($1.handle, $0) }) { first, _ in first }
        peersByHandle = Dictionary(grouping: peers.keys) { peers[$0]?.row.handle ?? "" }
    }

    func member(handle: String) -> Member? { membersByHandle[handle].flatMap { members[$0] } }

    /// Of several members, and of one those that came one after the other.
    func peers(handle: String) -> [PeerEntry] { (peersByHandle[handle] ?? []).compactMap { peers[$0] } }

    /// Live before kept, the latest heard before older ones.
    func ordered(_ peers: some Sequence<PeerEntry>) -> [PeerEntry] {
        peers.sorted { left, right in
            if left.isLive != right.isLive { return left.isLive }
            let (first, second) = (left.row.goneAt ?? left.row.heardAt, right.row.goneAt ?? right.row.heardAt)
            return first == second ? left.id < right.id : first > second
        }
    }

    /// A role or handle as it is compared.
    func roleKey(_ text: String) -> String {
        let key = text.folded()
        return RoleWords.all[key] ?? key
    }

    func hasLivePeer(_ accountID: String) -> Bool {
        peers.values.contains { $0.isLive && $0.member.id == accountID }
    }
}

extension AddressBook {
    func who(_ peer: PeerEntry) -> Who {
        Who(
            kind: .peer, id: peer.id, address: peer.address, name: peer.row.displayName, member: peer.member.name,
            role: peer.row.role, host: peer.row.host, live: peer.isLive, awaySince: peer.row.awaySince(at: now),
            receives: peer.row.receives)
    }

    func who(_ member: Member) -> Who {
        Who(kind: .member, id: member.id, address: member.handle, name: member.name.name, member: member.name)
    }

    func who(_ topic: TopicEntry) -> Who {
        Who(kind: .topic, id: topic.id, address: "#\(topic.name)", name: topic.name)
    }
}

/// Roles' names in the program's other languages, folded as people write them behind `@`, to the one word.
enum RoleWords {
    static let all: [String: String] = [
        "desarrollo": "developer", "revision": "reviewer", "pruebas": "tester", "arquitectura": "architect",
        "coordinacion": "lead", "observacion": "observer",
    ]
}
