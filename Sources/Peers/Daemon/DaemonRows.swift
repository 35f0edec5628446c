// What the daemon keeps on the disk: its sessions without their secrets, what came for them, how far that is, what their
// senders are still to be told, and what waits to be sent.
// To change the schema: the next migration in `migrations`; one that was in a release is never edited.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

package struct DaemonRows {
    let transaction: MeshStore.Transaction

    package static let migrations = [
        "migrations/0001-daemon.sql": """
        CREATE TABLE sessions (
            id TEXT PRIMARY KEY, facts TEXT NOT NULL, cursor TEXT, transcript TEXT, turns TEXT);
        CREATE TABLE inbox (
            session_id TEXT NOT NULL, message_id TEXT NOT NULL, seq BIGINT NOT NULL, message TEXT NOT NULL,
            item TEXT NOT NULL, version BIGINT NOT NULL, PRIMARY KEY (session_id, message_id));
        CREATE TABLE receipts (
            session_id TEXT NOT NULL, message_id TEXT NOT NULL, state TEXT NOT NULL, lane TEXT,
            PRIMARY KEY (session_id, message_id));
        CREATE TABLE outbox (
            client_id TEXT PRIMARY KEY, session_id TEXT NOT NULL, message TEXT NOT NULL, written_at BIGINT NOT NULL);
        """,
        "migrations/0002-daemon-outbox.sql": """
        ALTER TABLE outbox RENAME TO former_outbox;
        CREATE TABLE outbox (
            session_id TEXT NOT NULL, client_id TEXT NOT NULL, message TEXT NOT NULL, written_at BIGINT NOT NULL,
            PRIMARY KEY (session_id, client_id));
        INSERT INTO outbox SELECT session_id, client_id, message, written_at FROM former_outbox;
        DROP TABLE former_outbox;
        CREATE TABLE asked (account_id TEXT PRIMARY KEY, at BIGINT NOT NULL);
        """,
        "migrations/0003-daemon-dialogs.sql": """
        CREATE TABLE dialogs (id TEXT PRIMARY KEY, dialog TEXT NOT NULL);
        """,
    ]

    func saveSession(_ facts: SessionFacts) throws {
        try transaction.run(
            """
            INSERT INTO sessions (id, facts) VALUES (?1, ?2)
            ON CONFLICT (id) DO UPDATE SET facts = excluded.facts
            """, facts.sessionID, try JSONColumn.text(facts))
    }

    func setCursor(_ cursor: String?, of session: String) throws {
        try transaction.run("UPDATE sessions SET cursor = ?2 WHERE id = ?1", session, cursor)
    }

    func setTranscript(_ path: String, of session: String) throws {
        try transaction.run("UPDATE sessions SET transcript = ?2 WHERE id = ?1", session, path)
    }

    func setTurns(_ turns: Turns, of session: String) throws {
        try transaction.run("UPDATE sessions SET turns = ?2 WHERE id = ?1", session, try JSONColumn.text(turns))
    }

    func sessions() throws -> [SessionFacts] {
        try transaction.all("SELECT facts FROM sessions ORDER BY id") { try JSONColumn.read($0[0]) }
    }

    /// Where a session stands: how far it has read, where Claude Code's record is, and what its turn is a consequence of.
    struct Place: Sendable {
        var cursor: String?
        var transcript: String?
        var turns = Turns()
    }

    func place(of session: String) throws -> Place {
        try transaction.first("SELECT cursor, transcript, turns FROM sessions WHERE id = ?1", session) { row in
            let turns = try row[2] as String?
            return Place(
                cursor: try row[0], transcript: try row[1], turns: try turns.map { try JSONColumn.read($0) } ?? Turns())
        } ?? Place()
    }

    /// The session is over: nothing of it stays but what is still to be told or sent. Who resumes it tells and sends that.
    /// - Parameter kept: messages that wait for whoever resumes it.
    func endSession(_ id: String, keeping kept: [String] = []) throws {
        try transaction.run("DELETE FROM sessions WHERE id = ?1", id)
        let known = try transaction.all("SELECT message_id FROM inbox WHERE session_id = ?1", id) { row in
            try row[0] as String
        }
        try forget(known.filter { !kept.contains($0) }, of: id)
    }

    /// Messages that came before the model, of which the server does not know yet.
    func settledUntold(of session: String) throws -> Set<String> {
        Set(
            try transaction.all(
                "SELECT message_id FROM receipts WHERE session_id = ?1 AND state IN ('seen', 'acknowledged')", session
            ) { try $0[0] })
    }

    func save(_ message: Message, _ item: LaneItem, version: Int, of session: String) throws {
        try transaction.run(
            """
            INSERT INTO inbox (session_id, message_id, seq, message, item, version) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT (session_id, message_id) DO UPDATE SET item = excluded.item, version = excluded.version
            WHERE excluded.version > inbox.version
            """, session, message.id, message.seq, try JSONColumn.text(message), try JSONColumn.text(item), version)
    }

    func inbox(of session: String) throws -> [(message: Message, item: LaneItem)] {
        try transaction.all("SELECT message, item FROM inbox WHERE session_id = ?1 ORDER BY seq", session) { row in
            (try JSONColumn.read(row[0]), try JSONColumn.read(row[1]))
        }
    }

    func forget(_ ids: [String], of session: String) throws {
        for id in ids {
            try transaction.run("DELETE FROM inbox WHERE session_id = ?1 AND message_id = ?2", session, id)
        }
    }

    /// What the sender is to be told: the newest step alone.
    func owe(_ step: ReportReceipts.Step, of session: String) throws {
        try transaction.run(
            """
            INSERT INTO receipts (session_id, message_id, state, lane) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (session_id, message_id) DO UPDATE SET state = excluded.state, lane = excluded.lane
            """, session, step.messageId, step.state.rawValue, step.lane?.rawValue)
    }

    func owed(of session: String) throws -> [ReportReceipts.Step] {
        try transaction.all(
            "SELECT message_id, state, lane FROM receipts WHERE session_id = ?1 LIMIT ?2", session,
            ReportReceipts.most
        ) { row in
            ReportReceipts.Step(
                messageId: try row[0], state: MessageState(rawValue: try row[1]) ?? .fetched,
                lane: (try row[2] as String?).flatMap(Lane.init(rawValue:)))
        }
    }

    /// The server has these; one that has gone further meanwhile stays.
    func told(_ steps: [ReportReceipts.Step], of session: String) throws {
        for step in steps {
            try transaction.run(
                "DELETE FROM receipts WHERE session_id = ?1 AND message_id = ?2 AND state = ?3", session,
                step.messageId, step.state.rawValue)
        }
    }

    func keepToSend(_ message: SendMessage, of session: String, at now: Date) throws {
        try transaction.run(
            """
            INSERT INTO outbox (client_id, session_id, message, written_at) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (session_id, client_id) DO NOTHING
            """, message.clientId, session, try JSONColumn.text(message), now.milliseconds)
    }

    func sentOrRefused(_ clientID: String, of session: String) throws {
        try transaction.run("DELETE FROM outbox WHERE client_id = ?1 AND session_id = ?2", clientID, session)
    }

    /// What a session left behind that did not come back in seven days.
    func forgetOldToSend(at now: Date) throws {
        let oldest = now.addingTimeInterval(-Double(SendMessage.within.upperBound))
        try transaction.run("DELETE FROM outbox WHERE written_at < ?1", oldest.milliseconds)
        // A version is the time of the daemon that stored the row.
        try transaction.run(
            "DELETE FROM inbox WHERE version < ?1 AND session_id NOT IN (SELECT id FROM sessions)", oldest.milliseconds)
    }

    /// When the person was last asked about a first message.
    func askedAt(_ account: String) throws -> Date? {
        try transaction.first("SELECT at FROM asked WHERE account_id = ?1", account) { row in
            try row.date(0)
        }
    }

    func setAskedAt(_ now: Date, _ account: String) throws {
        try transaction.run(
            "INSERT INTO asked (account_id, at) VALUES (?1, ?2) ON CONFLICT (account_id) DO UPDATE SET at = excluded.at",
            account, now.milliseconds)
    }

    /// A dialog is open before the person. It stays so whoever of us dies meanwhile.
    func saveDialog(_ dialog: FirstWordDialog) throws {
        try transaction.run("INSERT INTO dialogs (id, dialog) VALUES (?1, ?2)", dialog.id, try JSONColumn.text(dialog))
    }

    func dialogs() throws -> [FirstWordDialog] {
        try transaction.all("SELECT dialog FROM dialogs ORDER BY id") { try JSONColumn.read($0[0]) }
    }

    func endDialog(_ id: String) throws { try transaction.run("DELETE FROM dialogs WHERE id = ?1", id) }

    func toSend(of session: String) throws -> [(message: SendMessage, writtenAt: Date)] {
        try transaction.all(
            "SELECT message, written_at FROM outbox WHERE session_id = ?1 ORDER BY written_at, client_id", session
        ) { row in (try JSONColumn.read(row[0]), try row.date(1)) }
    }

    func countToSend() throws -> Int { try transaction.count("SELECT count(*) FROM outbox") }
}

extension MeshStore.Transaction {
    var daemon: DaemonRows { DaemonRows(transaction: self) }
}

/// A value in a column, as the wire writes it: times to the millisecond and more are kept as they are.
enum JSONColumn {
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func read<Value: Decodable>(_ text: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }
}
