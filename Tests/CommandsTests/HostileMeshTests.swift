// The attack corpus on everything that commands print of others: names, roles, hosts, directories, labels, topics, texts, as a
// server would have them that let all of it in. Nothing steers the terminal or turns its direction, nothing hides in what one
// reads, and no line of a text passes for one of ours.

import Foundation
import MeshAPI
import MeshClient
import MeshStore
import TestSupport
import Testing
import Text

@testable import Commands
@testable import Connect
@testable import Console
@testable import LocalState
@testable import MeshServer
@testable import MeshServices
@testable import WizardRun

@Suite struct HostileMeshTests {
    /// Ana's mesh with Bo and Mallory, a session, a topic, a key, a ban and words of all kinds; every name in it hostile.
    private func hostile(
        _ body: @escaping @Sendable (_ ana: Person, _ bo: Person, _ ids: [String: String]) async throws -> Void
    ) async throws {
        try await CommandServer.run { server in
            let ana = try await server.person("Ana Ruiz")
            let bo = try await server.person("Bo Chen")
            let mal = try await server.person("Mallory")
            let out = try await server.person("Trudy")
            let mesh = try await ana.mesh("Planning")
            for (person, uses) in [(bo, 1), (mal, 9), (out, 9)] {
                let invite = try await ana.invite(to: mesh, uses: uses)
                #expect(await person.home.run("join", invite.code).status == 0)
            }
            let session = InsideSession(mesh: mesh)
            try await session.register(mal.client, role: "reviewer")
            _ = await ana.home.run("topics", "create", "ci", "--about", "Builds")
            let made = try await ana.home.run("keys", "create", "ci", "--json").json(MeshKey.self)
            _ = await ana.home.run("ban", "trudy")
            var ids = ["KEY": made.id, "SESSION": session.id]
            ids["HELD"] = try await mal.home.run("send", "bo", HostileText.name, "--json").json(SentMessage.self).id
            ids["OWN"] = try await bo.home.run("send", "mallory", HostileText.name, "--json").json(SentMessage.self).id
            ids["GOT"] = try await mal.home.run("send", "bo", HostileText.name, "--json").json(SentMessage.self).id
            _ = await mal.home.run("send", "--topic", "ci", "@bo \(HostileText.name)")
            try await server.services.database.write { transaction in
                for statement in [
                    "UPDATE accounts SET name = ?1 WHERE name = 'Mallory'",
                    "UPDATE accounts SET name = ?1 WHERE name = 'Trudy'",
                    "UPDATE presences SET display_name = ?1, role = ?1, host = ?1, directory = ?1, asks = ?1, status = 'asking'",
                    "UPDATE topics SET about = ?1", "UPDATE mesh_keys SET label = ?1", "UPDATE meshes SET name = ?1",
                    "UPDATE messages SET from_name = ?1", "UPDATE receipts SET name = ?1, note = ?1",
                    "UPDATE credentials SET name = ?1",
                ] { try transaction.run(statement, HostileText.name) }
            }
            try await body(ana, bo, ids)
        }
    }

    /// All that prints something of others; a question is answered with no.
    private static let commands: [[String]] = [
        ["list"], ["members"], ["peers"], ["peers", "--mesh", "planning"], ["topics"], ["inbox"], ["inbox", "--all"],
        ["messages"],
        ["messages", "--topic", "ci"], ["messages", "--with", "mallory"], ["messages", "show", "$HELD"],
        ["messages", "show", "$GOT"], ["messages", "show", "$OWN"], ["messages", "withdraw", "$GOT"], ["contacts"],
        ["allow", "mallory"], ["block", "mallory"], ["grant", "mallory", "dm"], ["revoke", "mallory"],
        ["unblock", "mallory"],
        ["allow", "nobody"], ["kick", "$SESSION"], ["disconnect", "$SESSION"], ["kick", "nobody"], ["ban", "mallory"],
        ["bans"],
        ["unban", "nobody"], ["keys"], ["keys", "revoke", "$KEY"], ["attention"], ["sessions"], ["tokens"], ["invites"],
        ["whoami"],
        ["send", "mallory", "Hello"], ["send", "malory", "Hello"], ["send", "@reviewer", "Hello"],
        ["send", "@all", "Hello"],
        ["reply", "$GOT", "Hello"], ["leave", "nobody"], ["sync"], ["doctor"],
    ]

    @Test(arguments: ["en", "es"]) func nothingOfItGetsThrough(language: String) async throws {
        try await hostile { ana, bo, ids in
            // Bo's in a pipe, Ana's on a terminal; in Spanish the other way round.
            for (person, isTerminal) in [(ana, language == "en"), (bo, language == "es")] {
                for words in Self.commands {
                    let words = words.map { ids[String($0.dropFirst())] ?? $0 } + ["--lang", language]
                    let ran = await person.home.run(words, input: "n\n", terminal: isTerminal)
                    Self.check(ran.out, words)
                    Self.check(ran.err, words)
                }
            }
        }
    }

    /// A program reads the same value; a terminal, nothing that does anything.
    @Test func norInJSON() async throws {
        try await hostile { ana, bo, ids in
            for words in Self.commands {
                let words = words.map { ids[String($0.dropFirst())] ?? $0 } + ["--json"]
                let ran = await bo.home.run(words)
                let harmful = (ran.out + ran.err).unicodeScalars.filter { InertText.isHarmful($0) && $0 != "\n" }
                #expect(harmful.isEmpty, "\(words)")
            }
            let got = try await bo.home.run("messages", "show", ids["GOT"] ?? "", "--json").json(Message.self)
            #expect(got.body == HostileText.name)
        }
    }

    private static func check(_ text: String, _ words: [String]) {
        // Colours are ours.
        let plain = text.replacing(/\u{1B}\[[0-9;]*m/) { _ in "" }
        let harmful = plain.unicodeScalars.filter { InertText.isHarmful($0) && $0 != "\n" }
        #expect(harmful.isEmpty, "\(words): \(harmful.map { String($0.value, radix: 16) })")
        for line in plain.split(separator: "\n") {
            for forged in HostileText.forged where line.hasPrefix(forged) {
                Issue.record("\(words) has a line of its own: \(line)")
            }
        }
    }
}
