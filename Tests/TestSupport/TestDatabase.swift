// PostgreSQL for tests: `Tests/Postgres/run swift test` starts a cluster and says in the environment where it is. Each test has a
// schema of its own there.

import Foundation

public enum TestDatabase {
    /// The address of a database in which schemas may be made; nil where nobody gave one.
    public static let url = ProcessInfo.processInfo.environment["CLAUDEMESH_TEST_DATABASE_URL"]

    /// Why a test of PostgreSQL does not run.
    public static let missing = "no PostgreSQL: run `Tests/Postgres/run swift test …`"

    /// The address of an empty schema; nil where there is no cluster.
    public static func fresh() -> String? {
        let name = "t_" + UUID().uuidString.replacing("-", with: "").lowercased()
        return url.map { "\($0)\($0.contains("?") ? "&" : "?")options=-csearch_path%3D\(name)" }
    }

    /// The address by TLS of a host that proves to be `db.test`, by a certificate of the authority `ca`; nil where there is no
    /// cluster.
    public static func secured(host: String = "db.test", authority: String?) -> String? {
        let variables = ProcessInfo.processInfo.environment
        guard let url = variables["CLAUDEMESH_TEST_DATABASE_TLS"], let folder = variables["CLAUDEMESH_TEST_CLUSTER"]
        else {
            return nil
        }
        let root = authority.map { "&sslrootcert=\(folder)/tls/\($0).crt" } ?? ""
        return url.replacing("@db.test", with: "@\(host)") + root
    }

    /// Whether the tests of the server and the journeys run over PostgreSQL: `CLAUDEMESH_TEST_SERVER_STORE=postgres`.
    public static let isForServers =
        url != nil && ProcessInfo.processInfo.environment["CLAUDEMESH_TEST_SERVER_STORE"] == "postgres"
}
