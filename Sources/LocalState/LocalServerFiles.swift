// What the server of this machine keeps in `~/.claudemesh/local/`: a lock held while it lives, where it listens, its log.

import FoundationEssentials
import MeshAPI
import MeshClient
import Platform

/// Where the server of this machine listens, as it says itself once it is ready.
struct LocalServerRecord: Codable, Hashable, Sendable {
    var version = 1
    var pid: Int32
    /// The same process, told apart from those of other containers and machines that have this directory too.
    var process: ProcessIdentity?
    var port: Int
    /// The program's version: a server of another one is replaced.
    var program: String

    /// What is known of it from here. Where there is its number alone, the program behind it tells.
    var life: ProcessIdentity.Life {
        if let process { return process.life() }
        return Platform.program(of: pid) == ownProgram() ? .alive : .elsewhere
    }
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
        try WholeFile.replace("server.json", in: directory.path, with: try WireJSON.encode(record))
    }

    /// Makes the directory, private. One that takes no file would look like one whose locks are held.
    func prepare() throws(FileFailure) {
        try directory.make()
        if let error = FileAccess.refusal(.write, directory.path) {
            throw .system(path: directory.path, code: error.code)
        }
    }

    /// Whether a server lives: it holds its lock until the kernel takes it back.
    var isRunning: Bool { life() == nil && FileAccess.allows(.exists, lifePath) }

    /// The lock a server holds while it lives; nil where another one does.
    func life() -> FileLock? { try? FileLock.take(lifePath) }

    /// The lock of whoever starts, replaces or stops the server; nil while somebody else does.
    func starting() -> FileLock? { try? FileLock.take(startPath) }

    /// Whether its disk takes no more.
    var isDiskFull: Bool { FileAccess.isDiskFull(directory.path) }

    /// The error that ended the last server, which it wrote down as its last line. nil where it said none.
    func lastWords() -> Explanation.Body.Inner? {
        guard let data = FileManager.default.contents(atPath: logPath),
            let line = data.suffix(8192).split(separator: UInt8(ascii: "\n")).last
        else { return nil }
        return try? WireJSON.decode(Explanation.Body.self, from: Data(line)).error
    }
}
