// What the server of this machine keeps in `~/.claudemesh/local/`: a lock held while it lives, where it listens, its log.

import FoundationEssentials
import Glibc
import MeshAPI
import MeshClient

/// Where the server of this machine listens, as it says itself once it is ready.
struct LocalServerRecord: Codable, Hashable, Sendable {
    var version = 1
    var pid: Int32
    var port: Int
    /// The program's version: a server of another one is replaced.
    var program: String
}

/// The files of the server of this machine.
struct LocalServerFiles: Sendable {
    let directory: ConfigDirectory

    var recordPath: String { directory.path(of: "server.json") }
    var databasePath: String { directory.path(of: "server.sqlite") }
    var logPath: String { directory.path(of: "server.log") }
    private var lifePath: String { directory.path(of: "server.lock") }
    private var startPath: String { directory.path(of: "start.lock") }

    /// What the last server said, whether it still runs or not: its port is taken again.
    func record() -> LocalServerRecord? {
        guard let data = FileManager.default.contents(atPath: recordPath), data.count < 4096 else { return nil }
        return try? WireJSON.decode(LocalServerRecord.self, from: data)
    }

    func write(_ record: LocalServerRecord) throws {
        let path = recordPath + ".new"
        guard
            FileManager.default.createFile(
                atPath: path, contents: try WireJSON.encode(record), attributes: [.posixPermissions: 0o600]),
            rename(path, recordPath) == 0
        else { throw FileFailure.system(path: recordPath, code: errno) }
    }

    /// Makes the directory, private. One that takes no file would look like one whose locks are held.
    func prepare() throws(FileFailure) {
        try directory.make()
        guard access(directory.path, W_OK) == 0 else { throw .system(path: directory.path, code: errno) }
    }

    /// Whether a server lives: it holds its lock until the kernel takes it back.
    var isRunning: Bool { life() == nil && access(lifePath, F_OK) == 0 }

    /// The lock a server holds while it lives; nil where another one does.
    func life() -> FileLock? { FileLock(lifePath) }

    /// The lock of whoever starts, replaces or stops the server; nil while somebody else does.
    func starting() -> FileLock? { FileLock(startPath) }

    /// Whether its disk takes no more.
    var isDiskFull: Bool {
        var disk = statvfs()
        return statvfs(directory.path, &disk) == 0 && (disk.f_bavail == 0 || (disk.f_files > 0 && disk.f_favail == 0))
    }

    /// The error that ended the last server, which it wrote down as its last line. nil where it said none.
    func lastWords() -> Explanation.Body.Inner? {
        guard let data = FileManager.default.contents(atPath: logPath),
            let line = data.suffix(8192).split(separator: UInt8(ascii: "\n")).last
        else { return nil }
        return try? WireJSON.decode(Explanation.Body.self, from: Data(line)).error
    }
}

/// An advisory lock on a file, held until this value goes.
final class FileLock: Sendable {
    private let descriptor: Int32

    /// nil where it is held already or cannot be made.
    init?(_ path: String) {
        descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
    }

    deinit { close(descriptor) }
}
