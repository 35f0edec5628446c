// A look at the mesh from the last question: the same screen as `claudemesh watch`, opened with what the wizard knows.

import Console
import FlowEngine
import FoundationEssentials
import MeshAPI
import MeshClient
import WatchRun
import Wizard

extension WatchVisit {
    convenience init?(_ watched: Watched, _ world: EffectWorld) {
        guard let client = try? world.client(watched.access) else { return nil }
        let joined = world.context.now()
        let mesh = Mesh(
            id: watched.mesh.id, slug: watched.mesh.slug, name: watched.mesh.name, membership: watched.membership,
            memberCount: 1, createdAt: joined, joinedAt: joined)
        // As far as it is known here: the lists say the rest.
        let me = Member(
            id: watched.user.id, name: watched.user.name, membership: watched.membership, joinedAt: joined)
        let request = WatchRequest(
            mesh: mesh.name, bell: false, client: client, host: client.server.authority, isVisit: true
        ) { (mesh, me) }
        self.init(request, context: world.context, directory: world.directory)
    }
}
