// The attack corpus on what stays on a screen or prints as it comes: watch in its manners, `inbox --follow`, `peers --watch`, and
// the wizard with a hostile mesh. What commands print once is `HostileMeshTests`.

import Canvas
import Foundation
import MeshAPI
import MeshClient
internal import MeshStore
internal import ServerSupport
import Testing
import TestSupport
internal import Text

@testable import MeshServer
@testable import MeshServices

@Suite(.serialized) struct HostileScreenTests {
    /// Ana's mesh in which all that Bo and his session could choose is hostile, and that was said too.
    private func hostile() async throws -> (Watched, Journey) {
        let watched = try await Watched.make()
        _ = try await watched.client(watched.bo).createTopic(
            CreateTopic(name: "ci", about: "Builds"), in: watched.mesh.id)
        try await watched.say(HostileText.name, to: "ana")
        try await watched.say("@ana \(HostileText.name)", to: "#ci")
        try await watched.server.services.database.write { transaction in
            for statement in [
                "UPDATE accounts SET name = ?1 WHERE name = 'Bo Chen'",
                """
                UPDATE presences
                SET display_name = ?1, role = ?1, host = ?1, directory = ?1, asks = ?1, status = 'asking'
                """, "UPDATE topics SET about = ?1", "UPDATE meshes SET name = ?1",
                "UPDATE messages SET from_name = ?1", "UPDATE receipts SET name = ?1, note = ?1",
            ] { try transaction.run(statement, HostileText.name) }
        }
        let journey = try Journey(server: watched.server.url)
        try journey.signIn(watched.ana)
        return (watched, journey)
    }

    @Test(arguments: [
        ["inbox", "--follow"], ["peers", "--watch", "--mesh", "planning"], ["watch", "planning", "--plain"],
    ])
    func inLines(words: [String]) async throws {
        let (watched, journey) = try await hostile()
        let terminal = try journey.start(words, columns: 400, rows: 200)
        try await terminal.wait(for: "Mallory")
        try await watched.say("newest \(HostileText.name)", to: "ana")
        _ = try await watched.client(watched.bo).changeSession(
            watched.session, to: ChangeSession(status: .working), in: watched.mesh.id)
        // In lines nothing is said before Enter.
        let isWatch = words.first == "watch"
        try await terminal.wait(for: "what came") { screen in
            if isWatch { terminal.press(.enter) }
            return screen.text.contains(words.first == "peers" ? "working" : "newest")
        }
        terminal.press(.control("c"))
        _ = try await terminal.waitForEnd()
        check(terminal)
        let text = String(decoding: terminal.recorded, as: UTF8.self).replacing(/\u{1B}\[[0-9;?]*[a-zA-Z]/) { _ in "" }
        for line in text.split(whereSeparator: \.isNewline) {
            for forged in HostileText.forged where line.hasPrefix(forged) {
                Issue.record("\(words) has a line of its own: \(line)")
            }
        }
    }

    @Test func watch() async throws {
        let (watched, journey) = try await hostile()
        let terminal = try journey.start(["watch", "planning"], columns: 200, rows: 50)
        try await terminal.wait(for: "Mallory")
        try await watched.say("newest \(HostileText.name)", to: "ana")
        try await terminal.wait(for: "newest")
        // The message whole, the lists, a peer's card.
        terminal.press(.up, .enter)
        try await terminal.wait(for: "Answer")
        terminal.press(.escape)
        // From For you to the line, from there to the lists.
        try await terminal.wait(for: "Enter open")
        terminal.press(.tab)
        try await terminal.wait(for: "Tab peers")
        terminal.press(.tab)
        // Whatever a text shows, this is the row of the list that is chosen.
        try await terminal.wait(for: "▸ asks")
        terminal.press(.enter)
        try await terminal.wait(for: "Put out of the mesh")
        terminal.press(.control("c"))
        _ = try await terminal.waitForEnd()
        check(terminal)
    }

    @Test func theWizard() async throws {
        let (watched, journey) = try await hostile()
        defer { withExtendedLifetime(watched) {} }
        let terminal = try journey.start(columns: 200, rows: 50)
        try await terminal.wait(for: "Mallory")
        try await terminal.pressEnterUntilTaken()
        // One Enter too many has taken the name that was offered.
        try await terminal.wait(for: "the name") { $0.text.contains(/what others in the mesh see|▸ No role/) }
        if !terminal.screen.text.contains("▸ No role") { try await terminal.pressEnterUntilTaken() }
        try await terminal.wait(for: "▸ No role")
        try await terminal.pressEnterUntilTaken()
        try await terminal.wait(for: "▸ Launch Claude Code")
        try await terminal.pressEnterUntilTaken(on: "▸ Launch Claude Code")
        #expect(try await terminal.waitForEnd() == .code(0))
        check(terminal)
    }

    /// Nothing of it steers the terminal, turns its direction or hides.
    private func check(_ terminal: TerminalSession) {
        let written = String(decoding: terminal.recorded, as: UTF8.self)
        for attack in ["]0;owned", "]52;c;", "8;;http"] where written.contains("\u{1B}\(attack)") {
            Issue.record("\(attack) came through")
        }
        // What steers is ours; what stands between is inert.
        let plain = written.replacing(/\u{1B}\][^\u{7}\u{1B}]*(\u{7}|\u{1B}\\)/) { _ in "" }
            .replacing(/\u{1B}[\[()][0-9;?<>=]*[ -\/]*[a-zA-Z0-9]/) { _ in "" }
        let harmful = plain.unicodeScalars.filter {
            InertText.isHarmful($0) && !"\u{1B}\n\r\t\u{8}\u{E}\u{F}".unicodeScalars.contains($0)
        }
        #expect(harmful.isEmpty, "\(harmful.map { String($0.value, radix: 16) })")
    }
}
