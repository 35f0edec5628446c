// What was acknowledged is on the disk: a write ends with a flush that began after its commit, and a flush that failed is not
// forgotten.

import Dispatch
import Foundation
import GRDB
import MeshStore
import Platform
import Synchronization
import TestSupport
import Testing

@testable import MeshStoreSQLite

/// A disk whose flushes end when they are let, or fail: all, or the one that is held.
private final class Disk: Sendable {
    private let state = Mutex((isHeld: false, isBroken: false, isFailing: false, begun: 0))
    private let gate = DispatchSemaphore(value: 0)

    var isHeld: Bool {
        get { state.withLock { $0.isHeld } }
        set { state.withLock { $0.isHeld = newValue } }
    }
    var isBroken: Bool {
        get { state.withLock { $0.isBroken } }
        set { state.withLock { $0.isBroken = newValue } }
    }
    var isFailing: Bool {
        get { state.withLock { $0.isFailing } }
        set { state.withLock { $0.isFailing = newValue } }
    }
    var begun: Int { state.withLock { $0.begun } }

    func flush(_: Descriptor) throws {
        let (isHeld, isBroken) = state.withLock { state in
            state.begun += 1
            return (state.isHeld, state.isBroken)
        }
        if isBroken { throw SystemError(code: 5) }
        guard isHeld else { return }
        // A thread of the log's own.
        gate.wait()
        if isFailing { throw SystemError(code: 5) }
    }

    func endOne() { gate.signal() }
}

/// What ended, in its order.
private final class Ends: Sendable {
    private let state = Mutex<[Int]>([])

    var all: [Int] { state.withLock { $0 } }

    func note(_ number: Int) { state.withLock { $0.append(number) } }
}

@Suite struct WriteAheadLogTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func withDatabase(_ disk: Disk, _ body: (SQLiteStore, _ path: String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "meshserver-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/data/server.sqlite"
        let database = try SQLiteStore(.file(path), now: now, flush: disk.flush)
        try await body(database, path)
        disk.isHeld = false
        try database.close()
    }

    @Test func aWriteEndsWithAFlushThatBeganAfterItsCommit() async throws {
        let disk = Disk()
        try await withDatabase(disk) { database, _ in
            disk.isHeld = true
            let before = disk.begun
            let ended = Ends()
            try await withThrowingTaskGroup { group in
                group.addTask {
                    try await database.write { [now] in try $0.audit.record(.loginOK, at: now) }
                    ended.note(1)
                }
                try await eventually { disk.begun == before + 1 }
                // Nobody else's commit waits for it.
                try await database.commit(.everything) { [now] in try $0.audit.record(.loginOK, at: now) }
                group.addTask {
                    try await database.flush()
                    ended.note(2)
                }
                #expect(ended.all == [])
                disk.endOne()
                // The one under way began before the second commit.
                try await eventually { disk.begun == before + 2 }
                try await eventually { ended.all == [1] }
                disk.endOne()
                try await group.waitForAll()
            }
            #expect(disk.begun == before + 2)
            #expect(try database.readNow { try $0.count("SELECT count(*) FROM audit") } == 2)
        }
    }

    /// The system says once that a flush failed: the next one proves nothing of what the first was to bring.
    @Test func afterAFlushThatFailedAllGoesIntoTheDatabasesOwnFile() async throws {
        let disk = Disk()
        try await withDatabase(disk) { database, path in
            disk.isBroken = true
            await #expect(throws: StoreFailure.inDoubt(code: "flush")) {
                try await database.write { [now] in try $0.audit.record(.loginOK, at: now) }
            }
            disk.isBroken = false
            await #expect(throws: StoreFailure.inDoubt(code: "flush")) { try await database.flush() }
            await #expect(throws: StoreFailure.unwritable(code: "flush"), "nor is it shown") {
                try await database.lookUp { try $0.count("SELECT count(*) FROM audit") }
            }
            // Before anything else is.
            try await database.write(.nothing) { _ = try $0.count("SELECT count(*) FROM audit") }
            try await database.flush()
            // As after a power cut that takes the log with it.
            let copy = path + ".copy"
            try FileManager.default.copyItem(atPath: path, toPath: copy)
            let rows = try await DatabaseQueue(path: copy).read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM audit")
            }
            #expect(rows == 1)
        }
    }

    /// What was committed behind it stands behind a hole: it is not said to be there either.
    @Test func whatWasCommittedBehindAFlushThatFailedIsInDoubtToo() async throws {
        let disk = Disk()
        try await withDatabase(disk) { database, _ in
            disk.isHeld = true
            let before = disk.begun
            let (first, second) = (Ends(), Ends())
            func write(_ ends: Ends) async {
                do {
                    try await database.write { [now] in try $0.audit.record(.loginOK, at: now) }
                    ends.note(1)
                } catch {
                    ends.note(0)
                }
            }
            try await withThrowingTaskGroup { group in
                group.addTask { await write(first) }
                try await eventually { disk.begun == before + 1 }
                group.addTask { await write(second) }
                try await eventually {
                    try database.readNow { try $0.count("SELECT count(*) FROM audit") } == 2
                }
                disk.isFailing = true
                disk.isHeld = false
                disk.endOne()
            }
            #expect(first.all == [0] && second.all == [0])
            #expect(disk.begun == before + 1, "no second flush is believed")
            #expect(await database.isReady(), "and then it is in the file")
            try await database.write { [now] in try $0.audit.record(.loginOK, at: now) }
        }
    }

    @Test func whereTheFirstFlushFailsTheFileIsNamed() throws {
        let disk = Disk()
        disk.isBroken = true
        let folder = FileManager.default.temporaryDirectory.appending(path: "meshserver-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/data/server.sqlite"
        #expect(throws: StorageFailure.file(path: path + "-wal", reason: .system(5))) {
            try SQLiteStore(.file(path), now: now, flush: disk.flush)
        }
    }
}
