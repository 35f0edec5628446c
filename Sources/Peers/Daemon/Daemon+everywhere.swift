// What is read without a session: over all meshes of the person, at every server that this machine is signed in to.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshClient

/// A list that is read without a session.
enum Everywhere: Sendable {
    case inbox, messages, peers, topics
}

extension Daemon {
    /// The list, each item with its mesh. 401 where nobody is signed in; 502 where no server answers.
    func everywhere(_ what: Everywhere) async -> RelayedReply {
        let signIns = await world.signIns()
        guard !signIns.isEmpty else { return .refusal(401, "unauthorized", "Nobody is signed in on this machine.") }
        var lists = Lists()
        var trouble: RelayedReply?
        for signIn in signIns {
            let client = APIClient(
                server: signIn.server, credential: .bearer(signIn.token), transport: world.transport)
            do throws(APIFailure) {
                for mesh in try await client.meshes() { try await read(what, of: mesh, client, into: &lists) }
            } catch {
                trouble = RelayedReply(error, host: signIn.server.host)
            }
        }
        if lists.isEmpty, let trouble { return trouble }
        return .json(lists, status: 200)
    }

    private func read(
        _ what: Everywhere, of mesh: Mesh, _ client: APIClient, into lists: inout Lists
    ) async throws(APIFailure) {
        let name = NamedMesh(id: mesh.id, slug: mesh.slug, name: mesh.name)
        switch what {
        case .peers:
            lists.peers =
                (lists.peers ?? []) + (try await client.peers(in: mesh.id)).map { .init(item: $0, mesh: name) }
        case .topics:
            lists.topics =
                (lists.topics ?? []) + (try await client.topics(in: mesh.id)).map { .init(item: $0, mesh: name) }
        case .inbox, .messages:
            let page = try await client.messages(in: mesh.id, unread: what == .inbox)
            lists.messages = (lists.messages ?? []) + page.items.map { .init(item: $0, mesh: name) }
        }
    }
}

private struct NamedMesh: Encodable {
    var id: String
    var slug: String
    var name: String
}

private struct Lists: Encodable {
    var peers: [OfMesh<Peer>]?
    var topics: [OfMesh<Topic>]?
    var messages: [OfMesh<Message>]?

    var isEmpty: Bool { peers == nil && topics == nil && messages == nil }
}

/// An item, and the mesh it is in.
private struct OfMesh<Item: Encodable>: Encodable {
    var item: Item
    var mesh: NamedMesh

    private enum CodingKeys: String, CodingKey { case mesh }

    func encode(to encoder: any Encoder) throws {
        try item.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(mesh, forKey: .mesh)
    }
}
