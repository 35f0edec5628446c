// How who speaks is shown to those who read it.

internal import MeshAPI
internal import MeshStore

extension Speaker {
    /// SENDER, as it is now.
    func sender(in book: AddressBook) -> Sender? {
        guard let member = book.members[memberID] else { return nil }
        switch kind {
        case .peer:
            guard let entry = book.peers[id] else { return nil }
            return Sender(
                kind: .peer, id: id, address: entry.address, name: entry.row.displayName, member: member.name,
                role: entry.row.role, host: entry.row.host)
        case .key:
            let name = key?.label ?? id
            return Sender(kind: .key, id: id, address: name, name: name, member: member.name)
        default:
            return Sender(
                kind: .member, id: memberID, address: member.handle, name: member.name.name, member: member.name)
        }
    }
}
