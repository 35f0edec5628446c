// The dialog of a first message, whoever dies while it is open.

import Logging
import MeshAPI
import MeshClient
import MeshStore
import MeshStoreSQLite
import Platform
import Testing

@testable import Peers

@Suite struct DialogTests {
    private static func dialog(_ bench: DaemonBench) throws -> FirstWordDialog {
        guard case .message(let message) = DaemonBench.message("a") else { throw NoMessage() }
        return FirstWordDialog(
            id: "q1", place: PersonPlace(bench.facts()), sessionID: "s1", holder: ProcessIdentity.own.pid,
            message: message)
    }

    private struct NoMessage: Error {}

    private static func nextDaemon(_ bench: DaemonBench) async -> Daemon {
        let world = SessionWorld(
            store: bench.store, transport: Transport(environment: [:], userAgent: "test"), signIn: { _, _ in nil },
            now: { DaemonBench.now })
        let next = Daemon(
            version: "1.2.3", world: world, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        await next.takeUp()
        return next
    }

    private static func stored(_ bench: DaemonBench) async throws -> [String] {
        try await bench.store.read { try $0.daemon.dialogs().map(\.id) }
    }

    @Test func anAnswerReachesTheDaemonThatFollows() async throws {
        let bench = try await DaemonBench()
        _ = try await bench.session()
        let dialog = try Self.dialog(bench)
        try await bench.store.write(.nothing) { try $0.daemon.saveDialog(dialog) }
        let next = await Self.nextDaemon(bench)
        #expect(await next.dialogs.count == 1)
        await next.answered(FirstWordAnswer(id: "other", choice: "block"))
        #expect(try await Self.stored(bench) == ["q1"])
        // Nobody is signed in here: the person is told that it came to nothing.
        await next.answered(FirstWordAnswer(id: "q1", choice: "let_in"))
        let shown = await next.session(id: "s1")?.hook(HookEvent(event: "Stop"))
        #expect(
            shown?.toPerson
                == "claudemesh › Your answer to Bo Chen did not reach the mesh: their message waits as before. · "
                + "claudemesh contacts")
        #expect(try await Self.stored(bench).isEmpty)
    }

    @Test func laterSaysNothing() async throws {
        let bench = try await DaemonBench()
        _ = try await bench.session()
        let dialog = try Self.dialog(bench)
        try await bench.store.write(.nothing) { try $0.daemon.saveDialog(dialog) }
        let next = await Self.nextDaemon(bench)
        await next.answered(FirstWordAnswer(id: "q1", choice: nil))
        #expect(await next.session(id: "s1")?.hook(HookEvent(event: "Stop")).toPerson == nil)
        #expect(try await Self.stored(bench).isEmpty)
    }

    @Test func itGoesWithItsSessionAndItsProcess() async throws {
        let bench = try await DaemonBench()
        _ = try await bench.session()
        var dialog = try Self.dialog(bench)
        let kept = dialog
        try await bench.store.write(.nothing) { try $0.daemon.saveDialog(kept) }
        let next = await Self.nextDaemon(bench)
        await next.end("s1")
        #expect(await next.dialogs.isEmpty)
        #expect(try await Self.stored(bench).isEmpty)
        #expect(dialog.isOpen)
        dialog.holder = 1 << 22
        #expect(!dialog.isOpen)
    }
}
