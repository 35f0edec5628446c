// Who may write to whom, by commands, against the real server: a stranger's first word, let in once, refused, blocked; what
// each side is told; and that a session may say nothing of it.

import ArgumentParser
import Foundation
import MeshAPI
import MeshClient
import Testing

@testable import Commands
@testable import Connect
@testable import Console
@testable import LocalState
@testable import WizardRun

@Suite struct ContactJourneyTests {
    private struct GrantsAnswer: Decodable {
        var grants: [Grant]
        var firstContact: FirstContact?
        var mine: FirstContact?
    }

    /// Ana's mesh; Bo, whom she invited singly; Mallory, who came by her link for several.
    private func three(
        _ body:
            @escaping @Sendable (_ ana: Person, _ bo: Person, _ mal: Person, _ server: CommandServer) async throws
            -> Void
    ) async throws {
        try await CommandServer.two { ana, bo, mesh, server in
            let mal = try await server.person("Mallory Q.")
            let invite = try await ana.invite(to: mesh, uses: 9)
            #expect(await mal.home.run("join", invite.code).status == 0)
            try await body(ana, bo, mal, server)
        }
    }

    @Test func parsing() throws {
        let grant = try #require(try Root.parseAsRoot(["grant", "bo", "dm", "broadcast"]) as? GrantCommand)
        #expect(grant.named.who == "bo" && grant.abilities == [.dm, .broadcast])
        let contacts = try #require(try Root.parseAsRoot(["contacts", "--first-contact", "ask"]) as? Contacts)
        #expect(contacts.firstContact == .ask && !contacts.mine)
        for wrong in [["grant", "bo", "all"], ["contacts", "--first-contact", "maybe"], ["allow"], ["block"]] {
            #expect(throws: (any Error).self) { try Root.parseAsRoot(wrong) }
        }
    }

    @Test func aStrangersFirstWordIsLetInOnce() async throws {
        try await three { _, bo, mal, _ in
            let first = await mal.home.run("send", "bo", "Hi! I am the new release bot.")
            #expect(first.status == 0)
            #expect(
                first.out.contains("  Not let in yet: Bo Chen has been asked. It goes on by itself.\n"), "\(first.out)")
            let again = await mal.home.run("send", "bo", "Well?")
            #expect(again.status == 4)
            #expect(
                again.err == "error: Bo Chen has not let in your first message yet.\n  Wait for that.\n", "\(again.err)"
            )
            let es = await mal.home.run("send", "bo", "¿Y?", "--lang", "es")
            #expect(es.err.contains("Bo Chen aún no ha admitido tu primer mensaje.\n  Espera a que lo haga.\n"))

            let listed = await bo.home.run("contacts")
            let row = try #require(listed.out.split(separator: "\n").first, "\(listed.err)")
            #expect(row.hasPrefix("Mallory Q.  mallory") && row.contains("1 message waits to be let in"), "\(row)")
            #expect(row.hasSuffix(", by Ana Ruiz's link, 1 of its 9 uses"), "\(row)")
            let narrow = await bo.home.run("contacts", environment: ["NO_COLOR": "1"], terminal: true)
            let lines = narrow.out.split(separator: "\n")
            #expect(lines.allSatisfy { $0.count <= 80 } && lines.contains { $0.hasPrefix("   ") }, "\(narrow.out)")
            let waits = await bo.home.run("inbox")
            #expect(waits.out.contains("not let in yet") && waits.out.hasSuffix("\n| Hi! I am the new release bot.\n"))

            let allowed = await bo.home.run("allow", "mallory")
            #expect(allowed.status == 0)
            #expect(allowed.out == "✔ Mallory Q. may write to you; 1 message goes on\n", "\(allowed.err)")
            #expect(await bo.home.run("inbox", "--count").out == "1\n")
            let free = await mal.home.run("send", "bo", "Thanks")
            #expect(free.status == 0 && free.out.contains("  bo: waiting\n"), "\(free.out)")
            let json = try await bo.home.run("contacts", "--json").json(GrantsAnswer.self)
            let grant = try #require(json.grants.first { $0.member.name == "Mallory Q." })
            #expect(grant.state == .open && grant.by == .letIn && json.firstContact == .vouched && json.mine == nil)
        }
    }

    @Test func refusedByTheMessagesId() async throws {
        try await three { _, bo, mal, _ in
            let sent = try await mal.home.run("send", "bo", "Hi", "--json").json(SentMessage.self)
            let refused = try await bo.home.run("revoke", String(sent.id.prefix(8)), "--json").json(Grant.self)
            #expect(refused.state == .refused)
            let shown = await mal.home.run("messages", "show", sent.id)
            #expect(shown.out.contains("refused"), "\(shown.out)")
            let again = await mal.home.run("send", "bo", "Please")
            #expect(again.status == 7)
            #expect(again.err == "error: Bo Chen did not take this message. You can ask again tomorrow.\n")
            let es = await mal.home.run("send", "bo", "Por favor", "--lang", "es")
            #expect(es.err.hasSuffix("Bo Chen no aceptó este mensaje. Puedes volver a intentarlo mañana.\n"))
            let told = try await mal.home.run("send", "bo", "x", "--json").error()
            #expect(told.code == "not_allowed")
        }
    }

    @Test func blockedAndNoLonger() async throws {
        try await three { ana, bo, mal, _ in
            _ = await mal.home.run("send", "bo", "Hi")
            let blocked = await bo.home.run("block", "Mallory Q.")
            #expect(blocked.status == 0 && blocked.out == "✔ Nothing of Mallory Q.'s reaches you\n", "\(blocked.err)")
            let sent = await mal.home.run("send", "bo", "Hello?")
            #expect(sent.status == 7)
            #expect(sent.err == "error: Bo Chen takes no messages from you. Nothing was kept.\n", "\(sent.err)")
            #expect(
                await mal.home.run("send", "bo", "¿Hola?", "--lang", "es").err.hasSuffix(
                    "Bo Chen no acepta mensajes tuyos. No se ha guardado nada.\n"))
            let told = try await mal.home.run("send", "bo", "x", "--json").error()
            #expect(told.code == "blocked")
            #expect(await mal.home.run("send", "--topic", "general", "Does Bo read this?").status == 0)
            #expect(await bo.home.run("messages", "--topic", "general").out.isEmpty)
            let unblocked = await bo.home.run("unblock", "mallory")
            #expect(unblocked.out.hasPrefix("✔ No longer blocked: a first message of Mallory Q."), "\(unblocked.err)")
            #expect(await bo.home.run("unblock", "ana").out == "✔ Ana Ruiz is not blocked\n")
            // What one may do to all is apart.
            #expect(await bo.home.run("revoke", "ana", "broadcast").out == "✔ Ana Ruiz may now: dm\n")
            #expect(await ana.home.run("send", "bo", "Still").status == 0)
            let all = await ana.home.run("send", "@all", "Everybody")
            #expect(all.err.contains("Not in contact with you: bo"), "\(all.out)\(all.err)")
            #expect(await bo.home.run("grant", "ana", "broadcast").out == "✔ Ana Ruiz may now: dm, broadcast\n")
            #expect(await bo.home.run("revoke", "ana").out.contains("`claudemesh block ana` stops that"))
        }
    }

    @Test func whoTakesNothingForEverybodyIsNamed() async throws {
        try await three { ana, bo, _, _ in
            _ = await bo.home.run("revoke", "ana", "broadcast")
            let session = InsideSession(mesh: try #require(try await bo.client.meshes().first))
            try await session.register(bo.client, role: "reviewer")
            let sent = await ana.home.run("send", "@reviewer", "Look")
            #expect(sent.status == 7)
            #expect(
                sent.err == "error: Bo Chen takes no messages to everyone from you. Write to bo.\n", "\(sent.err)")
            #expect(
                await ana.home.run("send", "@reviewer", "Mira", "--lang", "es").err.hasSuffix(
                    "Bo Chen no acepta de ti mensajes para todos. Escribe a bo.\n"))
        }
    }

    @Test func whoIsMeant() async throws {
        try await three { _, bo, mal, _ in
            let nobody = await bo.home.run("allow", "malory")
            #expect(nobody.status == 5)
            #expect(
                nobody.err
                    == "error: Nobody in Planning is called malory.\n  Near: mallory. Everyone: `claudemesh contacts`\n",
                "\(nobody.err)")
            let own = await bo.home.run("allow", "bo")
            #expect(own.status == 3 && own.err == "error: That is you.\n", "\(own.err)")
            for text in ["mallory", "Mallory Q.", mal.user.id, String(mal.user.id.prefix(7)), "mallory/bot"] {
                #expect(await bo.home.run("allow", text).status == 0, "\(text)")
            }
            // In two meshes it has to be said which.
            let other = try await bo.mesh("Other")
            let invite = try await bo.invite(to: other)
            #expect(await mal.home.run("join", invite.code).status == 0)
            let two = await bo.home.run("allow", "mallory")
            #expect(two.status == 3 && two.err.contains("Two fit \"mallory\"."), "\(two.err)")
            #expect(two.err.contains("--mesh planning") && two.err.contains("--mesh other"))
            #expect(await bo.home.run("allow", "mallory", "--mesh", "other").status == 0)
        }
    }

    @Test func firstContactIsTheOwnersOrOnesOwn() async throws {
        try await three { ana, bo, mal, _ in
            let open = await ana.home.run("contacts", "--first-contact", "open")
            #expect(open.status == 0 && open.out == "✔ Changed for Planning\n", "\(open.err)")
            #expect(open.err == "open: everybody may write to everybody.\n")
            #expect(await bo.home.run("contacts", "--first-contact", "ask").status == 7)
            #expect(await mal.home.run("send", "bo", "Free").out.contains("  bo: waiting\n"))
            let mine = try await bo.home.run("contacts", "--first-contact", "ask", "--mine", "--json").json(Member.self)
            #expect(mine.firstContact == .ask)
            #expect(await ana.home.run("send", "bo", "Held").out.contains("Not let in yet"))
            let wrong = await bo.home.run("contacts", "--first-contact", "vouched", "--mine")
            #expect(wrong.status == 3 && wrong.err.contains("ask, or open as the mesh has it"), "\(wrong.err)")
            #expect(await bo.home.run("contacts", "--first-contact", "open", "--mine").status == 0)
            #expect(await bo.home.run("inbox", "--count").out == "2\n", "what waited goes on")
            #expect(await bo.home.run("contacts", "--mine").status == 3)
        }
    }

    /// A launched session neither lets in nor blocks, whoever is signed in on the machine.
    @Test func aSessionSaysNothingOfIt() async throws {
        try await three { _, bo, mal, server in
            let session = InsideSession(mesh: try #require(try await bo.client.meshes().first))
            try await session.register(bo.client)
            try bo.home.write(session.token, to: "token")
            let inside = session.environment(server.url, tokenFile: "\(bo.home.path)/token")
            _ = await mal.home.run("send", "bo", "Hi")
            for words in [
                ["contacts"], ["allow", "mallory"], ["block", "mallory"], ["unblock", "mallory"], ["grant", "mallory"],
                ["revoke", "mallory"], ["contacts", "--first-contact", "ask", "--mine"],
            ] {
                let ran = await bo.home.run(words, environment: inside)
                #expect(
                    ran.status == 7 && ran.err.hasPrefix("error: Only a person does that.\n"), "\(words) \(ran.err)")
                let told = try await bo.home.run(words + ["--json"], environment: inside).error()
                #expect(told.code == "person_only")
            }
            let grants = try await bo.home.run("contacts", "--json").json(GrantsAnswer.self).grants
            #expect(grants.contains { $0.member.name == "Mallory Q." && $0.held == 1 })
        }
    }
}
