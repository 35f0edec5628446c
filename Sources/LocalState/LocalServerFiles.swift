// What the server of this machine keeps in `~/.claudemesh/local/`: a lock held while it lives, where it listens, its log.

import FoundationEssentials
import Glibc
import MeshAPI

/// Where the server of this machine listens, as it says itself once it is ready.
package struct LocalServerRecord: Codable, Hashable, Sendable {
    package var version = 1
    package var pid: Int32
    package var port: Int
    /// The program's version: a server of another one is replaced.
    package var program: String

    package init(pid: Int32, port: Int, program: String) {
        self.pid = pid
        self.port = port
        self.program = program
    }
}

/// The files of the server of this machine.
package struct LocalServerFiles: Sendable {
    package let directory: ConfigDirectory

    package init(directory: ConfigDirectory) { self.directory = directory }

    package var recordPath: String { directory.path(of: "server.json") }
    package var databasePath: String { directory.path(of: "server.sqlite") }
    package var logPath: String { directory.path(of: "server.log") }
    private var lifePath: String { directory.path(of: "server.lock") }
    private var startPath: String { directory.path(of: "start.lock") }

    /// What the last server said, whether it still runs or not: its port is taken again.
    package func record() -> LocalServerRecord? {
        guard let data = FileManager.default.contents(atPath: recordPath), data.count < 4096 else { return nil }
        return try? WireJSON.decode(LocalServerRecord.self, from: data)
    }

    package func write(_ record: LocalServerRecord) throws {
        let path = recordPath + ".new"
        guard
            FileManager.default.createFile(
                atPath: path, contents: try WireJSON.encode(record), attributes: [.posixPermissions: 0o600]),
            rename(path, recordPath) == 0
        else { throw FileFailure.system(path: recordPath, code: errno) }
    }

    /// Makes the directory, private. One that takes no file would look like one whose locks are held.
    package func prepare() throws(FileFailure) {
        try directory.make()
        guard access(directory.path, W_OK) == 0 else { throw .system(path: directory.path, code: errno) }
    }

    /// Whether a server lives: it holds its lock until the kernel takes it back.
    package var isRunning: Bool { life() == nil && access(lifePath, F_OK) == 0 }

    /// The lock a server holds while it lives; nil where another one does.
    package func life() -> FileLock? { FileLock(lifePath) }

    /// The lock of whoever starts, replaces or stops the server; nil while somebody else does.
    package func starting() -> FileLock? { FileLock(startPath) }

    /// Whether its disk takes no more.
    package var isDiskFull: Bool {
        var disk = statvfs()
        return statvfs(directory.path, &disk) == 0 && (disk.f_bavail == 0 || (disk.f_files > 0 && disk.f_favail == 0))
    }

    /// The error that ended the last server, which it wrote down as its last line. nil where it said none.
    package func lastWords() -> LastWords? {
        guard let data = FileManager.default.contents(atPath: logPath),
            let line = data.suffix(8192).split(separator: UInt8(ascii: "\n")).last
        else { return nil }
        struct Body: Decodable { var error: LastWords }
        return try? WireJSON.decode(Body.self, from: Data(line)).error
    }
}

/// The error that a program of ours ended with, as it says it with `--json`.
package struct LastWords: Decodable, Sendable {
    package var message: String
    package var hint: String?
}

/// An advisory lock on a file, held until this value goes.
package final class FileLock: Sendable {
    private let descriptor: Int32

    /// nil where it is held already or cannot be made.
    package init?(_ path: String) {
        descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
    }

    deinit { close(descriptor) }
}
