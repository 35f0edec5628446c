// A home that takes nothing: what cannot be kept is said, once and with the system's reason, and the run goes on without it.

import TestSupport
import Testing

@testable import MeshServer

@Suite(.serialized) struct UnwritableHomeTests {
    /// Nobody makes a folder there, not even root.
    private static let nowhere = ["CLAUDEMESH_CONFIG_DIR": "/sys/claudemesh"]

    @Test func aSignInThatCannotBeSavedNamesTheFileAndTheReasonOnce() async throws {
        let server = try await TestServer()
        let somebody = try await server.somebody()
        _ = try await server.mesh("alpha", of: somebody)
        let terminal = try Journey(server: server.url, Self.nowhere).start()
        try await terminal.wait(for: "▸ Sign in")
        terminal.paste(somebody.token)
        try await terminal.wait(for: "▸ Sign in with this token")
        try await terminal.pressEnterUntilTaken()
        let screen = try await terminal.wait(for: "Can't use /sys/claudemesh: ")
        #expect(screen.text.contains(#/: (Operation not permitted|Permission denied|Read-only file system)/#))
        #expect(screen.text.contains("it serves this run only"))
        terminal.press(.escape)
        try await terminal.wait(for: "what others in the mesh see")
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
