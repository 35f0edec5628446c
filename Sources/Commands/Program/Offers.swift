// What completion offers from the files of this machine: no server is asked while somebody presses Tab.

import ArgumentParser
import Connect
import Console
import LocalState
import MeshAPI
import Platform
import Wizard

/// Values of options, as `completion: Offers.meshes`.
enum Offers {
    /// The slugs of the meshes that were listed last, of the server and account in force.
    static let meshes = CompletionKind.custom { _, _, _ in
        guard let connection, let server = connection.server, let user = connection.signedIn?.auth?.user else {
            return []
        }
        let meshes = try? connection.directory.readMeshes().value
        let slugs = meshes?.meshes(of: AccountKey(server: server, userID: user.id)).map(\.slug) ?? []
        return slugs.filter(TabCompletion.isWord)
    }

    static let roles = CompletionKind.list(knownRoles)

    /// The ids of the launches that `--resume` finds.
    static let launches = CompletionKind.custom { _, _, _ in
        connection?.directory.launches().map(\.id).filter(TabCompletion.isWord) ?? []
    }

    private static var connection: Connection? {
        try? Connection(Context.live(), forgiving: true, mayWrite: false)
    }
}
