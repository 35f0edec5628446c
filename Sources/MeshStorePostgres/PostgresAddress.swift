// Where a database is, from its address: what is demanded of it, and what libpq is told beside it so that nothing of this
// process' environment decides in its place. What is not given it would take from there: PGOPTIONS can move a schema or turn
// off a commit's wait for the disk.

internal import CLibpq
package import MeshStore

/// What libpq is given to connect. Never printed: it holds a password.
package struct PostgresAddress: Sendable {
    /// Keywords and values.
    let parameters: [(String, String)]
    /// Where our tables are.
    package let schema: String
    /// `host/database`, for people.
    package let shown: String

    /// How long a server may take to answer at all.
    static let connectSeconds = 5

    /// What an address may say by itself; all else is ours to say, or nobody's.
    private static let allowed: Set<String> = [
        "host", "hostaddr", "port", "dbname", "user", "password", "passfile", "sslmode", "sslrootcert", "sslcert",
        "sslkey",
        "sslpassword", "sslcrl", "ssl_min_protocol_version", "channel_binding", "connect_timeout", "options",
        "tcp_user_timeout", "gssencmode",
    ]

    /// Throws `StorageFailure.address` where it is none that we use, or where the environment names a service, whose file
    /// would have its own say, or another machine beside the address' name.
    package init(_ url: DatabaseURL, environment: [String: String]) throws {
        for name in ["PGSERVICE", "PGSERVICEFILE", "PGHOSTADDR"] where environment[name]?.isEmpty == false {
            throw StorageFailure.address(.service(variable: name))
        }
        let given = try Self.parsed(url)
        if let unknown = given.keys.filter({ !Self.allowed.contains($0) }).min() {
            throw StorageFailure.address(.option(name: unknown))
        }
        guard let host = given["host"], let database = given["dbname"], let user = given["user"] else {
            throw StorageFailure.address(.incomplete)
        }
        schema = try Self.schema(of: given["options"])
        shown = "\(host)/\(database)"
        // A name of this machine may be given beside the address of another.
        let places = [host, given["hostaddr"]].compactMap { $0?.split(separator: ",") }.joined()
        let isHere = places.allSatisfy { $0.hasPrefix("/") || Self.loopback.contains($0) }
        var all = [
            "connect_timeout": "\(Self.connectSeconds)", "keepalives_idle": "10", "keepalives_interval": "5",
            "keepalives_count": "3",
            "tcp_user_timeout": "15000", "port": "5432", "sslmode": isHere ? "prefer" : "verify-full",
            "gssencmode": "disable",
        ].merging(given) { $1 }
        all["host"] = host
        all["dbname"] = database
        all["user"] = user
        all["client_encoding"] = "UTF8"
        all["application_name"] = "claudemesh"
        all["target_session_attrs"] = "read-write"
        all["options"] = Self.options(schema: schema)
        parameters = all.sorted { $0.key < $1.key }
    }

    private static let loopback: Set<Substring> = ["localhost", "127.0.0.1", "::1"]

    /// What holds for every connection. Times in milliseconds: longer than any statement of ours takes, shorter than anybody
    /// waits. Each statement is planned once: else one with many parts is planned for each request, which takes ten times what
    /// it does itself. And by indexes, which all that requests ask for have: a plan that was made for an empty table stays until
    /// its statistics change.
    private static func options(schema: String) -> String {
        let settings = [
            "search_path=\(schema)", "statement_timeout=15000", "lock_timeout=10000",
            "idle_in_transaction_session_timeout=30000", "synchronous_commit=on",
            "default_transaction_isolation=read\\ committed", "default_transaction_read_only=off",
            "standard_conforming_strings=on", "timezone=UTC", "jit=off", "plan_cache_mode=force_generic_plan",
            "enable_seqscan=off",
        ]
        return settings.map { "-c \($0)" }.joined(separator: " ")
    }

    /// `-csearch_path=NAME` is the one option that an address may have: one database can hold several servers' tables.
    private static func schema(of options: String?) throws -> String {
        guard let options, !options.isEmpty else { return "public" }
        guard let found = options.wholeMatch(of: /-c ?search_path=([a-z_][a-z0-9_]{0,40})/) else {
            throw StorageFailure.address(.option(name: "options"))
        }
        return String(found.1)
    }

    /// By libpq itself. What it says of one that it cannot read would quote it.
    private static func parsed(_ url: DatabaseURL) throws -> [String: String] {
        let api = try PostgresLibrary.loaded()
        guard url.text.hasPrefix("postgres://") || url.text.hasPrefix("postgresql://"), !url.text.utf8.contains(0)
        else {
            throw StorageFailure.address(.form)
        }
        var message: UnsafeMutablePointer<CChar>?
        let parsed = api.PQconninfoParse(url.text, &message)
        if let message { api.PQfreemem(message) }
        guard let parsed else { throw StorageFailure.address(.form) }
        defer { api.PQconninfoFree(parsed) }
        var values: [String: String] = [:]
        var option = parsed
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val, value.pointee != 0 {
                values[String(cString: keyword)] = String(cString: value)
            }
            option = option.advanced(by: 1)
        }
        return values
    }
}
