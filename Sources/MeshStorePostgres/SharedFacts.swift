// What all servers of a database have to agree on, and which of them there are: tables that SQLite, which has one server, does
// without. Made with the migrations, under their lock.

internal import MeshStore

struct SharedFacts {
    let transaction: Transaction

    enum Name: String {
        /// Of the servers' key: another is refused.
        case keyFingerprint = "key"
        /// Seconds that messages are kept, or `forever`.
        case retention
    }

    /// A migration of this name can be worked with by the version before it.
    private static let readablePrefix = "readable:"

    /// Rates need not outlive a crash: UNLOGGED, they are no writes to the disk.
    static let tables = """
        CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS servers (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL, since BIGINT NOT NULL,
            streams BIGINT NOT NULL, schema_number BIGINT NOT NULL, heard_at BIGINT NOT NULL);
        CREATE UNLOGGED TABLE IF NOT EXISTS limits (
            rule TEXT NOT NULL, subject TEXT NOT NULL, times BIGINT[] NOT NULL, taken BOOLEAN NOT NULL,
            ends_at BIGINT NOT NULL, PRIMARY KEY (rule, subject));
        ALTER TABLE mesh_heads SET (fillfactor = 50);
        """

    var exists: Bool { get throws { try transaction.runner.tables().contains("facts") } }

    func value(_ name: Name) throws -> String? { try value(name.rawValue) }

    func set(_ name: Name, _ value: String) throws { try set(name.rawValue, value) }

    func readable() throws -> Set<String> {
        let names = try transaction.all("SELECT name FROM facts WHERE name LIKE 'readable:%'") { try $0[0] as String }
        return Set(names.map { String($0.dropFirst(Self.readablePrefix.count)) })
    }

    func noteReadable(_ migration: String) throws { try set(Self.readablePrefix + migration, "1") }

    private func value(_ name: String) throws -> String? {
        try transaction.first("SELECT value FROM facts WHERE name = ?1", name) { try $0[0] }
    }

    private func set(_ name: String, _ value: String) throws {
        try transaction.run(
            "INSERT INTO facts (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name,
            value)
    }
}
