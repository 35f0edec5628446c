// What others do at the server while a command is under test, through the same interface as everybody.

import Foundation
import MeshAPI
import MeshClient
import Testing

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

    /// Runs a server with Ana's mesh, and Bo in it, whom she invited singly.
    static func two(
        _ body:
            @escaping @Sendable (_ ana: Person, _ bo: Person, _ mesh: Mesh, _ server: CommandServer) async throws
            -> Void
    ) async throws {
        try await run { server in
            let ana = try await server.person("Ana Ruiz")
            let bo = try await server.person("Bo Chen")
            let mesh = try await ana.mesh("Planning")
            let invite = try await ana.invite(to: mesh, uses: 1)
            #expect(await bo.home.run("join", invite.code).status == 0)
            try await body(ana, bo, mesh, server)
        }
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
