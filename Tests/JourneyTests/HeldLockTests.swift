// Another process holds the lock of the settings: the screen answers all the same, and what was to be kept is kept later.

import Glibc
import ServerSupport
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite(.serialized) struct HeldLockTests {
    @Test func aHeldLockHoldsUpNoKey() async throws {
        let server = try await TestServer()
        let somebody = try await server.somebody()
        _ = try await server.mesh("alpha", of: somebody)
        _ = try await server.mesh("beta", of: somebody)
        let journey = try Journey(server: server.url)
        try journey.signIn(somebody)
        let lock = open("\(journey.config)/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(lock) }
        #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)

        // The list has come and waits to be written. A program that waited with it would take no key before it gave the
        // writing up.
        let terminal = try journey.start()
        try await terminal.wait(for: "pick a mesh · 2")
        terminal.press(.end)
        try await terminal.wait(for: "▸ Use another account")
        terminal.press(.home)
        try await terminal.wait(for: "▸ alpha")
        #expect(flock(lock, LOCK_UN) == 0)
        try await terminal.wait(until: "the list is on disk") {
            (try? journey.read("meshes.json"))?.contains("beta") == true
        }
        terminal.press(.control("c"))
        #expect(try await terminal.waitForEnd() == .code(130))
    }
}
