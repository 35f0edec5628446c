// What a journey needs: a home of its own, the real program in a terminal or in pipes, a stand-in agent first on PATH, and
// what is to be found afterwards. To add a journey: a suite beside this file whose tests begin with one of these.

import Foundation
import Glibc
import MeshAPI
internal import MeshStore
internal import ServerSupport
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

/// A person with an empty home. What they started ends with them, the server of this machine too.
final class Journey: Sendable {
    static let program = Products.path(of: "claudemesh")

    private let root: TemporaryDirectory
    /// More variables than a login gives.
    let variables: [String: String]
    /// What is between this home and the server; cut when this ends.
    private let relay: Relay?

    /// - Parameters:
    ///   - agent: what the stand-in does (see its source); nil is a machine without an agent.
    ///   - server: the server in force; nil is one that nothing listens at.
    init(
        agent: String? = "exit 0", server: String? = nil, relay: Relay? = nil, _ variables: [String: String] = [:]
    ) throws {
        self.relay = relay
        root = try TemporaryDirectory()
        let bin = root.file("bin")
        for directory in [bin, root.file("home"), root.file("tmp")] {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        }
        var all = [
            "USER": "ana", "TMPDIR": root.file("tmp"), "PATH": "\(bin):/usr/bin:/bin",
            "CLAUDEMESH_API_URL": relay?.url ?? server ?? DeadEnd.refusing.url,
        ]
        if let agent {
            all["STANDIN_DO"] = agent
            all["STANDIN_REPORT"] = root.file("report")
            try FileManager.default.createSymbolicLink(
                atPath: bin + "/claude", withDestinationPath: Products.path(of: "StandInAgent"))
        }
        self.variables = all.merging(variables) { $1 }
    }

    deinit {
        relay?.cut()
        for pid in processes(withServer: true) { kill(pid, SIGKILL) }
    }

    var home: String { root.file("home") }
    var config: String { home + "/.claudemesh" }
    var bin: String { root.file("bin") }

    func environment(term: String = "xterm-256color", _ more: [String: String] = [:]) -> [String: String] {
        TerminalSession.environment(home: home, term: term, variables.merging(more) { $1 })
    }

    /// The program in a terminal.
    func start(
        _ arguments: [String] = [], term: String = "xterm-256color", more: [String: String] = [:], columns: Int = 80,
        rows: Int = 24, pace: Int? = nil
    ) throws -> TerminalSession {
        try TerminalSession(
            Self.program, arguments, environment: environment(term: term, more), directory: home, columns: columns,
            rows: rows, pace: pace, owner: self)
    }

    /// The program as the foreground job of a shell.
    func startInShell(_ arguments: [String] = []) async throws -> TerminalSession {
        let shell = try TerminalSession.shell(environment: environment(), directory: home, owner: self)
        try await shell.wait(for: "$")
        let words = arguments.map { "'\($0)'" }.joined(separator: " ")
        shell.send(Array("\(Self.program) \(words)\n".utf8))
        return shell
    }

    /// Signs in on this machine, as an earlier run has left it.
    func signIn(_ somebody: Somebody) throws {
        let user = somebody.account.user
        try write(
            "auth.json",
            """
            {"version":1,"token":"\(somebody.token)","user":{"id":"\(user.id)","name":"\(user.name)","email":\
            "\(user.email ?? "")"},"created_at":"2026-01-01T00:00:00Z","source":"device-code",\
            "server":"\(variables["CLAUDEMESH_API_URL"] ?? "")"}
            """)
    }

    /// The report the agent wrote; the next one is another's.
    func report() async throws -> AgentReport {
        let report = try await AgentReport.read(root.file("report"))
        try FileManager.default.removeItem(atPath: root.file("report"))
        return report
    }

    var hasReport: Bool { FileManager.default.fileExists(atPath: root.file("report")) }
}

// What is on disk, and who runs.
extension Journey {
    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(config)/\(name)") }

    func read(_ name: String) throws -> String { try String(contentsOfFile: "\(config)/\(name)", encoding: .utf8) }

    /// Writes a file of the program's, private as it writes them.
    func write(_ name: String, _ text: String) throws {
        if !exists("") {
            try FileManager.default.createDirectory(
                atPath: config, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        try root.write("home/.claudemesh/\(name)", text)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(config)/\(name)") }

    /// Makes `text` a program on PATH.
    func install(_ name: String, _ text: String) throws { try root.write("bin/\(name)", text, mode: 0o700) }

    /// What is left in the temporary directory.
    var leftovers: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: root.file("tmp"))) ?? []).sorted()
    }

    /// Every file under home and the temporary directory, as paths from their parent.
    var files: [String] {
        let all = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
        return all.filter { facts($0)[.type] as? FileAttributeType == .typeRegular && !$0.hasPrefix("bin/") }.sorted()
    }

    /// The bytes of one of `files`.
    func bytes(_ file: String) -> Data { FileManager.default.contents(atPath: root.file(file)) ?? Data() }

    /// The mode of one of `files`.
    func mode(_ file: String) -> UInt32 {
        (facts(file)[.posixPermissions] as? NSNumber)?.uint32Value ?? 0
    }

    /// Through the library: beside an import of Dispatch the C structure belongs to now one module, now another.
    private func facts(_ name: String) -> [FileAttributeKey: Any] {
        (try? FileManager.default.attributesOfItem(atPath: root.file(name))) ?? [:]
    }

    /// Files that are not whole: JSON that is none, or one on its way to another name.
    var torn: [String] {
        files.filter { name in
            if name.hasSuffix(".json") { return (try? JSONSerialization.jsonObject(with: bytes(name))) == nil }
            return name.contains(".new") || name.contains(".tmp")
        }
    }

    /// Living processes that were started in this home: each inherited its HOME.
    func processes(withServer: Bool = false) -> [Int32] {
        let mark = Data("HOME=\(home)\0".utf8)
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap { Int32($0) }.filter { pid in
            guard let environment = FileManager.default.contents(atPath: "/proc/\(pid)/environ"),
                environment.range(of: mark) != nil, TerminalSession.isRunning(pid)
            else { return false }
            return withServer || pid != localServer
        }
    }

    /// The server of this machine, as it wrote itself down.
    var localServer: Int32? {
        guard let text = try? read("local/server.json"), let found = text.firstMatch(of: #/"pid":(\d+)/#) else {
            return nil
        }
        return Int32(found.1)
    }
}
