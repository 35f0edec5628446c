// A system that denies what a process is made of gets an error in words, at once, and nobody waits for ever.

import TestSupport
import Testing

@Suite struct ShortageTests {
    /// Threads have stacks: without memory for them they cannot be had, as where there are too many processes.
    @Test(arguments: ["--version", "list", "list --json"]) func noThreads(command: String) async throws {
        let home = try CommandHome()
        let ran = try await home.shell("ulimit -d 20000; exec $CM \(command)")
        #expect(ran.status == 8 && ran.err.contains("threads"), "\(ran.status) \(ran.err)")
        #expect(ran.out.isEmpty && ran.err.contains("\"error\"") == command.hasSuffix("json"))
    }

    @Test func fewDescriptors() async throws {
        let home = try CommandHome()
        let ran = try await home.shell("ulimit -n 12; exec $CM list")
        #expect(ran.status == 8 && ran.err.contains("Only 12 files may be open"), "\(ran.status) \(ran.err)")
        // One that may be raised is raised.
        let raised = try await home.shell("ulimit -S -n 12; exec $CM --version")
        #expect(raised.status == 0, "\(raised.err)")
    }
}
