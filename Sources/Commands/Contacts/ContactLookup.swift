// Whom a command about contacts means: a member by handle, name or id, or whoever a message is from that waits.

import Connect
import Console
import FoundationEssentials
import Localization
import MeshAPI
import MeshClient
import Text

/// One who was found, in the mesh where they are.
struct Contact: Sendable {
    let place: InMesh
    var grant: Grant
    /// Their messages that wait to be let in, oldest first.
    var held: [Message]
    /// Whether such a message was named, and not its sender.
    var isByMessage = false

    var name: String { grant.member.name }
    /// What one writes to.
    var handle: String { grant.member.handle ?? grant.member.id }

    /// The one whom `text` means, in the mesh that is named or in whichever of one's meshes they are alone. Throws
    /// `person_only` inside a session, and where it fits nobody or several.
    static func find(_ text: String, mesh: String?, _ context: Context) async throws -> Contact {
        try context.given(text, as: "NAME")
        let places = try await InMesh.all(mesh, of: try await ServerAccess.person(context))
        var found: [Contact] = []
        var everybody: [Contact] = []
        for place in places {
            let here = try await place.contacts()
            everybody += here
            found += Self.meant(by: text, among: here)
        }
        if let only = found.first, found.count == 1 { return only }
        guard found.isEmpty else { throw SeveralContacts(text: text, found: found) }
        for place in places where try await place.isOneself(text) { throw NoContact.oneself }
        throw NoContact.nobody(
            text, mesh: places.count == 1 ? places.first?.mesh.name : nil,
            near: everybody.map(\.handle).filter { Self.isNear($0, text) })
    }

    /// By what is told apart best: a message, a handle, an id, a whole name, the beginning of an id.
    static func meant(by text: String, among contacts: [Contact]) -> [Contact] {
        let isPrefix = text.count >= IDLookup.shortestPrefix
        func isID(_ id: String) -> Bool { id == text || isPrefix && id.hasPrefix(text) }
        let byMessage = contacts.filter { $0.held.contains { isID($0.id) } }
        guard byMessage.isEmpty else {
            return byMessage.map { contact in
                var contact = contact
                contact.isByMessage = true
                return contact
            }
        }
        let handle = String(text.lowercased().prefix { $0 != "/" })
        let ways: [(Contact) -> Bool] = [
            { $0.grant.member.handle == handle }, { $0.grant.member.id == text },
            { $0.name.folded() == text.folded() }, { isID($0.grant.member.id) },
        ]
        return ways.lazy.map { way in contacts.filter { way($0) } }.first { !$0.isEmpty } ?? []
    }

    private static func isNear(_ handle: String, _ text: String) -> Bool {
        let text = text.folded()
        return text.count >= 2 && (handle.hasPrefix(text.prefix(2)) || handle.contains(text))
    }
}

extension InMesh {
    /// Everybody else in the mesh, with what waits of theirs.
    func contacts() async throws -> [Contact] {
        let grants = try await ask { client throws(APIFailure) in try await client.grants(in: mesh.id) }
        let held = grants.contains { $0.held != nil } ? try await waiting(held: true) : []
        return grants.map { grant in
            Contact(place: self, grant: grant, held: held.filter { $0.from.member.id == grant.member.id })
        }
    }

    fileprivate func isOneself(_ text: String) async throws -> Bool {
        let others = try await ask { client throws(APIFailure) in try await client.grants(in: mesh.id) }
        let members = try await ask { client throws(APIFailure) in try await client.members(of: mesh.id) }
        return members.contains { member in
            !others.contains { $0.member.id == member.id }
                && (member.handle == text.lowercased() || member.id == text || member.name.folded() == text.folded())
        }
    }
}

/// Nobody whom one could let in or block.
enum NoContact: Explained {
    case oneself
    case nobody(String, mesh: String?, near: [String])

    func explanation(_ words: Words) -> Explanation {
        let strings = words.context.strings
        switch self {
        case .oneself: return Explanation(code: "self", message: strings(MessageText.contactSelf), exit: .input)
        case .nobody(let text, let mesh, let near):
            let message =
                mesh.map { strings(MessageText.nobody, ["mesh": $0, "address": text]) }
                ?? strings(MessageText.nobodyAnywhere, ["address": text])
            let names = near.prefix(5).joined(separator: ", ")
            let others = strings(MessageText.everyContact)
            return Explanation(
                code: "no_recipient", message: message,
                remedy: near.isEmpty ? others : strings(MessageText.near, ["names": names]) + " " + others,
                exit: .notFound)
        }
    }
}

/// Several of that name, or in several meshes.
struct SeveralContacts: Explained {
    var text: String
    var found: [Contact]

    func explanation(_ words: Words) -> Explanation {
        let strings = words.context.strings
        let isOneMesh = Set(found.map(\.place.mesh)).count == 1
        return Explanation(
            code: "ambiguous",
            message: strings(
                found.count == 2 ? MessageText.twoFit : .severalFit,
                ["address": text, "n": strings.number(found.count)]),
            remedy: found.map { isOneMesh ? "\($0.handle) (\($0.name))" : "\($0.handle) --mesh \($0.place.mesh.slug)" }
                .joined(separator: ", "), exit: .input)
    }
}
