// The attack corpus on every page that shows something of others: nothing is markup, nothing turns the direction or hides, also
// in a text browser, which is a terminal.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import Testing
import Text

@testable import MeshServer
@testable import MeshServices

@Suite struct HostilePagesTests {
    private static let name =
        "Mallory\u{1B}[2J\u{1B}]0;x\u{7}\u{9B}1m\u{202E}gnp\u{2066}x\u{2069}\u{200F}\u{61C}a\u{200B}b\u{2060}c\u{FEFF}\u{E0041}\u{E007F}"
        + "\u{FFF9}\u{8}\u{7F}\u{85}\u{2028}\u{2029}<script>alert(1)</script>\"'&lt;{{title}}{{{title}}}javascript:x"

    @Test(arguments: ["en", "es"]) func nothingOfItGetsThrough(language: String) async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { client in
            let talk = try await Talk(bench, client)
            let table = MeshTable(bench: bench, client: client, meshID: talk.meshID, owner: talk.ada)
            let mal = try await table.member("Mal", uses: 5)
            let code = try await talk.ada.send(.post, "\(talk.path)/invites", "{}").decoded(Invite.self).code
            let docs = try await talk.peer("docs", of: mal)
            _ = try await talk.ada.send(.post, "\(talk.path)/topics", #"{"name":"ci"}"#)
            _ = try await talk.ada.send(.post, "\(talk.path)/keys", #"{"label":"ci"}"#)
            // It waits to be let in; Bo writes back, and what follows comes.
            for (number, to) in ["ada", "bo", "#ci", "#general"].enumerated() {
                let body = "@bo \(Self.name)\n\(Self.name)".replacing("\n", with: "\\n").replacing("\"", with: "\\\"")
                let safe = body.unicodeScalars.map {
                    $0.value < 0x20 ? #"\u00"# + ($0.value < 16 ? "0" : "") + String($0.value, radix: 16) : String($0)
                }
                _ = try await table.say(mal, to, safe.joined(), id: "c\(number)")
            }
            _ = try await table.say(talk.bo, "mal", "Hi", id: "b")
            _ = try await docs.send(.post, "\(talk.path)/messages", MeshTable.body("bo", "From docs", id: "d"))
            try await bench.database.write { transaction in
                for statement in [
                    "UPDATE accounts SET name = ?1 WHERE name = 'Mal'",
                    "UPDATE presences SET display_name = ?1, role = ?1, host = ?1",
                    "UPDATE topics SET about = ?1", "UPDATE mesh_keys SET label = ?1", "UPDATE meshes SET name = ?1",
                    "UPDATE messages SET from_name = ?1 WHERE from_account NOT IN (SELECT id FROM accounts WHERE name IN ('Ada', 'Bo'))",
                    "UPDATE receipts SET name = ?1", "UPDATE credentials SET name = ?1",
                ] { try transaction.run(statement, Self.name) }
            }
            for who in ["ada", "bo"] {
                let browser = Browser(client: client)
                _ = try await browser.get("/login")
                _ = try await browser.submit("/login", ["email": "\(who)@example.com", "password": "correct horse"])
                let mesh = "/dashboard/meshes/\(talk.meshID)"
                for path in [
                    "/dashboard", mesh, "\(mesh)/topics/ci", "\(mesh)/topics/general", "\(mesh)/with/mal",
                    "\(mesh)/with/mal/docs",
                    "\(mesh)/with/bo", "\(mesh)/with/ada", "/dashboard/settings/cli-tokens",
                    "/dashboard/settings/sessions", "/i/\(code)",
                ] {
                    let page = try await browser.get("\(path)?lang=\(language)").text
                    let harmful = page.unicodeScalars.filter { InertText.isHarmful($0) && $0 != "\n" }
                    #expect(harmful.isEmpty, "\(path) of \(who): \(harmful.map { String($0.value, radix: 16) })")
                    #expect(!page.contains("<script>alert") && !page.contains("\"'&lt;"), "\(path) of \(who)")
                }
            }
        }
    }
}
