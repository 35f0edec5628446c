// Who may have been meant: up to five whose names are like what was written, the nearest first.

internal import MeshAPI
internal import MeshStore
internal import Text

extension AddressBook {
    static let mostNear = 5

    /// The roles there are now, the most frequent first.
    var roles: [RoleHere] {
        let named = peers.values.filter(\.isLive).compactMap(\.row.role)
        return Dictionary(grouping: named, by: roleKey).values.map { RoleHere(role: $0.min() ?? "", count: $0.count) }
            .sorted { $0.count == $1.count ? $0.role < $1.role : $0.count > $1.count }
    }

    /// Those of a like name; nil where there is none.
    func roles(near text: String) -> [RoleHere]? {
        let word = text.folded()
        let found = roles.filter { Self.distance(roleKey($0.role), word) <= Self.mostDistance(of: word) }
        return found.isEmpty ? nil : Array(found.prefix(Self.mostNear))
    }

    /// Peers and members of like handles; `text` without its `@`.
    func near(_ text: String) -> [Who] {
        let word = text.folded()
        let last = word.split(separator: "/").last.map(String.init) ?? word
        var found: [(distance: Int, who: Who)] = []
        // Of those that had one address after the other, the one that it means.
        for peer in Dictionary(grouping: peers.values, by: \.address).values.compactMap({ ordered($0).first }) {
            var names = [peer.address, peer.row.handle]
            if let role = peer.row.role { names.append(role.folded()) }
            let distance = names.map { Self.distance($0, $0 == peer.row.handle ? last : word) }.min() ?? .max
            found.append((distance, who(peer)))
        }
        for member in members.values { found.append((Self.distance(member.handle, word), who(member))) }
        return Self.nearest(found, to: last)
    }

    func near(topic name: String) -> [Who] {
        let word = name.folded()
        return Self.nearest(topics.map { (Self.distance($0.name, word), who($0)) }, to: word)
    }

    private static func nearest(_ found: [(distance: Int, who: Who)], to word: String) -> [Who] {
        let most = mostDistance(of: word)
        return found.filter { $0.distance <= most }
            .sorted { $0.distance == $1.distance ? $0.who.address < $1.who.address : $0.distance < $1.distance }
            .prefix(mostNear).map(\.who)
    }

    private static func mostDistance(of word: String) -> Int { min(3, EditDistance.most(of: word.count)) }

    /// How many letters must be put in, left out, changed or exchanged with their neighbour to make one of the other; a
    /// name that begins with what was written is one away.
    static func distance(_ name: String, _ written: String) -> Int {
        let (left, right) = (Array(name.utf8), Array(written.utf8.prefix(AddressBook.longestAddress)))
        if right.count >= 2, left.starts(with: right) { return left.count == right.count ? 0 : 1 }
        guard abs(left.count - right.count) <= 3 else { return .max }
        return EditDistance.between(left, right)
    }
}
