// A home that takes nothing: what cannot be kept is said, once and with the system's reason, and the run goes on without it.

import ServerSupport
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite(.serialized) struct UnwritableHomeTests {
    /// Nobody makes a folder there, not even root.
    private static let nowhere = ["CLAUDEMESH_CONFIG_DIR": "/sys/claudemesh"]

    @Test func aSignInThatCannotBeSavedNamesTheFileAndTheReasonOnce() async throws {
        let server = try await TestServer()
        let somebody = try await server.somebody()
        _ = try await server.mesh("alpha", of: somebody)
        let journey = try Journey(server: server.url, Self.nowhere)
        let terminal = try journey.start()
        try await terminal.wait(for: "▸ Sign in")
        terminal.paste(somebody.token)
        try await terminal.wait(for: "▸ Sign in with this token")
        try await terminal.pressEnterUntilTaken()
        let screen = try await terminal.wait(for: "Can't use /sys/claudemesh: ")
        #expect(screen.text.contains(#/: (Operation not permitted|Permission denied|Read-only file system)/#))
        #expect(screen.text.contains("it serves this run only"))
        #expect(screen.text.contains("  Go on without saving") && screen.text.contains("Esc go on"))
        terminal.press(.escape)
        try await terminal.wait(for: "what others in the mesh see")
        try await terminal.pressEnterUntilTaken()
        try await terminal.wait(for: "▸ No role")
        terminal.press(.enter)
        // Nothing is promised of what nobody kept.
        let confirm = try await terminal.wait(for: "▸ Launch Claude Code")
        #expect(!confirm.text.contains("Next time"))
        terminal.press(.enter)
        #expect(try await terminal.waitForEnd() == .code(0))
        #expect(journey.hasReport)
        let text = terminal.screen.text
        #expect(
            text.contains("Starting Claude Code in alpha as Ana Ferreiro.") && !text.contains("--resume"), "\(text)")
    }

    /// The same in lines, on a disk that takes no byte more: what cannot be written is said, its way on is named, no file is
    /// left half written, and nothing is promised.
    @Test func aFullDiskInLinesIsSaidAndGoneOnFrom() async throws {
        let server = try await TestServer()
        let somebody = try await server.somebody()
        _ = try await server.mesh("alpha", of: somebody)
        let journey = try Journey(server: server.url)
        try journey.install("full", "#!/bin/sh\nulimit -f 0\nexec \"$@\"\n")
        let lines = try TerminalSession(
            "\(journey.bin)/full", [Journey.program, "--plain"], environment: journey.environment(term: "linux"),
            directory: journey.home, rows: 100, owner: journey)
        try await lines.answer("1", to: "Enter for 1:")
        let asked = try await lines.wait(for: "Type copy")
        let code = String(try #require(asked.text.firstMatch(of: /code=([A-Z2-9]{4}-[A-Z2-9]{4})/)).1)
        try await lines.answer("copy", to: "token or back.")
        try await lines.wait(for: "Warning: not copied")
        try await server.decide(code, as: somebody, approve: true)
        try await lines.wait(for: "Error: can't use ~/.claudemesh/auth.json: File too large")
        try await lines.answer("2", to: "2. Go on without saving\nType a number, or Enter for 1:")
        for (prompt, answer) in [("Enter for Ana Ferreiro:", "Ana"), ("8. Other", "1"), ("7. Exit", "1")] {
            try await lines.wait(for: prompt)
            lines.send(Array("\(answer)\n".utf8))
        }
        // The agent's own token has to be somewhere.
        #expect(try await lines.waitForEnd() == .code(10))
        let text = lines.screen.text
        #expect(text.replacing("\n", with: "").contains("/session-token"), "\(text)")
        #expect(!text.contains("--resume") && !text.contains("Starting Claude"))
        #expect(text.matches(of: /File too large/).count == 2, "the sign-in, and the agent's token")
        #expect(journey.files.filter { !$0.hasSuffix(".lock") } == [] && journey.leftovers == [])
    }

    @Test func withoutATerminalTheCodeIsThatOfAFile() async throws {
        let journey = try Journey(Self.nowhere)
        for arguments in [["--local", "-y"], ["list", "--local"]] {
            let ran = try await journey.run(arguments[0], arguments[1])
            #expect(ran.error.contains("/sys/claudemesh"), "\(arguments)")
            #expect(!ran.error.contains("No such file"))
            #expect(ran.error.split(separator: "\n").count <= 3)
            #expect(ran.status == 10 || ran.status == 4)
        }
    }
}
