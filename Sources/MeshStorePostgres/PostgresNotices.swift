// Hints between the servers of one database: that something is to be read. What several posts say within a few milliseconds goes
// as one NOTIFY, since each costs a lock of the whole database at its commit. Hints can get lost; who waits looks for
// themselves once a second.

internal import CLibpq
internal import MeshStore
internal import NIOPosix
internal import Synchronization

final class PostgresNotices: Sendable {
    private struct State {
        var waiting: Set<String> = []
        var isFlushing = false
        var isStopped = false
        var listener: NIOThreadPool?
    }

    /// How long posts gather.
    private static let gathering = Duration.milliseconds(5)
    /// A NOTIFY carries less than 8,000 bytes.
    private static let mostBytes = 7_900
    /// Milliseconds until a thread that waits looks whether it is to stop, and until it tries again where there is no server.
    private static let patience: Int32 = 200

    private let address: PostgresAddress
    private let pool: PostgresPool
    private let channel: String
    /// What comes back to whoever sent it is passed over.
    private let sender = Identifier.make()
    private let state = Mutex(State())

    init(_ address: PostgresAddress, pool: PostgresPool) {
        self.address = address
        self.pool = pool
        channel = "claudemesh_\(address.schema)"
    }

    func post(_ hint: StoreHint) {
        let isFirst = state.withLock { state in
            guard !state.isStopped else { return false }
            state.waiting.insert(hint.line)
            defer { state.isFlushing = true }
            return !state.isFlushing
        }
        guard isFirst else { return }
        Task {
            try? await Task.sleep(for: Self.gathering)
            await flush()
        }
    }

    private func flush() async {
        let lines = state.withLock { state in
            defer { (state.waiting, state.isFlushing) = ([], false) }
            return state.waiting
        }
        let (channel, payloads) = (channel, Self.payloads(lines.sorted(), sender: sender))
        // One that is not sent is a change that others see a second later.
        _ = try? await pool.run { [pool] in
            let connection = try pool.take()
            defer { if connection.isGood && connection.isIdle { pool.give(connection) } }
            for payload in payloads { _ = try connection.run("SELECT pg_notify(?1, ?2)", [channel, payload]) }
        }
    }

    /// The lines in as few texts as they fit in, each with its sender first.
    static func payloads(_ lines: [String], sender: String) -> [String] {
        var texts: [String] = []
        for line in lines {
            if let last = texts.last, last.utf8.count + 1 + line.utf8.count <= mostBytes {
                texts[texts.count - 1] = "\(last)\n\(line)"
            } else {
                texts.append("\(sender)\n\(line)")
            }
        }
        return texts
    }

    /// Hears what others post, on a thread of its own, until `stop`.
    func listen(_ hear: @escaping @Sendable (HeardHint) -> Void) {
        let thread = NIOThreadPool(numberOfThreads: 1)
        let isFirst = state.withLock { state in
            guard !state.isStopped, state.listener == nil else { return false }
            state.listener = thread
            return true
        }
        guard isFirst else { return }
        thread.start()
        thread.submit { [self] _ in
            while !isStopped {
                follow(hear)
                if !isStopped { _ = pq_wait(-1, Self.patience) }
            }
        }
    }

    func stop() {
        let thread = state.withLock { state in
            state.isStopped = true
            return state.listener
        }
        // Not waited for: it ends by itself.
        thread?.shutdownGracefully { _ in }
    }

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    /// One connection's life. What was posted while there was none was not heard: whoever waits has to look.
    private func follow(_ hear: (HeardHint) -> Void) {
        guard let line = try? PostgresConnection(address), (try? line.execute("LISTEN \(channel)")) != nil else {
            return
        }
        hear(.anything)
        while !isStopped {
            let isThere = pq_wait(line.api.PQsocket(line.connection), Self.patience)
            guard isThere >= 0 else { return }
            guard isThere == 0 || line.api.PQconsumeInput(line.connection) == 1 else { return }
            while let found = line.api.PQnotifies(line.connection) {
                defer { line.api.PQfreemem(found) }
                if let text = found.pointee.extra { heard(String(cString: text), hear) }
            }
        }
    }

    private func heard(_ text: String, _ hear: (HeardHint) -> Void) {
        let lines = text.split(separator: "\n")
        guard let first = lines.first, first != sender else { return }
        for line in lines.dropFirst() { if let hint = StoreHint(line: String(line)) { hear(.hint(hint)) } }
    }
}
