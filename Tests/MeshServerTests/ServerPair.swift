// Two servers in this process over one PostgreSQL database.

import Foundation
import HummingbirdTesting
import MeshStore
import TestSupport
import Testing

@testable import MeshServer

/// Two benches over one schema, whose time goes on together.
struct ServerPair {
    let one: Bench
    let two: Bench
    let storage: StorageLocation
    private let folder: TemporaryDirectory

    init(_ change: (inout ServerOptions) -> Void = { _ in }) throws {
        folder = try TemporaryDirectory()
        let url = DatabaseURL(try #require(TestDatabase.fresh()))
        let storage = StorageLocation.shared(url, keyFile: folder.file("server.key"))
        self.storage = storage
        func bench() throws -> Bench {
            try Bench { options in
                options.storage = storage
                options.databaseConnections = 4
                options.drain = .zero
                change(&options)
            }
        }
        (one, two) = (try bench(), try bench())
    }

    func run(
        _ test: @escaping @Sendable (any TestClientProtocol, any TestClientProtocol) async throws -> Void
    ) async throws {
        try await one.run { first in
            try await two.run { second in try await test(first, second) }
        }
    }
}
