// Writers that are killed, starved or beside each other: real processes, killed for real.
// With nothing beside them (`alone` in the README: a test in a process of its own waits behind any child of this one).

import Foundation
import MeshAPI
import Synchronization
import Testing

@testable import LocalState

@Suite(.serialized)
struct CrashSafetyTests {
    private let directory: TemporaryDirectory
    private var config: ConfigDirectory { directory.config }

    init() throws { directory = try TemporaryDirectory() }

    /// Two sign-ins of very different length, so that a mixture would be no JSON.
    static let sound: [AuthFile] = ([("a", 10), ("b", 20_000)] as [(Character, Int)]).map { letter, length in
        var auth = TokenChoiceTests.auth(letter)
        auth.user.name = String(repeating: letter, count: length)
        return auth
    }

    @Test(arguments: 0..<25)
    func aWriterKilledAtAnyMomentLeavesTheOldOrTheNew(round: Int) async throws {
        let path = config.path
        if round % 5 != 0 { try config.writeAuth(Self.sound[0]) }
        let delay = UInt32.random(in: 0..<40_000)
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, delay = delay as UInt32] in
            let config = ConfigDirectory(path: path)
            // Once it has begun to write; a thread of its own, so that no write is ever waited for.
            Thread.detachNewThread {
                usleep(delay)
                kill(getpid(), SIGKILL)
            }
            while true { for auth in Self.sound { try config.writeAuth(auth) } }
        }
        let kept = try config.readAuth().value
        #expect(kept.map(Self.sound.contains) ?? (round % 5 == 0), "the old, the new, or none where there was none")
        try config.writeAuth(Self.sound[1])
        #expect(directory.names("config") == [".lock", "auth.json"], "what it left is swept")
    }

    @Test func twoProcessesAtOnceDoNotMix() async throws {
        let path = config.path
        try config.writeAuth(Self.sound[0])
        async let first = #expect(processExitsWith: .success) { [path = path as String] in
            for _ in 0..<100 { try ConfigDirectory(path: path).writeAuth(Self.sound[0]) }
        }
        async let second = #expect(processExitsWith: .success) { [path = path as String] in
            for _ in 0..<100 { try ConfigDirectory(path: path).writeAuth(Self.sound[1]) }
        }
        // On a thread of its own: the pool's may all be busy with other tests.
        let reader = Reader(config)
        Thread.detachNewThread { reader.run() }
        _ = await (first, second)
        let deadline = ContinuousClock.now + .seconds(20)
        while reader.reads == 0, ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(2)) }
        #expect(reader.reads > 0)
        reader.stop()
        #expect(reader.mixed == 0)
    }

    /// Reads the sign-in again and again.
    final class Reader: Sendable {
        private let config: ConfigDirectory
        private let state = Mutex((reads: 0, mixed: 0, isDone: false))

        init(_ config: ConfigDirectory) { self.config = config }

        var reads: Int { state.withLock { $0.reads } }
        /// Reads that brought neither of the two.
        var mixed: Int { state.withLock { $0.mixed } }

        func stop() { state.withLock { $0.isDone = true } }

        func run() {
            while !state.withLock({ $0.isDone }) {
                let auth = try? config.readAuth().value
                let isSound = auth.map(CrashSafetyTests.sound.contains) ?? false
                state.withLock { state in
                    state.reads += 1
                    if !isSound { state.mixed += 1 }
                }
            }
        }
    }

    @Test func aDiskThatTakesNoMoreLeavesTheOld() async throws {
        let path = config.path
        try config.writeAuth(Self.sound[0])
        await #expect(processExitsWith: .success) { [path = path as String] in
            // No file may grow beyond 1,000 bytes here: what write(2) says then is what it says on a full disk.
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 1_000, rlim_max: 1_000)
            #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            let config = ConfigDirectory(path: path)
            #expect(throws: FileFailure.system(path: config.authPath, code: EFBIG)) {
                try config.writeAuth(Self.sound[1])
            }
        }
        #expect(try config.readAuth().value == Self.sound[0])
        #expect(directory.names("config") == [".lock", "auth.json"])
    }

    @Test(arguments: [0, 0o022, 0o777])
    func noUmaskChangesTheModes(mask: Int) async throws {
        let path = directory.path
        await #expect(processExitsWith: .success) { [path = path as String, mask = mask as Int] in
            umask(mode_t(mask))
            try ConfigDirectory(path: "\(path)/a/b").writeAuth(Self.sound[0])
        }
        #expect(directory.mode("a/b") == 0o700)
        #expect(directory.mode("a/b/auth.json") == 0o600)
        #expect(try ConfigDirectory(path: "\(directory.path)/a/b").readAuth().notices.isEmpty)
    }
}
