// Messages through the server's own rules into a database, without HTTP: what a store takes. As many tasks as peers write to the
// next, each one message after another's answer, in one mesh.
// usage: StoreMessages PATH PEERS EACH, PATH is a new SQLite file or, where CLAUDEMESH_SERVE_DATABASE_URL
// names a PostgreSQL, its key's file. Prints messages a second, and the milliseconds of an answer at p50 and p99.

import Foundation
import MeshAPI
import MeshServices
import MeshStore
import MeshStorePostgres
import MeshStoreSQLite

@main struct StoreMessages {
    let services: Services
    let meshID: String
    let readers: [Reader]

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let peers = Int(arguments[2]), let each = Int(arguments[3]) else {
            fatalError("usage: StoreMessages PATH PEERS EACH")
        }
        let mesh = try await StoreMessages(arguments[1], peers: peers)
        let begin = ContinuousClock.now
        let times = try await mesh.send(each).sorted()
        let seconds = (ContinuousClock.now - begin) / .seconds(1)
        let milliseconds = [times[times.count / 2], times[times.count * 99 / 100]].map { $0 / .milliseconds(1) }
        print(Double(times.count) / seconds, milliseconds[0], milliseconds[1])
    }

    init(_ path: String, peers: Int) async throws {
        let (now, meshID) = (Date(), Identifier.make())
        let environment = ProcessInfo.processInfo.environment
        let database: any Store =
            if let url = environment["CLAUDEMESH_SERVE_DATABASE_URL"] {
                try PostgresStore(DatabaseURL(url), keyFile: path, environment: environment, now: now)
            } else {
                try SQLiteStore(.file(path), now: now)
            }
        services = Services(
            database: database, address: PublicAddress(publicURL: nil, host: "127.0.0.1", port: 1), mail: nil,
            mailFrom: nil, mostWaiters: 1, hasLimits: false, retention: { nil }, surroundings: .real, passwordCost: 1)
        let account = AccountRow(
            id: Identifier.make(), kind: .person, name: "Ana", passwordChangedAt: now, createdAt: now)
        let credential = CredentialRow(
            id: Identifier.make(), accountID: account.id, kind: .pat, name: "bench", createdAt: now)
        let tokens = (0..<peers).map { SecretDigest.of("token \($0)") }
        try await database.write { transaction in
            try transaction.accounts.insert(account)
            try transaction.credentials.insert(credential, digest: SecretDigest.of(credential.id))
            try transaction.meshes.insert(id: meshID, ownerID: account.id, slug: "bench", name: "Bench", at: now)
            for (number, token) in tokens.enumerated() {
                try transaction.presences.put(
                    PresenceRow(
                        sessionID: UUID().uuidString.lowercased(), meshID: meshID, accountID: account.id,
                        credentialID: credential.id, displayName: "peer-\(number)", pid: 1, host: "bench",
                        tokenDigest: SecretDigest.of(token), since: now, heardAt: now, handle: "peer-\(number)",
                        receives: .wake, status: .unknown, statusAt: now, attention: .open, attentionChosen: .open))
            }
        }
        var readers: [Reader] = []
        for token in tokens { readers.append(try await services.credentials.reader(sessionToken: token)) }
        (self.meshID, self.readers) = (meshID, readers)
    }

    /// What each took.
    private func send(_ each: Int) async throws -> [Duration] {
        try await withThrowingTaskGroup(of: [Duration].self) { tasks in
            for (number, reader) in readers.enumerated() {
                let to = Addresses(["ana/peer-\((number + 1) % readers.count)"])
                tasks.addTask {
                    var times: [Duration] = []
                    for message in 0..<each {
                        let begin = ContinuousClock.now
                        _ = try await services.messages.send(
                            SendMessage(to: to, body: "Message \(message) of \(number)", clientId: "\(message)"),
                            meshID: meshID, by: reader)
                        times.append(ContinuousClock.now - begin)
                    }
                    return times
                }
            }
            return try await tasks.reduce(into: []) { $0 += $1 }
        }
    }
}
