// Where a daemon lives, what it keeps, and how it waits.

import FoundationEssentials
import MeshAPI
import MeshStore
import MeshStoreSQLite
import Platform
import Testing

@testable import Peers

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct DaemonPlaceTests {
    @Test func theSocketIsBesideTheSettings() {
        let place = DaemonPlace(configuration: "/home/ana/.claudemesh", runtime: "/run/user/1000", uid: 1000)
        #expect(place.socket == "/home/ana/.claudemesh/daemon/sock")
    }

    @Test(arguments: [("/run/user/1000", "/run/user/1000/claudemesh-1000-"), (nil, "/tmp/claudemesh-1000-")])
    func aLongPathIsReplaced(runtime: String?, prefix: String) {
        let long = "/home/" + String(repeating: "x", count: 90)
        let place = DaemonPlace(configuration: long, runtime: runtime, uid: 1000)
        #expect(place.socket.hasPrefix(prefix) && place.socket.hasSuffix("/sock"))
        #expect(place.socket.utf8.count <= DaemonPlace.longest)
        #expect(place.socket != DaemonPlace(configuration: long + "y", runtime: runtime, uid: 1000).socket)
        #expect(place.folder == long + "/daemon")
    }

    @Test func aFolderThatIsOpenToOthersIsRefused() throws {
        let path = "/tmp/cmd-\(UInt32.random(in: .min ... .max))"
        mkdir(path, 0o700)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let place = DaemonPlace(configuration: path, runtime: nil)
        try place.prepare()
        chmod(place.folder, 0o755)
        #expect(throws: SystemError.notPermitted) { try place.prepare() }
        chmod(place.folder, 0o700)
        let lock = try place.takeLock()
        #expect(lock != nil)
        #expect(try place.takeLock() == nil)
        withExtendedLifetime(lock) {}
    }

    @Test func anOlderStateReplacesNoNewerOne() async throws {
        let bench = try await DaemonBench()
        guard case .message(let message) = DaemonBench.message("a") else { return }
        var item = LaneItem(message: LaneMessage(id: "a", seq: 1, address: "bo", createdAt: DaemonBench.now))
        item.state = .seen
        let (newer, older) = (item, LaneItem(message: item.message))
        try await bench.store.write(.nothing) { transaction in
            try transaction.daemon.save(message, newer, version: 2, of: "s")
            try transaction.daemon.save(message, older, version: 1, of: "s")
        }
        #expect(try await bench.store.read { try $0.daemon.inbox(of: "s").map(\.item.state) } == [.seen])
    }

    @Test func whatWentFurtherIsStillTold() async throws {
        let bench = try await DaemonBench()
        let seen = ReportReceipts.Step(messageId: "a", state: .seen, lane: .inbox)
        let handed = ReportReceipts.Step(messageId: "a", state: .handed, lane: .inbox)
        try await bench.store.write(.nothing) { transaction in
            try transaction.daemon.owe(handed, of: "s")
            try transaction.daemon.owe(seen, of: "s")
            try transaction.daemon.told([handed], of: "s")
        }
        #expect(try await bench.store.read { try $0.daemon.owed(of: "s") } == [seen])
    }

    @Test func whoStartedWhomIsKnown() {
        #expect(ProcessTree.depth(of: getpid(), below: getpid()) == 0)
        #expect(ProcessTree.depth(of: getpid(), below: getppid()) == 1)
        #expect(ProcessTree.depth(of: getppid(), below: getpid()) == nil)
        #expect(ProcessTree.parent == getppid() && ProcessTree.lives(getpid()))
    }

    @Test func waitingEndsByWhatHappensAndByCancelling() async {
        let changes = Changes()
        let one = Task { await changes.wait(for: .seconds(600)) }
        while !changes.isWaitedFor { await Task.yield() }
        changes.happened()
        await one.value
        let two = Task { await changes.wait(for: .seconds(600)) }
        while !changes.isWaitedFor { await Task.yield() }
        two.cancel()
        await two.value
        await changes.wait(for: .milliseconds(1))
        await changes.wait(for: .zero)
        // What happened since the caller looked is not waited for.
        let count = changes.count
        changes.happened()
        await changes.wait(for: .seconds(600), since: count)
        #expect(!changes.isWaitedFor)
    }

    @Test func aTextIsWrittenToClaudeCodesInbox() async throws {
        let path = "/tmp/cmd-\(UInt32.random(in: .min ... .max)).sock"
        defer { unlink(path) }
        let listener = try Listener(path)
        let inbox = try #require(
            AgentInbox(environment: ["CLAUDE_CODE_MESSAGING_SOCKET": path, "CLAUDE_CODE_MESSAGING_TOKEN": "t"]))
        let read = Task.detached { listener.readAll() }
        #expect(inbox.post("one\n\"two\""))
        let lines = await read.value.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first == #"{"token":"t","type":"auth"}"#)
        #expect(lines.last == #"{"message":{"content":"one\n\"two\"","role":"user"},"type":"user"}"#)
        #expect(AgentInbox(environment: [:]) == nil)
        #expect(try #require(AgentInbox(environment: ["CLAUDE_CODE_MESSAGING_SOCKET": "/nowhere"])).post("x") == false)
    }
}

/// A socket that takes one connection.
private final class Listener: Sendable {
    private struct Failed: Error {}
    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, listen(descriptor, 1) == 0 else { throw Failed() }
    }

    func readAll() -> String {
        let connection = accept(descriptor, nil, nil)
        defer { close(connection) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(connection, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}
