// What an address means: one mailbox, a mailbox each of several, or a topic. The table is the specification's, "Addresses".

internal import MeshAPI
internal import MeshStore
internal import Text

/// Whom an address means.
enum AddressTarget: Sendable {
    case peer(AddressBook.PeerEntry)
    case member(AddressBook.Member)
    /// `@X`, `@all`: the sender and those out of its contacts are in neither list. `role` is what was asked for.
    case several(peers: [AddressBook.PeerEntry], members: [AddressBook.Member], outOfContact: [Who], role: String?)
    case topic(AddressBook.TopicEntry)
    case probe
}

/// Why an address means nobody.
enum AddressProblem: Error, Sendable {
    case unknown(near: [Who], roles: [RoleHere]?)
    case ambiguous([Who])
    case isSelf
    case malformed
}

extension AddressBook {
    /// Sixteen of them in a message, so long each.
    static let longestAddress = 128

    /// Whether a text can be one, whoever it means.
    static func isAddress(_ text: String) -> Bool {
        // Of plain ASCII, as nearly all are, without a look at Unicode's tables.
        (1...longestAddress).contains(text.utf8.count)
            && (text.utf8.allSatisfy { (0x20...0x7E).contains($0) } || FieldRule.name.problem(of: text) != .control)
    }

    /// Who `address` is for `speaker`. `isInContact` says of a member whether they take what is sent to several.
    func resolve(_ address: String, for speaker: Speaker, isInContact: (Member) throws -> Bool) throws -> AddressTarget
    {
        guard Self.isAddress(address) else { throw AddressProblem.malformed }
        switch address.first {
        case "#": return .topic(try topic(String(address.dropFirst())))
        case "@": return try several(String(address.dropFirst()), for: speaker, isInContact: isInContact)
        default: return try one(address, for: speaker)
        }
    }

    private func topic(_ name: String) throws -> TopicEntry {
        if let topic = topics.first(where: { $0.name == name.lowercased() }) { return topic }
        throw AddressProblem.unknown(near: near(topic: name), roles: nil)
    }

    private func several(_ name: String, for speaker: Speaker, isInContact: (Member) throws -> Bool) throws
        -> AddressTarget
    {
        let word = name.folded()
        if word == "self" { return .probe }
        let isAll = word == "all" || word == "todos"
        let key = roleKey(name)
        let meant = peers.values.filter { peer in
            peer.isLive && peer.id != speaker.peer?.sessionID
                && (isAll || peer.row.handle == word || peer.row.role.map(roleKey) == key)
        }
        let people = !isAll ? [] : members.values.filter { $0.id != speaker.memberID && !hasLivePeer($0.id) }
        guard !meant.isEmpty || !people.isEmpty else {
            throw AddressProblem.unknown(near: near(name), roles: isAll ? nil : roles)
        }
        var outside: [Who] = []
        var reached: ([PeerEntry], [Member]) = ([], [])
        for peer in meant.sorted(by: { $0.address < $1.address }) {
            if try isInContact(peer.member) { reached.0.append(peer) } else { outside.append(who(peer)) }
        }
        for member in people.sorted(by: { $0.handle < $1.handle }) {
            if try isInContact(member) { reached.1.append(member) } else { outside.append(who(member)) }
        }
        return .several(
            peers: reached.0, members: reached.1, outOfContact: outside, role: isAll ? nil : key)
    }

    private func one(_ address: String, for speaker: Speaker) throws -> AddressTarget {
        let parts = address.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 2 { return try peer(parts[1], ofMember: parts[0], written: address, for: speaker) }
        guard parts.count == 1 else { throw nobody(address) }
        let handle = address.lowercased()
        let named = peers(handle: handle)
        if let own = ordered(named.filter { $0.member.id == speaker.memberID }).first, speaker.kind != .key {
            return try other(own, than: speaker)
        }
        if let member = member(handle: handle) { return try other(member, than: speaker) }
        // Of each member the one that `member/handle` means.
        let fitting = Dictionary(grouping: named, by: \.member.id).values.compactMap { ordered($0).first }
        if let only = fitting.first {
            guard fitting.count == 1 else { throw AddressProblem.ambiguous(ordered(fitting).map(who)) }
            return .peer(only)
        }
        return try byID(address, for: speaker)
    }

    private func peer(_ handle: String, ofMember memberHandle: String, written: String, for speaker: Speaker) throws
        -> AddressTarget
    {
        let (handle, owner) = (handle.lowercased(), memberHandle.lowercased())
        let fitting = peers(handle: handle).filter { $0.member.handle == owner }
        guard let first = ordered(fitting).first else {
            throw nobody(written)
        }
        return try other(first, than: speaker)
    }

    /// A whole id, or the beginning of one, of six characters or more.
    private func byID(_ text: String, for speaker: Speaker) throws -> AddressTarget {
        if let peer = peers[text] { return try other(peer, than: speaker) }
        if let member = members[text] { return try other(member, than: speaker) }
        if text.utf8.count >= 6 {
            let fitting = peers.values.filter { $0.id.hasPrefix(text) }
            let people = members.values.filter { $0.id.hasPrefix(text) }
            if fitting.count + people.count > 1 {
                throw AddressProblem.ambiguous(ordered(fitting).map(who) + people.map(who))
            }
            if let peer = fitting.first { return try other(peer, than: speaker) }
            if let member = people.first { return try other(member, than: speaker) }
        }
        throw nobody(text)
    }

    /// With those who are near, and the roles that one may have meant.
    private func nobody(_ text: String) -> AddressProblem { .unknown(near: near(text), roles: roles(near: text)) }

    private func other(_ peer: PeerEntry, than speaker: Speaker) throws -> AddressTarget {
        guard peer.id != speaker.peer?.sessionID else { throw AddressProblem.isSelf }
        return .peer(peer)
    }

    private func other(_ member: Member, than speaker: Speaker) throws -> AddressTarget {
        guard speaker.kind != .member || member.id != speaker.memberID else { throw AddressProblem.isSelf }
        return .member(member)
    }
}
