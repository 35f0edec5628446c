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

    private func withDatabase(
        _ disk: Disk = Disk(), logBytes: Int = 16 << 20, _ body: (SQLiteStore, _ path: String) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "meshserver-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/data/server.sqlite"
        let database = try SQLiteStore(.file(path), now: now, logBytes: logBytes, flush: disk.flush)
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

    @Test func aTransactionGoesIntoTheLogTogether() async throws {
        try await withDatabase { database, _ in
            let writes = try await database.writer.writeWithoutTransaction { connection in
                try connection.execute(sql: "CREATE TABLE words (text TEXT)")
                let before = try Self.systemWrites()
                try connection.inTransaction {
                    try Self.add(200, to: connection)
                    return .commit
                }
                return try Self.systemWrites() - before
            }
            // Of 64 KiB each, where SQLite would make two of every page.
            #expect((1...8).contains(writes))
            #expect(try database.readNow { try $0.count("SELECT count(*) FROM words") } == 200, "others see it")
        }
    }

    /// Pages for which there is no room go into the log before the commit: those taken back, and those written twice.
    @Test func theLogHoldsWhatWasCommittedThoughMoreWasWritten() async throws {
        try await withDatabase { database, path in
            try await database.writer.writeWithoutTransaction { connection in
                try connection.execute(sql: "PRAGMA cache_size = 10; CREATE TABLE words (text TEXT)")
                for (count, end) in [(300, Database.TransactionCompletion.rollback), (200, .commit), (100, .rollback)] {
                    try connection.inTransaction {
                        try Self.add(count, to: connection)
                        try connection.execute(sql: "UPDATE words SET text = text || 'x'")
                        let changed = try Int.fetchOne(
                            connection, sql: "SELECT count(*) FROM words WHERE text LIKE '%x'")
                        #expect(changed ?? 0 >= count)
                        return end
                    }
                }
            }
            // As a machine leaves it whose power is cut.
            let copy = path + ".copy"
            for end in ["", "-wal"] { try FileManager.default.copyItem(atPath: path + end, toPath: copy + end) }
            let (state, count) = try await DatabaseQueue(path: copy).read { connection in
                (
                    try String.fetchOne(connection, sql: "PRAGMA integrity_check"),
                    try Int.fetchOne(connection, sql: "SELECT count(*) FROM words WHERE text LIKE '%x'")
                )
            }
            #expect(state == "ok" && count == 200)
        }
    }

    /// Another process may have written at its place since.
    @Test func whatWasTakenBackIsNotWrittenLater() async throws {
        struct Refused: Error {}
        try await withDatabase { database, path in
            let other = try SQLiteStore(.file(path), now: now)
            try database.writeNow { _ = try $0.run("CREATE TABLE words (text TEXT)") }
            try await database.writer.writeWithoutTransaction { connection in
                try connection.execute(sql: "PRAGMA cache_size = 10")
                // Where the log is empty, taking back reads nothing from it.
                try connection.checkpoint(.truncate)
            }
            await #expect(throws: Refused.self) {
                try await database.commit(.nothing) { transaction in
                    let text = String(repeating: "a", count: 700)
                    for _ in 0..<25 { try transaction.run("INSERT INTO words VALUES (?1)", text) }
                    throw Refused()
                }
            }
            try other.writeNow { transaction in
                for _ in 0..<50 { try transaction.run("INSERT INTO words VALUES (?1)", Self.word) }
            }
            let count = try await database.commit(.nothing) { transaction in
                try transaction.run("INSERT INTO words VALUES (?1)", Self.word)
                return try transaction.count("SELECT count(*) FROM words")
            }
            #expect(count == 51)
            let state = try await database.writer.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") }
            #expect(state == "ok")
            try other.close()
        }
    }

    @Test func aLongLogGoesIntoTheDatabasesFileBesideWhoWrites() async throws {
        try await withDatabase(logBytes: 64 << 10) { database, path in
            // No row yet, which would begin one.
            try database.writeNow { _ = try $0.run("CREATE TABLE words (text TEXT)") }
            func size() throws -> Int {
                try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
            }
            let before = try size()
            try await database.write(.nothing) { transaction in
                for _ in 0..<100 { try transaction.run("INSERT INTO words VALUES (?1)", Self.word) }
            }
            // Though nobody writes any more.
            try await eventually { try size() >= before + 64 << 10 }
        }
    }

    /// What a disk did not take from the log is in the log alone, whatever the disk says later.
    @Test func whereTheFileFailedTheLogIsForTheNextStart() async throws {
        let disk = Disk()
        try await withDatabase(disk) { database, path in
            func write() async throws { try await database.write { [now] in try $0.audit.record(.loginOK, at: now) } }
            try await write()
            database.checkpoints?.fail()
            #expect(await !database.isReady(), "whoever runs it is told")
            try await write()
            disk.isBroken = true
            await #expect(throws: StoreFailure.inDoubt(code: "flush")) { try await write() }
            disk.isBroken = false
            await #expect(throws: StoreFailure.unwritable(code: "checkpoint")) { try await write() }
            try database.close()
            #expect(FileManager.default.fileExists(atPath: path + "-wal"))
            let next = try SQLiteStore(.file(path), now: now)
            #expect(try next.readNow { try $0.count("SELECT count(*) FROM audit") } == 3)
            #expect(await next.isReady())
            try next.close()
            #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
        }
    }

    @Test func theLogBeginsAnewThoughMoreIsWrittenAllTheTime() async throws {
        try await withDatabase(logBytes: 64 << 10) { database, path in
            try database.writeNow { _ = try $0.run("CREATE TABLE words (text TEXT)") }
            let before = try Self.beginnings(path)
            var count = 0
            try await eventually {
                for _ in 0..<5 {
                    try await database.write(.nothing) { try $0.run("INSERT INTO words VALUES (?1)", Self.word) }
                }
                count += 5
                return try Self.beginnings(path) >= before + 3
            }
            #expect(count > 20, "and not with each")
            #expect(try database.readNow { try $0.count("SELECT count(*) FROM words") } == count)
        }
    }

    /// How often the log began anew, which its head counts.
    private static func beginnings(_ path: String) throws -> UInt32 {
        let head = try FileHandle(forReadingFrom: URL(filePath: path + "-wal")).read(upToCount: 16) ?? Data()
        return head.dropFirst(12).reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static let word = String(repeating: "w", count: 1000)

    private static func add(_ count: Int, to connection: Database) throws {
        for _ in 0..<count { try connection.execute(sql: "INSERT INTO words VALUES (?)", arguments: [word]) }
    }

    /// How often this thread asked the system to write.
    private static func systemWrites() throws -> Int {
        let figures = try String(contentsOfFile: "/proc/thread-self/io", encoding: .utf8)
        let line = try #require(figures.split(separator: "\n").first { $0.hasPrefix("syscw: ") })
        return try #require(Int(line.dropFirst(7)))
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
