// What the server of this machine keeps in `~/.claudemesh/local/`: a lock held while it lives, where it listens, its log.

import FoundationEssentials
import MeshAPI
package import Platform

/// Where the server of this machine listens, as it says itself once it is ready.
package struct LocalServerRecord: Codable, Hashable, Sendable {
    package var version = 1
    package var pid: Int32
    /// The same process, told apart from those of other containers and machines that have this directory too.
    package var process: ProcessIdentity?
    package var port: Int
    /// The program's version: a server of another one is replaced.
    package var program: String

    package init(pid: Int32, process: ProcessIdentity?, port: Int, program: String) {
        self.pid = pid
        self.process = process
        self.port = port
        self.program = program
    }

    /// What is known of it from here. Where there is its number alone, the program behind it tells.
    package var life: ProcessIdentity.Life {
        if let process { return process.life() }
        return Platform.program(of: pid) == ownProgram() ? .alive : .elsewhere
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
        try WholeFile.replace("server.json", in: directory.path, with: try WireJSON.encode(record))
    }

    /// Makes the directory, private. One that takes no file would look like one whose locks are held.
    package func prepare() throws(FileFailure) {
        try directory.make()
        if let error = FileAccess.refusal(.write, directory.path) {
            throw .system(path: directory.path, code: error.code)
        }
    }

    /// Whether a server lives: it holds its lock until the kernel takes it back.
    package var isRunning: Bool { life() == nil && FileAccess.allows(.exists, lifePath) }

    /// The lock a server holds while it lives; nil where another one does.
    package func life() -> FileLock? { try? FileLock.take(lifePath) }

    /// The lock of whoever starts, replaces or stops the server; nil while somebody else does.
    package func starting() -> FileLock? { try? FileLock.take(startPath) }

    /// Whether its disk takes no more.
    package var isDiskFull: Bool { FileAccess.isDiskFull(directory.path) }

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
