// `create`, `list`, `sync`, `members`, `rename`, `leave`, and which mesh they act on, against the real server.

import ConsoleSupport
import FoundationEssentials
import MeshAPI
import MeshClient
import Testing
import Text

@testable import Commands
@testable import Connect
@testable import Console
@testable import LocalState
@testable import WizardRun

@Suite struct MeshCommandTests {
    private struct Answer: Decodable, Equatable {
        var id: String
        var slug: String
        var name: String
        var membership: String
    }

    private struct Synced: Decodable {
        var added: [Answer]
        var removed: [Answer]
    }

    @Test func createMakesAMeshAndKeepsIt() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let ran = await person.home.run("create", "Platform team")
            let mesh = try #require(try await person.client.meshes().first)
            #expect(
                ran.out == """
                    ✔ Created mesh Platform team (slug: platform-team, id: \(mesh.id))
                    ✔ Added to this machine's list
                    ▸ Invite peers: claudemesh invite --mesh platform-team

                    """)
            #expect(ran.status == 0 && ran.err.isEmpty)
            #expect(try person.home.meshes(of: person.user.id, on: server.url) == ["platform-team"])

            let taken = await person.home.run("create", "Platform team")
            #expect(taken.status == 6 && taken.out.isEmpty)
            #expect(taken.err == "error: That slug is taken\n  This one is free: --slug platform-team-2\n")
            let json = await person.home.run("create", "Platform team", "--json")
            #expect(try json.error().code == "slug_taken")
            let second = await person.home.run("create", "Platform team", "--slug", "platform-team-2", "--json")
            let answer = try second.json(Answer.self)
            #expect(answer.slug == "platform-team-2" && answer.name == "Platform team" && answer.membership == "owner")
        }
    }

    /// What is wrong is said before the server is asked.
    @Test(arguments: [
        (["create", ""], "NAME is empty"),
        (["create", "\u{200B}"], "NAME: type a name."),
        (["create", "a\u{7}b"], "NAME: names can't have control or invisible characters."),
        (["create", String(repeating: "x", count: 65)], "NAME: names can have up to 64 characters."),
        (
            ["create", "x", "--slug", "Not A Slug"],
            "--slug: lower-case letters, digits and single hyphens, such as not-a-slug"
        ),
        (["rename", "dev", "\u{200B}"], "NAME: type a name."),
    ])
    func refusedInput(_ words: [String], _ text: String) async throws {
        let home = try CommandHome(server: "http://127.0.0.1:1")
        try home.signIn(
            TokenForm.make(.pat, bytes: [UInt8](repeating: 1, count: 32)), User(id: "u", name: "Ale"),
            on: "http://127.0.0.1:1")
        let (out, err) = (Capture(), Capture())
        #expect(await Program.run(words, context: home.context(out, err)) == .code(3))
        #expect(err.text == "error: \(text)\n")
    }

    @Test func zeroStateWritesNoAuthFile() async throws {
        try await CommandServer.run { server in
            let token = try await server.token(.pat, of: try await server.account("Ale"), name: "ci")
            let home = try CommandHome(server: server.url)
            let ran = await home.run(
                "create", "CI run", "--json", environment: ["CLAUDEMESH_TOKEN": token, "CI": "true"])
            #expect(ran.status == 0 && ran.err.isEmpty)
            #expect(try ran.json(Answer.self).slug == "ci-run")
            #expect(home.read(".claudemesh/auth.json") == nil)
        }
    }

    @Test func withoutAWritableHomeACommandWithATokenWorks() async throws {
        try await CommandServer.run { server in
            let token = try await server.token(.pat, of: try await server.account("Ale"), name: "ci")
            let home = try CommandHome(server: server.url)
            let nowhere = ["CLAUDEMESH_TOKEN": token, "CLAUDEMESH_CONFIG_DIR": "/proc/none"]
            let ran = await home.run("create", "CI run", environment: nowhere)
            #expect(ran.status == 0 && ran.out.contains("✔ Created mesh CI run") && !ran.out.contains("Added to"))
            #expect(ran.err.hasPrefix("warning: Not kept on this machine: "))
            #expect(await home.run("list", environment: nowhere).status == 0)
            #expect(await home.run("sync", environment: nowhere).status == 10)
        }
    }

    @Test func listShowsTheServersMeshes() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let none = await person.home.run("list")
            #expect(none.status == 0 && none.out.isEmpty)
            #expect(none.err == "You are in no mesh yet. Create one: claudemesh create NAME\n")
            #expect(await !person.home.run("list", terminal: true).out.contains("Slug"))
            let mesh = try await person.mesh("Málaga 漢字")
            let plain = await person.home.run("list")
            #expect(plain.out == "\(mesh.slug)  Málaga 漢字  owner  1 member  \(mesh.id)\n")
            let spanish = await person.home.run("list", environment: ["LANG": "es_ES.UTF-8"])
            #expect(spanish.out.contains("titular  1 miembro"))
            let json = await person.home.run("list", "--json")
            #expect(json.out.hasPrefix(#"{"meshes":[{"created_at":"#) && json.err.isEmpty)
            let person2 = await person.home.run("list", terminal: true)
            #expect(person2.out.contains("Slug") && person2.out.contains("\u{1B}["))
            #expect(person2.out.contains("Membership"))
            let noColour = await person.home.run("list", environment: ["NO_COLOR": "1"], terminal: true)
            #expect(noColour.out.contains("Slug") && !noColour.out.contains("\u{1B}"))
        }
    }

    /// On a terminal the column of names gives way, so that a row is a line; in a pipe a name is whole.
    @Test func aLongNameDoesNotBreakTheRows() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let name = String(repeating: "漢", count: 64)
            let long = try await person.mesh(name)
            _ = try await person.mesh("Dev")
            let shown = await person.home.run("list", environment: ["NO_COLOR": "1"], terminal: true).out
            let lines = shown.split(separator: "\n")
            #expect(lines.count == 3 && lines.allSatisfy { TextWidth.of(String($0)) <= 80 }, "\(shown)")
            #expect(lines.contains { $0.contains(/漢… {2,3}owner/) && $0.hasSuffix(long.id) })
            #expect(await person.home.run("list").out.contains(name))
        }
    }

    /// A server may send anything: on the way in it is stripped, and whatever gets through is made visible.
    @Test func hostileNamesAreInert() async throws {
        try await HostileServer.run(
            #"{"meshes":[{"id":"m","slug":"evil","name":"e\u001b]0;x\u0007\u202ename","membership":"owner","member_count":1,"created_at":"2026-01-01T00:00:00Z","joined_at":"2026-01-01T00:00:00Z"}]}"#
        ) { url in
            let home = try CommandHome(server: url)
            let token = TokenForm.make(.pat, bytes: [UInt8](repeating: 1, count: 32))
            try home.signIn(token, User(id: "u", name: "Ale"), on: url)
            let ran = await home.run("list", terminal: true)
            #expect(ran.status == 0)
            #expect(ran.out.contains(#"e\u{1B}]0;x\u{7}\u{202E}name"#))
            #expect(await home.run("members", "nothing").status == 5)
        }
    }

    @Test func theLastOwnerEndsAMeshRatherThanLeaveIt() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let mesh = try await person.mesh("Dev")
            let stays = await person.home.run("leave", "dev")
            #expect(stays.status == 6 && stays.err.contains("`claudemesh leave MESH --archive`"), "\(stays.err)")
            let unasked = await person.home.run("leave", "dev", "--archive")
            #expect(unasked.status == 3 && unasked.err.contains("--yes is needed"), "\(unasked.err)")
            for answer in ["", "y\n", "dev\n"] {
                let other = await person.home.run("leave", "dev", "--archive", input: answer, terminal: true)
                #expect(other.status == 1 && other.err.contains("Nothing was ended."), "\(other.err)")
            }
            #expect(try await person.client.meshes().map(\.id) == [mesh.id])
            let ran = await person.home.run("leave", "dev", "--archive", input: "Dev\n", terminal: true)
            #expect(ran.status == 0 && ran.out.contains("Ended Dev for everyone\n"), "\(ran.err)")
            #expect(try await person.client.meshes().isEmpty)
            #expect(try person.home.meshes(of: person.user.id, on: server.url).isEmpty)
            #expect(await person.home.run("members", mesh.id).status == 5)
        }
    }

    @Test func aScriptEndsAMeshByYes() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            _ = try await person.mesh("Dev")
            #expect(await person.home.run("leave", "dev", "--archive", "--yes").status == 0)
            #expect(try await person.client.meshes().isEmpty)
        }
    }

    @Test func syncAddsAndRemoves() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let kept = try await person.mesh("Kept")
            let gone = try await person.mesh("Gone")
            let first = try await person.home.run("sync", "--json").json(Synced.self)
            #expect(Set(first.added.map(\.id)) == [kept.id, gone.id] && first.removed.isEmpty)
            try await person.client.archiveMesh(gone.id)
            let new = try await person.mesh("New")
            let ran = await person.home.run("sync")
            #expect(ran.out == "✔ Synced 2 meshes: kept, new\nAdded new (New)\nRemoved gone (Gone)\n")
            #expect(try person.home.meshes(of: person.user.id, on: server.url).sorted() == ["kept", "new"])
            #expect(new.slug == "new")
            // The meshes of another account on the same server stay.
            let token = try await server.token(.pat, of: try await server.account("Bo"), name: "ci")
            #expect(await person.home.run("sync", environment: ["CLAUDEMESH_TOKEN": token]).status == 0)
            #expect(try person.home.meshes(of: person.user.id, on: server.url).sorted() == ["kept", "new"])
        }
    }

    @Test func whichMesh() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            #expect(await person.home.run("members").status == 3)
            let dev = try await person.mesh("Dev")
            let only = await person.home.run("members")
            #expect(only.status == 0 && only.out.hasPrefix("Ale Rodríguez  owner"))
            let staging = try await person.mesh("Staging")
            let open = await person.home.run("members")
            #expect(open.status == 3)
            #expect(open.err == "error: --mesh is needed\n  Available meshes: dev, staging\n")
            for text in ["dev", "Dev", dev.id] {
                let (positional, flag) = (
                    await person.home.run("members", text), await person.home.run("members", "--mesh", text)
                )
                #expect(positional.status == 0 && flag.out == positional.out)
            }
            let unknown = await person.home.run("members", "stagin")
            #expect(unknown.status == 5)
            #expect(
                unknown.err == """
                    error: No mesh is called stagin
                      Did you mean staging?
                      Available meshes: dev, staging

                    """)
            let twin = try await person.client.createMesh(CreateMesh(name: "Dev", slug: "dev-2"), key: "twin")
            let two = await person.home.run("peers", "--mesh", "Dev", "--json")
            #expect(two.status == 3)
            #expect(try two.error().hint == "Use an id: \(dev.id), \(twin.id)")
            #expect(staging.slug == "staging")
        }
    }

    @Test func renameAndLeave() async throws {
        try await CommandServer.run { server in
            let owner = try await server.person()
            let mesh = try await owner.mesh("Dev")
            let renamed = await owner.home.run("rename", "dev", "Development", "--json")
            #expect(
                try renamed.json(Answer.self)
                    == Answer(id: mesh.id, slug: "dev", name: "Development", membership: "owner"))
            let last = await owner.home.run("leave", "dev")
            #expect(last.status == 6 && last.err.contains("keeps at least one owner"))

            let guest = try await server.person("Bo")
            let invite = try await owner.invite(to: mesh)
            #expect(await guest.home.run("join", invite.code).status == 0)
            #expect(try guest.home.meshes(of: guest.user.id, on: server.url) == ["dev"])
            #expect(await guest.home.run("rename", "dev", "Mine").status == 7)
            let left = await guest.home.run("leave", "dev")
            #expect(left.status == 0 && left.out == "✔ Left Development\n")
            #expect(try guest.home.meshes(of: guest.user.id, on: server.url).isEmpty)
            #expect(try await owner.client.members(of: mesh.id).count == 1)
        }
    }

    @Test func signedInElsewhere() async throws {
        let home = try CommandHome(server: "https://b.example")
        try home.signIn(
            TokenForm.make(.session, bytes: [UInt8](repeating: 1, count: 32)), User(id: "u", name: "Ale"),
            on: "https://a.example")
        let ran = await home.run("list")
        #expect(ran.status == 2)
        #expect(
            ran.err == """
                error: Not signed in to b.example
                  You are signed in to a.example. Run `claudemesh login --server b.example`.

                """)
    }
}
