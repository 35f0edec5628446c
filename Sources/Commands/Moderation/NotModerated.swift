// Whom nobody, or not this person, puts out of a mesh or bans: said before it is asked about.

import Console
import Localization
import MeshAPI
import MeshClient

struct NotModerated: Explained, Equatable {
    var reason: ModerationBar
    /// Whom it is about.
    var name: String
    var mesh: MeshName

    func explanation(_ words: Words) -> Explanation {
        let strings = words.context.strings
        let values = ["name": name, "mesh": mesh.name, "slug": mesh.slug]
        return Explanation(
            code: reason == .oneself ? "self" : "forbidden", message: strings(reason.text, values),
            remedy: reason.remedy.map { strings($0, values) }, exit: reason == .oneself ? .input : .notPermitted)
    }
}

extension InMesh {
    /// Throws `NotModerated` where the member is oneself, or one whom one may not put out.
    func requireModerated(_ memberID: String, among members: [Member]) async throws {
        let who = try await ask { client throws(APIFailure) in try await client.whoami() }
        guard let me = members.first(where: { $0.id == who.user.id }),
            let theirs = members.first(where: { $0.id == memberID })
        else { return }
        if let bar = me.bar(to: theirs) { throw NotModerated(reason: bar, name: theirs.name, mesh: mesh) }
    }

    /// The same of whose session it is; one's own may always be put out.
    func requireModerated(_ peer: Peer?) async throws {
        guard let peer, !peer.isSelf, let owner = peer.member else { return }
        try await requireModerated(owner.id, among: try await members())
    }

    func members() async throws -> [Member] {
        try await ask { client throws(APIFailure) in try await client.members(of: mesh.id) }
    }
}
