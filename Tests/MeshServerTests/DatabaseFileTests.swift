// What the owner's tasks make of a database whose file or key is not there.

import Foundation
import MeshStore
import MeshStoreSQLite
import Testing

@testable import MeshServer

@Suite struct DatabaseFileTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    /// Another key would break every seal in it: only what is new gets one, whoever asks.
    @Test func aDatabaseWithoutItsKeyIsRefusedAndGetsNone() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "meshserver-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/server.sqlite"
        try SQLiteStore(.file(path), now: now).writeNow { try $0.audit.record(.loginOK, at: now) }
        let key = try Data(contentsOf: URL(filePath: path + ".key"))
        try FileManager.default.removeItem(atPath: path + ".key")
        let missing = StorageFailure.file(path: path + ".key", reason: .noKey)
        let admin = try ServerAdministration(database: path, passwordCost: 4)
        #expect(throws: missing) { try SQLiteStore(.file(path), now: now) }
        #expect(throws: missing) { try admin.verifyAudit() }
        await #expect(throws: missing) {
            try await admin.addUser(name: "Ana", email: "ana@example.com", password: "correct horse")
        }
        #expect(!FileManager.default.fileExists(atPath: path + ".key"))
        try key.write(to: URL(filePath: path + ".key"))
        #expect(try admin.verifyAudit() == .intact(rows: 1))
    }

    @Test func aLinkToAnEmptyFileIsNoDatabase() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "meshserver-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        #expect(FileManager.default.createFile(atPath: folder + "/empty", contents: nil))
        try FileManager.default.createSymbolicLink(atPath: folder + "/none", withDestinationPath: "empty")
        #expect(throws: StorageFailure.file(path: folder + "/none", reason: .noDatabase)) {
            try ServerAdministration(database: folder + "/none")
        }
    }
}
