// A store that several servers have at once. What is one process' own over SQLite has to be true for all of them here: rates,
// and the news that something changed.

/// Something to be read again: whoever hears it looks at the database. It says nothing that is a secret, and may get lost.
package enum StoreHint: Sendable, Hashable {
    /// Something in a mesh changed: for these sessions, accounts and keys, or for all.
    case mesh(String, parties: Set<String>?)
    /// The device code of this digest.
    case code(String)

    /// Above so many parties all are told.
    private static let mostParties = 20

    /// One line of visible ASCII, with spaces between its words.
    package var line: String {
        switch self {
        case .mesh(let id, let parties):
            let words = parties.map { $0.count <= Self.mostParties ? $0.sorted() : [] } ?? []
            return (["m", id] + words).joined(separator: " ")
        case .code(let digest): return "c \(digest)"
        }
    }

    /// Nil where it is none: a newer server's, say.
    package init?(line: String) {
        let words = line.split(separator: " ").map(String.init)
        guard words.count >= 2 else { return nil }
        switch words[0] {
        case "m": self = .mesh(words[1], parties: words.count > 2 ? Set(words.dropFirst(2)) : nil)
        case "c": self = .code(words[1])
        default: return nil
        }
    }
}

package enum HeardHint: Sendable {
    case hint(StoreHint)
    /// For a while nothing could be heard: anything may have changed.
    case anything
}

/// So many times in a window that slides.
package struct SharedLimit: Sendable {
    package var rule: String
    package var count: Int
    package var milliseconds: Int64

    package init(rule: String, count: Int, milliseconds: Int64) {
        self.rule = rule
        self.count = count
        self.milliseconds = milliseconds
    }
}

/// A server of a database, as the others see it.
package struct ServerState: Sendable, Hashable {
    /// Milliseconds after which one that was not heard is gone.
    package static let silence = 15_000

    package var id: String
    package var name: String
    package var version: String
    /// Milliseconds since 1970.
    package var since: Int64
    /// How many wait there: streams and held polls.
    package var streams: Int
    /// The number of the newest migration that it knows.
    package var schema: Int

    package init(id: String, name: String, version: String, since: Int64, streams: Int, schema: Int = 0) {
        self.id = id
        self.name = name
        self.version = version
        self.since = since
        self.streams = streams
        self.schema = schema
    }
}

package protocol SharedStore: Store {
    /// Hints the other servers that something changed; soon, and with others. Call it after the commit.
    func tell(_ hint: StoreHint)

    /// Hears what other servers tell, until the store is closed. Once.
    func listen(_ hear: @escaping @Sendable (HeardHint) -> Void)

    /// Counts one; milliseconds to wait where that is one too many. `now` in milliseconds since 1970.
    func take(_ limit: SharedLimit, of subject: String, at now: Int64) async throws -> Int64?

    /// Undoes the last `take` of a subject.
    func giveBack(_ limit: SharedLimit, of subject: String) async throws

    /// The database's time, in milliseconds since 1970.
    func clock() async throws -> Int64

    /// Says that a server lives; what is long over is removed.
    func beat(_ server: ServerState) async throws

    func leave(_ id: String) async throws

    /// Those that live, the oldest first.
    func servers() async throws -> [ServerState]

    /// How long the servers keep messages, in seconds or `forever`; nil where none has said it.
    func retention() async throws -> String?
    func setRetention(_ text: String) async throws
}
