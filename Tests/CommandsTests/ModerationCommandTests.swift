// `kick`, `disconnect`, `ban`, `unban`, `bans` and `keys`, against the real server and from two homes.

import ArgumentParser
import Foundation
import MeshAPI
import MeshClient
import TestSupport
import Testing

@testable import Commands
@testable import Connect
@testable import Console
@testable import LocalState
@testable import WizardRun

@Suite struct ModerationCommandTests {
    /// Ana's mesh, and Bo in it with a session.
    private func two(
        _ body:
            @escaping @Sendable (_ ana: Person, _ bo: Person, _ mesh: Mesh, _ session: InsideSession) async throws
            -> Void
    ) async throws {
        try await CommandServer.two { ana, bo, mesh, _ in
            let session = InsideSession(mesh: mesh)
            try await session.register(bo.client)
            try await body(ana, bo, mesh, session)
        }
    }

    @Test func parsing() throws {
        func parse<Command>(_ type: Command.Type, _ words: String...) throws -> Command {
            try #require(try Root.parseAsRoot(words) as? Command)
        }
        #expect(try parse(Kick.self, "kick", "--stale", "30m").stale?.seconds == 1800)
        let create = try parse(
            KeysCreate.self, "keys", "create", "ci", "--can", "send,read", "--topic", "#ci", "--expires", "30d")
        #expect(create.can.flatMap(\.all) == [.send, .read] && create.topics == ["#ci"])
        #expect(create.expires?.days == 30)
        #expect(KeyLife(argument: "1y")?.days == 365 && KeyLife(argument: "never")?.days == nil)
        #expect(KeyLife(argument: "never") != nil)
        for bad in ["0d", "11y", "3651d", "30", "d", "30h", ""] { #expect(KeyLife(argument: bad) == nil, "\(bad)") }
        for bad in ["", "send,all"] { #expect(Abilities(argument: bad) == nil) }
        #expect(RetentionOption("30d")?.seconds == 2_592_000 && RetentionOption("forever")?.seconds == nil)
        #expect(RetentionOption("forever") != nil && RetentionOption("6d") == nil && RetentionOption("30") == nil)
    }

    @Test(arguments: [
        ["kick", "a", "--all"], ["kick", "a", "--stale", "1h"], ["kick", "--all", "--stale", "1h"],
        ["keys", "create", "ci", "--can", "everything"], ["keys", "create", "ci", "--expires", "soon"], ["ban"],
        ["disconnect"], ["keys", "revoke"],
    ])
    func unreadable(_ words: [String]) async throws {
        #expect(await (try CommandHome()).run(words).status == 64)
    }

    @Test func kicked() async throws {
        try await two { ana, bo, _, session in
            let nobody = await ana.home.run("kick", "docs")
            #expect(nobody.status == 5 && nobody.err == "error: No session in Planning fits docs.\n", "\(nobody.err)")
            #expect(await ana.home.run("kick").status == 3)
            // Asked about on a terminal; the person says no.
            let asked = await ana.home.run("kick", "bo/ales-agent", input: "n\n", terminal: true)
            #expect(asked.status == 1)
            #expect(
                asked.err
                    == "Put bo/ales-agent out of Planning? Its Claude Code goes on working; only\nBo Chen can stop it, where it runs. (y/n) ",
                "\(asked.err)")
            let cut = await bo.home.run("disconnect", "ales-agent")
            #expect(cut.status == 0 && cut.out == "✔ Cut bo/ales-agent off\n", "\(cut.err)")
            let done = await ana.home.run("kick", String(session.id.prefix(8)), "--json")
            #expect(try done.json(KickedSessions.self).kicked.map(\.sessionId) == [session.id])
            #expect(await ana.home.run("peers").out.isEmpty)
            // The session's own tools are told why.
            try bo.home.write(session.token, to: "token")
            let inside = session.environment(
                bo.home.environment["CLAUDEMESH_API_URL"] ?? "", tokenFile: "\(bo.home.path)/token")
            let told = await bo.home.run("send", "ana", "Hello", environment: inside)
            #expect(told.status == 7)
            #expect(
                told.err
                    == "error: This session was put out of Planning. Claude Code goes on.\n  Launch again to come back\n",
                "\(told.err)")
            let none = await ana.home.run("kick", "--all")
            #expect(none.status == 0 && none.err == "There is nobody to put out.\n")
        }
    }

    @Test func onlyAPersonDoesIt() async throws {
        try await two { _, bo, _, session in
            try bo.home.write(session.token, to: "token")
            let inside = session.environment(
                bo.home.environment["CLAUDEMESH_API_URL"] ?? "", tokenFile: "\(bo.home.path)/token")
            for words in [
                ["kick", "--all"], ["disconnect", "x"], ["ban", "ana"], ["unban", "ana"], ["bans"], ["keys"],
                ["keys", "create", "ci"], ["keys", "revoke", "ci"],
            ] {
                let ran = await bo.home.run(words, environment: inside)
                #expect(ran.status == 7 && ran.err.hasPrefix("error: Only a person does that."), "\(words) \(ran.err)")
            }
        }
    }

    @Test func banned() async throws {
        try await two { ana, bo, mesh, _ in
            #expect(await bo.home.run("ban", "ana").status == 7)
            #expect(await ana.home.run("ban", "nobody").status == 5)
            let done = await ana.home.run("ban", "bo", "--json")
            #expect(done.status == 0 && done.out.contains(#""status":"banned""#), "\(done.err)")
            let listed = await ana.home.run("bans")
            #expect(listed.out.hasPrefix("Bo Chen  today "), "\(listed.out)")
            let invite = try await ana.invite(to: mesh, uses: 2)
            let joining = await bo.home.run("join", invite.code)
            #expect(joining.status == 7, "\(joining.err)")
            #expect(joining.err.contains("You are banned from Planning."), "\(joining.err)")
            let no = await ana.home.run("unban", "Bo Chen", input: "\n", terminal: true)
            #expect(no.status == 1 && no.err.hasPrefix("Lift the ban of Bo Chen from Planning?"))
            #expect(await ana.home.run("unban", "bo chen").status == 0)
            #expect(await ana.home.run("bans").err == "Nobody is banned from Planning\n")
            #expect(await bo.home.run("join", invite.code).status == 0)
        }
    }

    @Test func whomNobodyPutsOutIsSaidBeforeItIsAskedAbout() async throws {
        try await CommandServer.run { server in
            let ana = try await server.person("Ana Ruiz")
            let bo = try await server.person("Bo Chen")
            let mesh = try await ana.mesh("Planning")
            let session = InsideSession(mesh: mesh)
            try await session.register(ana.client)
            let own = await ana.home.run("ban", "ana", input: "y\n", terminal: true)
            #expect(own.status == 3)
            #expect(
                own.err.hasSuffix(" You cannot ban yourself.\n  To leave: `claudemesh leave planning`\n"),
                "\(own.err)")
            let invite = try await ana.client.createInvite(
                CreateInvite(role: .admin, maxUses: 1), to: mesh.id, key: "bo")
            #expect(await bo.home.run("join", invite.code).status == 0)
            for words in [["ban", "ana"], ["kick", session.id], ["disconnect", session.id]] {
                let refused = await bo.home.run(words, input: "y\n", terminal: true)
                #expect(refused.status == 7, "\(words)")
                #expect(
                    refused.err.hasSuffix(" Ana Ruiz is an owner of Planning: nobody puts out or bans an owner.\n")
                        && !refused.err.contains("(y/n)"), "\(words) \(refused.err)")
            }
        }
    }

    @Test func aPlainMemberPutsOutNobody() async throws {
        try await CommandServer.two { ana, bo, mesh, _ in
            let session = InsideSession(mesh: mesh)
            try await session.register(ana.client)
            for words in [["ban", "ana"], ["kick", session.id], ["disconnect", session.id]] {
                let refused = await bo.home.run(words, input: "y\n", terminal: true)
                #expect(refused.status == 7, "\(words)")
                #expect(
                    refused.err.hasSuffix(" Only owners and admins of Planning put others out or ban them.\n")
                        && !refused.err.contains("(y/n)"), "\(words) \(refused.err)")
            }
            #expect(try await ana.client.peers(in: mesh.id).map(\.sessionID) == [session.id])
        }
    }

    @Test func aScriptPostsWithItsKeyAndDoesNothingElse() async throws {
        try await two { ana, bo, _, _ in
            #expect(await ana.home.run("topics", "create", "ci").status == 0)
            #expect(await bo.home.run("keys", "create", "ci").status == 7)
            #expect(await ana.home.run("keys", "create", "ci", "--topic", "none").status == 3)
            let made = await ana.home.run("keys", "create", "ci", "--topic", "ci", "--expires", "30d")
            let key = made.out.trimmingWhitespace()
            #expect(TokenForm.kind(of: key, among: [.key]) == .key && made.err == "This key will not be shown again.\n")
            let script = try CommandHome(server: ana.home.environment["CLAUDEMESH_API_URL"])
            let with = ["CLAUDEMESH_TOKEN": Optional(key)]
            let sent = await script.run("send", "--topic", "ci", "Build 7 is green", environment: with)
            #expect(sent.status == 0 && sent.out.contains("#ci: posted"), "\(sent.err)")
            let read = await ana.home.run("messages", "--topic", "ci")
            #expect(read.out.hasPrefix("ci (key) → #ci  "), "\(read.out)")
            let refused = await script.run("send", "bo", "Hi", environment: with)
            #expect(refused.status == 7 && refused.err == "error: This key may only send to #ci.\n", "\(refused.err)")
            let spanish = await script.run("send", "bo", "Hola", "--lang", "es", environment: with)
            #expect(spanish.err.contains("Esta clave solo puede escribir en #ci."), "\(spanish.err)")
            let who = await script.run("whoami", environment: with)
            #expect(who.status == 0 && who.out.contains("Planning") && who.out.contains("send #ci"), "\(who.err)")
            let whole = try await script.run("whoami", "--json", environment: with).json(WhoIsKey.self)
            #expect(whole.credential.mesh.slug == "planning" && whole.credential.topics == ["ci"])
            for words in [["list"], ["tokens"], ["launch", "-y"], ["members", "--mesh", "planning"]] {
                let ran = await script.run(words, environment: with)
                #expect(ran.status == 2 || ran.status == 64, "\(words) \(ran.err)")
                #expect(!ran.err.contains(key))
            }
            #expect(await script.run("peers", environment: with).status == 7)
            #expect(await script.run("send", "--mesh", "other", "bo", "x", environment: with).status == 5)
            #expect(await script.run("keys", environment: with).status == 7)
            let login = await script.run("login", "--with-token", input: key)
            #expect(login.status == 1 && script.auth == nil, "nobody signs in with it")
            let keys = await ana.home.run("keys")
            #expect(keys.out.contains("  ci  send #ci  Ana Ruiz  today ") && !keys.out.contains(key), "\(keys.out)")
            let revoked = await ana.home.run("keys", "revoke", "ci")
            #expect(revoked.status == 0 && revoked.out.hasPrefix("✔ Revoked ci ("), "\(revoked.err)")
            #expect(await script.run("send", "--topic", "ci", "again", environment: with).status == 2)
        }
    }

    @Test func anAnswerIsWaitedForWithAKey() async throws {
        try await two { ana, bo, mesh, _ in
            let key = await ana.home.run("keys", "create", "deploy").out.trimmingWhitespace()
            let script = try CommandHome(server: ana.home.environment["CLAUDEMESH_API_URL"])
            let with = ["CLAUDEMESH_TOKEN": Optional(key)]
            async let waited = script.run("send", "bo", "Deploy?", "--wait", "20s", environment: with)
            var asked: Message?
            try await eventually {
                asked = try await bo.client.messages(in: mesh.id, unread: true).items.first
                return asked != nil
            }
            let id = try #require(asked?.id)
            #expect(await bo.home.run("reply", id, "Yes").status == 0)
            let answer = await waited
            #expect(answer.status == 0 && answer.out == "Yes\n", "\(answer.err)")
            let shown = await bo.home.run("messages", "--with", "ana")
            #expect(shown.status == 0)
            let inbox = await script.run("inbox", "--count", environment: with)
            #expect(inbox.status == 0 && inbox.out == "0\n", "\(inbox.err) what was printed is seen")
        }
    }
}
