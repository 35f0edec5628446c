// Commands inside a launched session: its mesh by default, its own token when there is no other.

import Crypto
import FoundationEssentials
import MeshAPI
import MeshClient
import Testing

@testable import Commands
@testable import Connect
@testable import Console
@testable import LocalState
@testable import WizardRun

/// A launched session as commands inside it see it.
struct InsideSession: Sendable {
    let mesh: Mesh
    let id = UUID().uuidString.lowercased()
    let token = String(repeating: "0123456789abcdef", count: 4)

    func register(_ client: APIClient, role: String? = nil) async throws {
        let digest = SHA256.hash(data: Array(token.utf8)).map { byte in
            let hex = String(byte, radix: 16)
            return hex.count == 1 ? "0" + hex : hex
        }
        try await client.registerSession(
            RegisterSession(
                sessionId: id, displayName: "Ale's agent", role: role, pid: 1, host: "box", tokenHash: digest.joined()),
            in: mesh.id)
    }

    /// What the launch puts into the environment. `tokenFile` holds the token.
    func environment(_ server: String, tokenFile: String) -> [String: String?] {
        [
            "CLAUDEMESH_SESSION_ID": id, "CLAUDEMESH_MESH": mesh.slug, "CLAUDEMESH_MESH_ID": mesh.id,
            "CLAUDEMESH_API_URL": server, "CLAUDEMESH_IPC_TOKEN_FILE": tokenFile,
        ]
    }
}

@Suite struct InsideSessionTests {
    @Test func itsMeshByDefault() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let dev = try await person.mesh("Dev")
            let other = try await person.mesh("Other")
            let session = InsideSession(mesh: dev)
            var inside = session.environment(server.url, tokenFile: "/nowhere")
            let ran = await person.home.run("invite", environment: inside)
            #expect(ran.status == 0 && ran.err.contains(" join Dev until "))
            // The id decides over the slug.
            inside["CLAUDEMESH_MESH"] = other.slug
            #expect(await person.home.run("invite", environment: inside).err.contains(" join Dev until "))
            #expect(
                await person.home.run("invite", "--mesh", "other", environment: inside).err.contains(
                    " join Other until "))
            inside["CLAUDEMESH_MESH_ID"] = "nope"
            let unknown = await person.home.run("peers", environment: inside)
            #expect(unknown.status == 5 && unknown.err.contains("nope\n  Available meshes: "))
        }
    }

    @Test func itsTokenWhenThereIsNoOther() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let session = InsideSession(mesh: try await person.mesh("Dev"))
            try await session.register(person.client)
            let home = try CommandHome()
            try home.write(session.token.uppercased() + "\n", to: "session-token")
            let inside = session.environment(server.url, tokenFile: "\(home.path)/session-token")
            let peers = await home.run("peers", environment: inside)
            #expect(peers.status == 0 && peers.out.contains("Ale's agent (this session)"))
            #expect(await home.run("members", environment: inside).status == 0)
            let who = await home.run("whoami", "--json", environment: inside)
            #expect(who.out.contains(#""kind":"peer""#) && who.out.contains(#""source":"session""#))
            let denied = await home.run("create", "x", environment: inside)
            #expect(denied.status == 7)
            #expect(denied.err.hasPrefix("error: The token of a launched session cannot do that\n"))
            // A sign-in goes before it, and an unreadable file is none.
            #expect(await person.home.run("whoami", "--json", environment: inside).out.contains(#""source":"file""#))
            try home.write("nonsense", to: "session-token")
            #expect(await home.run("peers", environment: inside).status == 2)
            // The variable that holds it is the one that is named; one that the server does not know is rejected.
            var named = inside
            named["CLAUDEMESH_IPC_TOKEN_FILE"] = .some(nil)
            named["CLAUDEMESH_IPC_TOKEN"] = session.token
            let text = await home.run("whoami", environment: named)
            #expect(text.status == 0 && text.out.contains("CLAUDEMESH_IPC_TOKEN\n"))
            named["CLAUDEMESH_IPC_TOKEN"] = String(repeating: "0", count: 64)
            for id in [session.mesh.id, nil] {
                named["CLAUDEMESH_MESH_ID"] = .some(id)
                let unknown = await home.run("peers", environment: named)
                #expect(unknown.status == 2 && unknown.err.hasPrefix("error: Token rejected"))
                #expect(unknown.err.contains("CLAUDEMESH_IPC_TOKEN.") || unknown.err.contains("CLAUDEMESH_IPC_TOKEN "))
            }
        }
    }
}
