// Over a network: a database's server has to prove who it is before it is told anything, unless the address says otherwise.

import MeshStore
import TestSupport
import Testing

@testable import MeshStorePostgres

@Suite(.enabled(if: TestDatabase.url != nil, Comment(rawValue: TestDatabase.missing))) struct TransportTests {
    private func connect(_ url: String?) throws -> PostgresConnection {
        try PostgresConnection(PostgresAddress(DatabaseURL(try #require(url)), environment: [:]))
    }

    /// Nothing is said of TLS: the name is none of this machine, and that is enough.
    @Test func whoProvesItIsSpokenTo() throws {
        let line = try connect(TestDatabase.secured(authority: "ca"))
        let sql = "SELECT CASE WHEN ssl THEN version ELSE 'none' END FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        #expect(try line.first(sql, []) { try $0[0] as String }?.hasPrefix("TLSv1") == true)
    }

    private static let others: [(String, String?, String)] = [
        ("db.test", "other", "certificate verify failed"), ("elsewhere.test", "ca", "does not match host name"),
        ("db.test", nil, "root certificate"),
    ]

    @Test(arguments: others)
    func whoDoesNotIsNot(host: String, authority: String?, reason: String) throws {
        do {
            _ = try connect(TestDatabase.secured(host: host, authority: authority))
            Issue.record("it was spoken to")
        } catch StorageFailure.server(let server, let said) {
            #expect(server == "\(host)/postgres" && said.contains(reason), "\(said)")
        }
    }

    /// A wrong password is refused, and what is said of it does not tell it.
    @Test func whoDoesNotKnowThePasswordIsRefused() throws {
        let url = try #require(TestDatabase.secured(authority: "ca"))
        let password = try #require(url.firstMatch(of: /mesh:([^@]+)@/)).1
        do {
            _ = try connect(url.replacing(":\(password)@", with: ":secret\(password)@"))
            Issue.record("it was let in")
        } catch StorageFailure.server(_, let said) {
            #expect(said.contains("password authentication failed") && !said.contains(password), "\(said)")
        }
    }
}
