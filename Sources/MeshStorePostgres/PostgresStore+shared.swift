// What servers of one database share beside its tables of meshes: rates, who they are, what they agree on, and the time.

package import MeshStore

extension PostgresStore {
    /// One statement, atomic by its row's lock. What lies in the future counts as now, so that no server's clock makes a wait
    /// longer than the window.
    package func take(_ limit: SharedLimit, of subject: String, at now: Int64) async throws -> Int64? {
        try await lookUp { transaction in
            let row = try transaction.first(
                """
                INSERT INTO limits AS l (rule, subject, times, taken, ends_at)
                VALUES (?1, ?2, ARRAY[CAST(?3 AS BIGINT)], TRUE, CAST(?3 AS BIGINT) + CAST(?4 AS BIGINT))
                ON CONFLICT (rule, subject) DO UPDATE SET
                    taken = \(Self.recentCount) < CAST(?5 AS BIGINT),
                    times = CASE WHEN \(Self.recentCount) < CAST(?5 AS BIGINT)
                        THEN \(Self.recent) || CAST(?3 AS BIGINT) ELSE \(Self.recent) END,
                    ends_at = excluded.ends_at
                RETURNING CASE WHEN taken THEN 1 ELSE 0 END, times[1]
                """, limit.rule, subject, now, limit.milliseconds, limit.count)
            guard let row, try row[0] as Int == 0 else { return nil }
            return try (row[1] as Int64) + limit.milliseconds - now
        }
    }

    private static let recent = """
        ARRAY(SELECT LEAST(t, CAST(?3 AS BIGINT)) FROM unnest(l.times) WITH ORDINALITY AS u (t, n)
            WHERE LEAST(t, CAST(?3 AS BIGINT)) > CAST(?3 AS BIGINT) - CAST(?4 AS BIGINT) ORDER BY n)
        """
    private static let recentCount = """
        (SELECT count(*) FROM unnest(l.times) AS u (t)
            WHERE LEAST(t, CAST(?3 AS BIGINT)) > CAST(?3 AS BIGINT) - CAST(?4 AS BIGINT))
        """

    package func giveBack(_ limit: SharedLimit, of subject: String) async throws {
        try await lookUp { transaction in
            _ = try transaction.run(
                """
                UPDATE limits SET times = trim_array(times, 1)
                WHERE rule = ?1 AND subject = ?2 AND cardinality(times) > 0
                """, limit.rule, subject)
        }
    }

    package func clock() async throws -> Int64 {
        try await lookUp { transaction in
            let row = try transaction.first("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)")
            return try row?[0] ?? 0
        }
    }

    package func beat(_ server: ServerState) async throws {
        let number = migrations.all.last?.number ?? 0
        try await lookUp { transaction in
            _ = try transaction.run(
                """
                INSERT INTO servers (id, name, version, since, streams, schema_number, heard_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, \(Self.databaseTime))
                ON CONFLICT (id) DO UPDATE SET name = excluded.name, streams = excluded.streams,
                    heard_at = excluded.heard_at
                """, server.id, server.name, server.version, server.since, server.streams, number)
            _ = try transaction.run("DELETE FROM servers WHERE heard_at < \(Self.databaseTime) - 86400000")
            _ = try transaction.run("DELETE FROM limits WHERE ends_at < \(Self.databaseTime) - 60000")
        }
    }

    package func leave(_ id: String) async throws {
        try await lookUp { _ = try $0.run("DELETE FROM servers WHERE id = ?1", id) }
    }

    package func servers() async throws -> [ServerState] {
        try await lookUp { try Self.servers(in: $0) }
    }

    /// As above, of a database that is left as it is: to open it would migrate it. Throws `StorageFailure`. Blocks.
    package static func servers(of url: DatabaseURL, environment: [String: String]) throws -> [ServerState] {
        let address = try PostgresAddress(url, environment: environment)
        let transaction = Transaction(runner: try PostgresConnection(address), key: ServerKey(bytes: []))
        do {
            return try SharedFacts(transaction: transaction).exists ? servers(in: transaction) : []
        } catch let failure as PostgresFailure {
            throw StorageFailure.server(address.shown, reason: failure.storeFailure.code)
        }
    }

    private static func servers(in transaction: Transaction) throws -> [ServerState] {
        try transaction.all(
            """
            SELECT id, name, version, since, streams, schema_number FROM servers
            WHERE heard_at > \(databaseTime) - \(ServerState.silence) ORDER BY since, id
            """
        ) { row in
            ServerState(
                id: try row[0], name: try row[1], version: try row[2], since: try row[3], streams: try row[4],
                schema: try row[5])
        }
    }

    private static let databaseTime = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"

    package func retention() async throws -> String? {
        try await lookUp { try SharedFacts(transaction: $0).value(.retention) }
    }

    package func setRetention(_ text: String) async throws {
        try await lookUp { try SharedFacts(transaction: $0).set(.retention, text) }
    }

    package func tell(_ hint: StoreHint) { notices.post(hint) }

    package func listen(_ hear: @escaping @Sendable (HeardHint) -> Void) { notices.listen(hear) }
}
