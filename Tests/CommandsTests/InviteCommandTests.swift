// `invite`, `invites`, `join`, `peers`, against the real server.

import FoundationEssentials
import MeshAPI
import MeshClient
import Testing

@testable import Commands
@testable import Connect
@testable import Console
@testable import LocalState
@testable import WizardRun

@Suite struct InviteCommandTests {
    private struct Made: Decodable {
        var id: String
        var code: String
        var url: String
        var expiresAt: Date
        var emailed: Bool
    }

    @Test func theLinkIsTheFirstLine() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let mesh = try await person.mesh("Dev")
            let ran = await person.home.run("invite", "--email", "bo@example.com", "--expires-in", "2d", "--uses", "3")
            #expect(ran.status == 0)
            let invite = try #require(try await person.client.invites(to: mesh.id).first)
            #expect(ran.out == "\(server.url)/i/\(invite.code)\n")
            #expect(invite.maxUses == 3 && invite.role == .member && invite.email == "bo@example.com")
            #expect(ran.err.contains("Lets 3 people join Dev until "))
            // This server sends no mail, and says so.
            #expect(ran.err.contains("warning: No e-mail went to bo@example.com"))
            #expect(ran.err.contains("warning: This link works on this machine only."))
            let qr = await person.home.run("invite", "--qr")
            #expect(qr.out.split(separator: "\n").count > 10 && qr.out.contains("█▀"))
            let json = try await person.home.run("invite", "--role", "admin", "--json").json(Made.self)
            #expect(json.url == "\(server.url)/i/\(json.code)" && !json.emailed)
            for (flag, value, said) in [
                ("--uses", "0", "--uses: 1 to 1000"), ("--uses", "1001", "--uses: 1 to 1000"),
                ("--expires-in", "0d", "--expires-in: 1d to 365d"),
                ("--expires-in", "400d", "--expires-in: 1d to 365d"),
                ("--email", "nonsense", "that isn't an e-mail address"),
            ] {
                let refused = await person.home.run("invite", flag, value)
                #expect(refused.status == 3 && refused.err.contains(said), "\(refused.err)")
            }
        }
    }

    @Test func invitesAreListedAndTakenBack() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let mesh = try await person.mesh("Dev")
            #expect(await person.home.run("invites").err == "No open invites to Dev\n")
            let invite = try await person.invite(to: mesh, uses: 5)
            let list = await person.home.run("invites")
            #expect(list.out.hasPrefix("\(invite.id)  \(invite.code)  member    0/5  "))
            let ran = await person.home.run("invites", "revoke", String(invite.id.prefix(8)), "--json")
            #expect(ran.out == #"{"id":"\#(invite.id)","status":"revoked"}"# + "\n")
            #expect(await person.home.run("invites", "revoke", invite.id).status == 5)
            let late = try await CommandHome(server: server.url).run("join", invite.code)
            #expect(late.status == 5 && late.err.hasPrefix("error: This invite was revoked\n"))
        }
    }

    @Test func joinAsAnAccount() async throws {
        try await CommandServer.run { server in
            let owner = try await server.person()
            let mesh = try await owner.mesh("Dev")
            let invite = try await owner.invite(to: mesh)
            let person = try await server.person("Bo")
            let ran = await person.home.run("join", invite.url)
            #expect(ran.status == 0)
            #expect(ran.out == "✔ Joined Dev\n▸ Take a session there: claudemesh launch --mesh dev\n")
            #expect(person.home.auth?.token == person.token)
            let uses = try await owner.client.invites(to: mesh.id).first?.uses
            #expect(await person.home.run("join", invite.code.lowercased(), "--json").out.contains(#""slug":"dev""#))
            let again = await person.home.run("join", invite.url, "--name", "Bob")
            #expect(again.status == 0 && again.out.hasPrefix("✔ You are already in Dev\n"), "\(again.out)")
            #expect(again.err.contains("warning: --name is for guests"))
            // Being a member already costs no use.
            #expect(try await owner.client.invites(to: mesh.id).first?.uses == uses)
        }
    }

    @Test func joinAsAGuest() async throws {
        try await CommandServer.run { server in
            let owner = try await server.person()
            let mesh = try await owner.mesh("Dev")
            let invite = try await owner.invite(to: mesh)
            let home = try CommandHome(server: server.url)
            let ran = await home.run("join", invite.url, "--name", "Bo")
            #expect(
                ran.out == """
                    ✔ Joined Dev as the guest Bo
                    ✔ Token saved to ~/.claudemesh/auth.json
                    ▸ Take a session there: claudemesh launch --mesh dev

                    """)
            #expect(home.auth?.source == .invite)
            #expect(await home.run("members").out.contains("Bo  "))
            let create = await home.run("create", "Mine")
            #expect(create.status == 7 && create.err.hasPrefix("error: A guest cannot do that"))
            #expect(await home.run("whoami").out.contains("guest, for one mesh only"))
        }
    }

    /// Without a question as with one: another mesh takes a sign-in, and that is what is said.
    @Test func aGuestJoinsNoOtherMesh() async throws {
        try await CommandServer.run { server in
            let owner = try await server.person()
            let own = try await owner.invite(to: try await owner.mesh("Dev")).url
            let other = try await owner.invite(to: try await owner.mesh("Ops")).url
            let home = try CommandHome(server: server.url)
            #expect(await home.run("join", own, "--name", "Bo").status == 0)
            for words in [["launch", "-y", "--join", other], [other, "-y"], [other], ["join", other]] {
                let ran = await home.run(words)
                #expect(ran.status == 7, "\(words)")
                #expect(
                    ran.err == """
                        error: A guest cannot do that: it belongs to one mesh only
                          Run `claudemesh login` to sign in; the membership comes along.

                        """, "\(words)")
            }
            // What is kept of the first mesh is no more than a memory: the server says it too.
            let guest = AccountKey(server: try ServerAddress(server.url), userID: try #require(home.auth).user.id)
            try home.directory.updateMeshes { $0.setMeshes([], of: guest, at: nil) }
            #expect(await home.run("launch", "-y", "--join", other).err.hasPrefix("error: A guest cannot do that"))
        }
    }

    @Test func whatIsNoInvite() async throws {
        try await CommandServer.run { server in
            let home = try CommandHome(server: server.url)
            #expect(await home.run("join", "nonsense").status == 3)
            let unknown = await home.run("join", "ABCD-EFGH-JKLM")
            #expect(unknown.status == 5 && unknown.err.contains("No such invite on"))
            let other = await home.run("join", "https://b.example/i/ABCD-EFGH-JKLM")
            #expect(other.status == 3)
            #expect(
                other.err == """
                    error: This invite is for https://b.example
                      Add `--server https://b.example` to join there.

                    """)
            // A guest there would push the account here off the disk.
            let person = try await server.person()
            let there = await person.home.run("join", "ABCD-EFGH-JKLM", "--server", "https://b.example")
            #expect(there.status == 2 && person.home.auth?.token == person.token)
        }
    }

    @Test func peersAreWhoIsThereNow() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let mesh = try await person.mesh("Dev")
            #expect(await person.home.run("peers").err == "Nobody is in Dev now\n")
            let session = InsideSession(mesh: mesh)
            try await session.register(person.client, role: "reviewer")
            let ran = await person.home.run("peers")
            #expect(
                ran.status == 0 && ran.out.contains("Ale's agent  reviewer  here  takes no messages  "), "\(ran.out)")
            // Stored in English, shown translated.
            let spanish = await person.home.run("peers", "--lang", "es")
            #expect(spanish.out.contains("Ale's agent  revisión  presente  no recibe mensajes  "))
            let json = await person.home.run("peers", "--json")
            #expect(json.out.contains(#""display_name":"Ale's agent""#) && json.out.contains(#""role":"reviewer""#))
        }
    }

    /// Somebody at a terminal is asked; nobody else is. A token of another server is not shown to this one.
    @Test func aLinkOfAnotherServerIsAskedAbout() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let link = try await person.invite(to: try await person.mesh("Dev")).url
            let home = try CommandHome(server: "http://127.0.0.1:1")
            let says = "This invite is for \(server.url)"
            let piped = await home.run("join", link)
            #expect(piped.status == 3 && piped.err == "error: \(says)\n  Add `--server \(server.url)` to join there.\n")
            let ci = await home.run("join", link, environment: ["CI": "1"], terminal: true)
            #expect(ci.status == 3 && ci.err.contains("\(says) (because CI is set)\n"))
            #expect(try await home.run("join", link, "--json").error().code == "other_server")
            let no = await home.run("join", link, input: "n\n", terminal: true)
            #expect(no.status == 1 && no.err.hasPrefix("\(says). Join there? (y/n) ") && home.auth == nil)
            let none = await home.run("join", link, terminal: true)
            #expect(none.status == 1 && home.auth == nil)
            let stranger = TokenForm.make(.pat, bytes: [UInt8](repeating: 4, count: 32))
            let yes = await home.run(
                "join", link, input: "y\n", environment: ["CLAUDEMESH_TOKEN": stranger], terminal: true)
            #expect(yes.status == 0 && home.auth?.source == .invite && home.auth?.server.description == server.url)
            // A sign-in to yet another server is not pushed out by a guest's.
            let elsewhere = try CommandHome(server: "http://127.0.0.1:1")
            try elsewhere.signIn(stranger, User(id: "u", name: "Bo"), on: "http://127.0.0.1:1")
            let kept = await elsewhere.run("join", link, input: "y\n", terminal: true)
            // Wrapped at the words around the command.
            let said = kept.err.replacing("\n  ", with: " ")
            #expect(kept.err.contains("`claudemesh login --server \(server.url)`"))
            #expect(kept.status == 2 && said.contains("Run `claudemesh login --server \(server.url)` first."))
            #expect(elsewhere.auth?.token == stranger)
        }
    }

    @Test func onlyWhoWouldHaveAskedBlamesCI() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            for name in ["Dev", "Staging"] { _ = try await person.mesh(name) }
            let members = await person.home.run("members", environment: ["CI": "1"])
            #expect(members.status == 3)
            #expect(members.err == "error: --mesh is needed\n  Available meshes: dev, staging\n")
            let launch = await person.home.run("launch", environment: ["CI": "1"])
            #expect(launch.status == 3)
            // The newest first, where they are not of one second.
            #expect(
                ["dev, staging", "staging, dev"].contains {
                    launch.err == "error: --mesh is needed (because CI is set)\n  Available meshes: \($0)\n"
                }, "\(launch.err)")
        }
    }
}
