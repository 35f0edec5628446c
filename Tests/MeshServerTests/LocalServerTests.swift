// "This machine only": account, mesh and credential made by the database's owner, each once.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct LocalServerTests {
    @Test func theOwnerGetsAccountMeshAndOneCredential() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "meshserver-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/mesh.sqlite"
        let first = try LocalServer.prepare(database: path, userName: "ada", hostName: "box\u{7}.local")
        #expect((first.user.name, first.user.email) == ("ada", nil))
        #expect((first.mesh.name, first.mesh.slug, first.mesh.membership) == ("box.local", "box-local", .owner))
        let token = try #require(first.token)

        let again = try LocalServer.prepare(database: path, userName: "eve", hostName: "other", credential: token)
        #expect((again.user.id, again.mesh.id, again.token) == (first.user.id, first.mesh.id, nil))
        let lost = try LocalServer.prepare(database: path, userName: "ada", hostName: "box", credential: "cm_session_x")
        #expect(lost.user.id == first.user.id)
        #expect(lost.token != nil)

        let bench = try Bench { $0 = LocalServer.options(database: path, port: 0, version: "1.2") }
        try await bench.run { client in
            let me = try await API(client: client, token: token).get("/api/my/whoami").decoded(WhoAmI.self)
            #expect(me.user.name == "ada")
            #expect(try await API(client: client).get("/register").status == .forbidden)
            #expect(try await API(client: client).get("/health").text == #"{"status":"ok","version":"1.2"}"#)
        }
    }
}
