// What is worked out without a database: parameters, hints between servers, addresses.

import Foundation
import MeshStore
import TestSupport
import Testing

@testable import MeshStorePostgres

@Suite struct WordsTests {
    @Test func parametersAreNumberedAsPostgresHasThem() {
        let sql = "SELECT ?1, '?1', \"?2\" FROM x WHERE y = ?12"
        #expect(NumberedParameters.postgres(sql) == "SELECT $1, '?1', \"?2\" FROM x WHERE y = $12")
        #expect(NumberedParameters.postgres("SELECT 'it''s ?' , ?1") == "SELECT 'it''s ?' , $1")
        let insert = "INSERT INTO x (a, b, c) VALUES (?1, '?9', ?12, ?1)"
        #expect(NumberedParameters.bringsRow(insert))
        #expect(
            NumberedParameters.postgres(insert, rows: 2, of: 12)
                == "INSERT INTO x (a, b, c) VALUES ($1, '?9', $12, $1), ($13, '?9', $24, $13)")
        for other in [" ON CONFLICT (a) DO UPDATE SET b = (?2)", " RETURNING a"] {
            #expect(!NumberedParameters.bringsRow(insert + other))
        }
        #expect(!NumberedParameters.bringsRow("INSERT INTO x (a) SELECT b FROM y WHERE c IN (?1)"))
    }

    @Test func hintsAreLines() {
        let many = Set((0..<21).map { "p\($0)" })
        let hints: [StoreHint] = [.mesh("m", parties: nil), .mesh("m", parties: ["a", "b"]), .code("d1")]
        for hint in hints { #expect(StoreHint(line: hint.line) == hint) }
        #expect(
            StoreHint(line: StoreHint.mesh("m", parties: many).line) == .mesh("m", parties: nil), "too many: everybody")
        #expect(StoreHint(line: "x y") == nil && StoreHint(line: "m") == nil && StoreHint(line: "") == nil)
    }

    @Test func aNotifyCarriesAsManyLinesAsFit() {
        let lines = (0..<1000).map { "m " + String(repeating: "x", count: 60) + "\($0)" }
        let payloads = PostgresNotices.payloads(lines, sender: "s1")
        #expect(payloads.allSatisfy { $0.utf8.count < 8000 && $0.hasPrefix("s1\n") } && payloads.count == 9)
        #expect(payloads.flatMap { $0.split(separator: "\n").dropFirst().map(String.init) } == lines)
        #expect(PostgresNotices.payloads([], sender: "s").isEmpty)
    }

    private func address(_ url: String, _ environment: [String: String] = [:]) throws -> PostgresAddress {
        try PostgresAddress(DatabaseURL(url), environment: environment)
    }

    @Test func anAddressSaysWhereAndWhoAndNothingElse() throws {
        let good = try address("postgres://ann:pw@db.example.com/mesh")
        let values = Dictionary(good.parameters) { $1 }
        #expect(values["sslmode"] == "verify-full" && values["target_session_attrs"] == "read-write")
        #expect(values["port"] == "5432", "or the environment's")
        #expect(try Dictionary(address("postgres://a@h:6000/m").parameters) { $1 }["port"] == "6000")
        #expect(good.shown == "db.example.com/mesh" && good.schema == "public")
        #expect(values["options"]?.contains("synchronous_commit=on") == true)
        #expect(try Dictionary(address("postgres://ann@localhost/mesh").parameters) { $1 }["sslmode"] == "prefer")
        #expect(try Dictionary(address("postgres://a@h/m?sslmode=disable").parameters) { $1 }["sslmode"] == "disable")
        let elsewhere = try address("postgres://a@localhost/m?hostaddr=203.0.113.5")
        #expect(Dictionary(elsewhere.parameters) { $1 }["sslmode"] == "verify-full", "the name is not where it is")
        #expect(try address("postgres://a@/m?host=/run/x&options=-csearch_path%3Dteam").schema == "team")
        #expect("\(DatabaseURL("postgres://a:pw@h/m"))" == "postgres://…")
    }

    @Test(arguments: [
        ("mysql://a@h/m", AddressReason.form), ("host=h dbname=m user=a", .form), ("postgres://a:%zz@h/m", .form),
        ("postgres://h/m", .incomplete), ("postgres://a@h", .incomplete), ("postgres://a@/m", .incomplete),
        ("postgres://a@h/m?options=-cfsync%3Doff", .option(name: "options")),
        ("postgres://a@h/m?service=x", .option(name: "service")),
        ("postgres://a@h/m?replication=true", .option(name: "replication")),
    ])
    func otherAddressesAreRefusedAndNeverQuoted(_ url: String, _ reason: AddressReason) {
        #expect(throws: StorageFailure.address(reason)) { try address(url) }
    }

    @Test(arguments: ["PGSERVICE", "PGSERVICEFILE", "PGHOSTADDR"])
    func anotherPlaceOfTheEnvironmentIsRefused(_ variable: String) {
        #expect(throws: StorageFailure.address(.service(variable: variable))) {
            try address("postgres://a@h/m", [variable: "other"])
        }
    }

    @Test func locksAreTheSameInEveryProcess() {
        let locks = AdvisoryLocks(schema: "public")
        #expect(locks.begin(.nothing) == "BEGIN ISOLATION LEVEL READ COMMITTED")
        #expect(locks.begin(.everything).hasSuffix("SELECT pg_advisory_xact_lock(7, -1231520643)"))
        #expect(locks.begin(.one("m")) != locks.begin(.one("n")))
        #expect(!locks.begin(.one("'; DROP TABLE x")).contains("DROP"))
        #expect(AdvisoryLocks(schema: "b").begin(.everything) != locks.begin(.everything))
    }
}
