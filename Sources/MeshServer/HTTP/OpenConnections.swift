// The connections there are: how many there may be, and their end where a stop has waited long enough.

internal import HummingbirdCore
internal import Logging
internal import MeshServices
internal import NIOCore
internal import Platform
internal import Synchronization

final class OpenConnections: Sendable {
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

    var count: Int { channels.withLock { $0.count } }

    func add(_ channel: any Channel) { channels.withLock { $0[ObjectIdentifier(channel)] = channel } }

    func remove(_ channel: any Channel) { channels.withLock { $0[ObjectIdentifier(channel)] = nil } }

    /// Ends each, whatever is under way on it.
    func close() {
        for channel in channels.withLock({ Array($0.values) }) { channel.close(promise: nil) }
    }
}

/// Leaves who would be one too many waiting outside: where descriptors run out, neither they nor the database get one.
struct ConnectionLimit: AvailableConnectionsDelegate {
    let most: Int
    let logger: Logger
    private var count = 0
    private var reported: ContinuousClock.Instant?

    init(most: Int, logger: Logger) { (self.most, self.logger) = (most, logger) }

    mutating func connectionOpened() {
        count += 1
        // One line for a rush, in which places are taken over and over.
        guard count >= most, reported.map({ $0 + .seconds(60) < .now }) ?? true else { return }
        reported = .now
        logger.warning("as many connections as the limit of open files allows", metadata: ["connections": "\(most)"])
    }

    mutating func connectionClosed() { count -= 1 }

    func isAcceptingNewConnections() -> Bool { count < most }

    /// How many this process can hold.
    static var ofThisProcess: Int {
        guard let limit = Descriptors.limit else { return 1024 - reserve }
        return max(limit - reserve, 8)
    }

    /// The database with all its readers, the event loops, the listener and a mail program: 24 to 50.
    private static let reserve = 50

    /// Ten thousand held polls are ten thousand descriptors.
    static func raise() { Descriptors.raise() }
}
