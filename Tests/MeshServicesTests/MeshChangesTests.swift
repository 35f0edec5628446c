// Who waits, and who is woken.

import Foundation
import MeshAPI
import MeshStore
import MeshStoreSQLite
import ServerSupport
import TestSupport
import Testing

@testable import MeshServices

@Suite struct MeshChangesTests {
    private func viewer(_ id: String, mesh: String = "m", credential: String = "c") -> Viewer {
        let account = AccountRow(id: id, kind: .person, name: id, passwordChangedAt: Date(), createdAt: Date())
        let credential = CredentialInfo(id: credential, kind: .session, name: "laptop", expiresAt: nil)
        return Viewer(Reader(account: account, credential: credential), meshID: mesh)
    }

    private func room(_ time: TestTime, limited: Bool = true, most: Int = 1000) throws -> MeshChanges {
        let database = try SQLiteStore(.memory, now: time.now)
        return MeshChanges(
            most: most, isLimited: limited, isAlone: true, surroundings: time.surroundings,
            look: MeshLook(database: database))
    }

    private func signals(_ watch: MeshWatch) async -> MeshWatch.Signals { await watch.wait(until: .distantFuture) }

    @Test func allOfAMeshAreWokenOrThoseWhomItConcerns() async throws {
        let time = TestTime()
        let room = try room(time)
        let watches = ["x", "x", "y"].map { MeshWatch(viewer: viewer($0)) }
        let other = MeshWatch(viewer: viewer("x", mesh: "n"))
        let places = (watches + [other]).map { room.enter($0) }
        #expect(places.allSatisfy { $0 != nil } && room.count == 4)
        room.post("m", to: ["x", "nobody"])
        #expect(await signals(watches[0]) == .changed)
        #expect(await signals(watches[1]) == .changed)
        room.post("m")
        for watch in watches { #expect(await signals(watch) == .changed) }
        let waiting = Task { await signals(other) }
        room.post("m")
        room.stop()
        #expect(await waiting.value == .stopped, "another mesh's")
        #expect(room.enter(MeshWatch(viewer: viewer("x"))) == nil, "nobody waits at a server that stops")
    }

    @Test func signalsGatherUntilTheyAreTaken() async throws {
        let watch = MeshWatch(viewer: viewer("x"))
        watch.signal(.changed)
        watch.signal(.due)
        watch.signal(.left)
        #expect(await signals(watch) == [.changed, .due, .left])
        #expect(await signals(watch) == .left, "an end stays one")
    }

    @Test func aTaskThatIsCancelledWaitsNoLonger() async throws {
        let watch = MeshWatch(viewer: viewer("x"))
        let task = Task { await signals(watch) }
        task.cancel()
        #expect(await task.value == .left)
    }

    @Test func theOldestOfACredentialOrAnAccountEnds() async throws {
        let time = TestTime()
        let room = try room(time)
        let eight = (0..<8).map { _ in MeshWatch(viewer: viewer("x", credential: "one")) }
        var places = eight.map { room.enter($0) }
        places.append(room.enter(MeshWatch(viewer: viewer("x", credential: "one"))))
        #expect(await signals(eight[0]) == .replaced)
        #expect(room.count == 8)
        let many = (0..<192).map { MeshWatch(viewer: viewer("x", credential: "k\($0)")) }
        places += many.map { room.enter($0) }
        #expect(room.count == 200)
        places.append(room.enter(MeshWatch(viewer: viewer("x", credential: "last"))))
        #expect(await signals(eight[1]) == .replaced)
        #expect(room.count == 200)
        places.removeAll()
        #expect(room.count == 0, "a place that nobody holds is given back")
    }

    @Test func limitsMayBeOffAndTheRoomHasASize() throws {
        let room = try room(TestTime(), limited: false, most: 20)
        let places = (0..<21).map { _ in room.enter(MeshWatch(viewer: viewer("x"))) }
        #expect(places.count { $0 != nil } == 20)
    }

    @Test func oneTimerServesAllAndRunsOnlyWhileSomebodyWaits() async throws {
        let time = TestTime()
        let room = try room(time)
        #expect(time.timerCount == 0)
        let watches = (0..<5).map { MeshWatch(viewer: viewer("x\($0)", credential: "\($0)")) }
        var places = watches.map { room.enter($0) }
        #expect(time.timerCount == 1)
        let due = time.now.addingTimeInterval(3)
        let task = Task { await watches[0].wait(until: due) }
        for _ in 0..<3 {
            try await eventually { time.timerCount == 1 }
            time.advance(1)
        }
        #expect(await task.value.contains(.due))
        try await eventually { time.timerCount == 1 }
        places.removeAll()
        time.advance(1)
        #expect(time.timerCount == 0)
    }
}
