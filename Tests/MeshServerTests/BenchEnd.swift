// What a bench leaves behind, removed with it.

import Foundation
import MeshStore
import Synchronization

/// The end of a server's store, with the last copy of its bench: what is in memory needs none.
final class BenchEnd: Sendable {
    private let database = Mutex<(any Store)?>(nil)
    private let folder = FileManager.default.temporaryDirectory.appending(path: "meshserver-\(UUID())").path

    var keyFile: String {
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder + "/server.key"
    }

    func keep(_ store: any Store) { database.withLock { $0 = store } }

    deinit {
        if let shared = database.withLock({ $0 as? any SharedStore }) { try? shared.close() }
        try? FileManager.default.removeItem(atPath: folder)
    }
}
