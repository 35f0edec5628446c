// What others do at the server while a command is under test, through the same interface as everybody.

import Foundation
import MeshAPI
import MeshClient

extension CommandServer {
    func client(_ token: String) throws -> APIClient {
        APIClient(
            server: try ServerAddress(url), credential: .bearer(token),
            transport: Transport(environment: [:], userAgent: "test"))
    }

    /// An account that is signed in on this machine, in a home of its own.
    func person(_ name: String = "Ale Rodríguez", telling: Bool = false) async throws -> Person {
        let account = try await account(name)
        let token = try await token(.session, of: account)
        let home = try CommandHome(server: url, telling: telling)
        let client = try client(token)
        let user = try await client.whoami().user
        try home.signIn(token, user, on: url)
        return Person(home: home, user: user, token: token, client: client)
    }
}

/// Somebody with a home, signed in.
struct Person: Sendable {
    var home: CommandHome
    var user: User
    var token: String
    var client: APIClient

    func mesh(_ name: String) async throws -> Mesh {
        try await client.createMesh(CreateMesh(name: name), key: UUID().uuidString)
    }

    func invite(to mesh: Mesh, uses: Int = 5) async throws -> Invite {
        try await client.createInvite(CreateInvite(maxUses: uses), to: mesh.id, key: "\(mesh.id)\(uses)")
    }
}
