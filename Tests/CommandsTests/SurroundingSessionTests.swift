// A command knows the session it runs in by its processes, also where its variables say nothing and no daemon is there.

import FoundationEssentials
import MeshAPI
import MeshClient
import Platform
import TestSupport
import Testing

@testable import Commands
@testable import Peers

@Suite struct SurroundingSessionTests {
    /// What a launch leaves for its tools, of a daemon that nobody may start.
    private static func leave(_ session: InsideSession, in home: CommandHome, server: String) throws {
        try home.write(session.token, to: "s/session-token")
        let facts = SessionFacts(
            sessionID: session.id, server: server, meshID: session.mesh.id, meshSlug: session.mesh.slug,
            meshName: session.mesh.name, accountID: "a", memberName: "Ale", displayName: "Ale's agent", role: nil,
            host: "box", directory: "/", receives: .wake, tokenFile: "\(home.path)/s/session-token", owner: .own,
            socket: "/nowhere/sock")
        try home.write(String(decoding: try JSONEncoder().encode(facts), as: UTF8.self), to: "s/session.json")
    }

    @Test(arguments: [
        "contacts", "allow x", "block x", "grant x", "revoke x", "keys list", "keys create ci", "kick x",
        "disconnect x", "ban x", "unban x", "bans", "watch --plain",
    ])
    func aPersonsDeedsAreRefusedWithoutADaemon(command: String) async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let session = InsideSession(mesh: try await person.mesh("Dev"))
            try await session.register(person.client)
            try Self.leave(session, in: person.home, server: server.url)
            let named: [String: String?] = ["CLAUDEMESH_IPC_TOKEN_FILE": "\(person.home.path)/s/session-token"]
            let ran = await person.home.run(command.split(separator: " ").map(String.init), environment: named)
            #expect(ran.status == 7, "\(ran.err)")
            #expect(ran.err.hasPrefix("error: Only a person does that."), "\(ran.err)")
        }
    }

    /// The session's program has the variable; what runs in it emptied its own.
    @Test func whoEmptiesTheVariablesIsInItStill() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let session = InsideSession(mesh: try await person.mesh("Dev"))
            try await session.register(person.client)
            try Self.leave(session, in: person.home, server: server.url)
            let bare = "env -i HOME=\(person.home.path) PATH=/usr/bin:/bin CLAUDEMESH_API_URL=\(server.url) $CM"
            let named = ["CLAUDEMESH_IPC_TOKEN_FILE": "\(person.home.path)/s/session-token"]
            let refused = try await person.home.shell("\(bare) contacts; exit $?", named)
            #expect(refused.status == 7 && refused.err.hasPrefix("error: Only a person does that."), "\(refused.err)")
            let sent = try await person.home.shell("\(bare) send '#general' hi; exit $?", named)
            #expect(sent.status == 0, "\(sent.err)")
            let said = try await person.client.messages(in: session.mesh.id, topic: "general").items.first
            #expect(said?.from.kind == .peer && said?.from.id == session.id)
            // Nobody's session: the person's own word.
            #expect(try await person.home.shell("\(bare) contacts; exit $?").status == 0)
        }
    }

    @Test func aVariableOfAProcess() {
        #expect(ProcessTree.variable("PATH", of: 1 << 22) == nil)
        #expect(ProcessTree.variable("PATH", of: ProcessIdentity.own.pid)?.isEmpty == false)
        #expect(ProcessTree.variable("PAT", of: ProcessIdentity.own.pid) == nil)
    }
}
