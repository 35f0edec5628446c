// Names that others chose can do nothing to the terminal, whatever stands in them.

import Foundation
import ServerSupport
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite(.serialized) struct HostileTextTests {
    @Test func hostileNamesSitHarmlesslyInThePicker() async throws {
        let server = try await TestServer()
        let somebody = try await server.somebody()
        _ = try await server.mesh("before", of: somebody)
        try await server.hostileMesh("evil\u{1B}]0;x\u{7}\u{202E}name", of: somebody)
        try await server.hostileMesh(String(repeating: "漢", count: 300), of: somebody)
        let journey = try Journey(server: server.url)
        let token = somebody.token
        try journey.signIn(somebody)
        let terminal = try journey.start()
        let screen = try await terminal.wait(for: "three rows") { screen in
            screen.text.contains("pick a mesh · 3") && screen.lines.count { $0.contains("owner") } == 3
        }
        let rows = screen.lines.filter { $0.contains("owner") }
        // The columns beside the names stand one under the other, and nothing leaves the 72 columns of the content.
        let columns = Set(rows.map { row in row.range(of: "owner").map { width(row[..<$0.lowerBound]) } })
        #expect(columns.count == 1, "\(screen.text)")
        #expect(rows.allSatisfy { width($0[...]) <= 76 })
        #expect(screen.text.contains("before") && screen.text.contains("evil") && screen.text.contains("漢漢"))
        let written = String(decoding: terminal.recorded, as: UTF8.self)
        #expect(!written.contains("\u{1B}]0;") && !written.contains("\u{202E}") && !written.contains("\u{7}"))
        #expect(!terminal.screen.text.contains(token))

        // To its confirm screen too, and past the end of the program.
        terminal.paste("evil")
        try await terminal.wait(for: "Filter: evil")
        try await terminal.pressEnterUntilTaken()
        try await terminal.wait(for: "what others in the mesh see")
        try await terminal.pressEnterUntilTaken()
        try await terminal.wait(for: "▸ No role")
        try await terminal.pressEnterUntilTaken()
        try await terminal.wait(for: "▸ Launch Claude Code")
        try await terminal.pressEnterUntilTaken(on: "▸ Launch Claude Code")
        #expect(try await terminal.waitForEnd() == .code(0))
        let all = String(decoding: terminal.recorded, as: UTF8.self)
        #expect(!all.contains("\u{1B}]0;") && !all.contains("\u{202E}") && !all.contains("\u{7}"))
        #expect(terminal.screen.text.contains("Starting Claude Code in evil"))
    }

    /// Cells of a row of these tests: its Chinese letters take two.
    private func width(_ text: Substring) -> Int {
        text.unicodeScalars.reduce(0) { $0 + ((0x4E00...0x9FFF).contains($1.value) ? 2 : 1) }
    }
}
