// What a journey needs: a home of its own, the real program in a terminal, a stand-in agent first on PATH, and what is
// to be found on disk afterwards. To add a journey: a suite beside this file that begins with one of these.

import Foundation
import Glibc
import TestSupport
import Testing

/// A person with an empty home. The local server they may have started ends with them.
final class Journey: Sendable {
    static let program = Products.path(of: "claudemesh")

    let root: TemporaryDirectory
    /// More variables than a login gives.
    let variables: [String: String]

    /// - Parameter agent: what the stand-in does (see its source); nil is a machine without an agent.
    init(agent: String? = "exit 0", _ variables: [String: String] = [:]) throws {
        root = try TemporaryDirectory()
        var all = ["USER": "ana", "TMPDIR": root.path, "PATH": "\(root.file("bin")):/usr/local/bin:/usr/bin:/bin"]
        if let agent {
            all["STANDIN_DO"] = agent
            all["STANDIN_REPORT"] = root.file("report")
            let bin = root.file("bin")
            try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: bin + "/claude", withDestinationPath: Products.path(of: "StandInAgent"))
        }
        self.variables = all.merging(variables) { $1 }
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    }

    deinit {
        guard let pid = localServerPID else { return }
        kill(pid, SIGKILL)
    }

    var home: String { root.file("home") }
    var config: String { home + "/.claudemesh" }

    func environment(_ more: [String: String] = [:]) -> [String: String] {
        TerminalSession.environment(home: home, variables.merging(more) { $1 })
    }

    /// The program in a terminal.
    func start(
        _ arguments: String..., more: [String: String] = [:], columns: Int = 80, rows: Int = 24
    ) throws -> TerminalSession {
        try TerminalSession(
            Self.program, arguments, environment: environment(more), directory: home, columns: columns, rows: rows)
    }

    /// The report the agent wrote, and no other report after it.
    func report() async throws -> AgentReport {
        let report = try await AgentReport.read(root.file("report"))
        try FileManager.default.removeItem(atPath: root.file("report"))
        return report
    }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(config)/\(name)") }

    func read(_ name: String) throws -> String { try String(contentsOfFile: "\(config)/\(name)", encoding: .utf8) }

    /// What launches have left in the temporary directory.
    var leftovers: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        return names.filter { $0.hasPrefix("claudemesh-") }
    }

    var localServerPID: Int32? {
        guard let text = try? read("local/server.json"), let found = text.firstMatch(of: #/"pid":(\d+)/#) else {
            return nil
        }
        return Int32(found.1)
    }
}

/// How a program without a terminal ended, and what it said.
struct Run: Sendable {
    var status: Int32
    var out: String
    var error: String
}

extension Journey {
    /// The program in pipes.
    func run(_ arguments: String..., input: String = "", more: [String: String] = [:]) async throws -> Run {
        let process = Process()
        process.executableURL = URL(filePath: Self.program)
        process.arguments = arguments
        process.environment = environment(more)
        process.currentDirectoryURL = URL(filePath: home)
        let id = UUID().uuidString
        let (inFile, outFile, errorFile) = (root.file("in-\(id)"), root.file("out-\(id)"), root.file("error-\(id)"))
        try root.write("in-\(id)", input)
        for file in [outFile, errorFile] { _ = FileManager.default.createFile(atPath: file, contents: nil) }
        process.standardInput = FileHandle(forReadingAtPath: inFile)
        process.standardOutput = FileHandle(forWritingAtPath: outFile)
        process.standardError = FileHandle(forWritingAtPath: errorFile)
        await withCheckedContinuation { continuation in
            process.terminationHandler = { _ in continuation.resume() }
            do { try process.run() } catch {
                Issue.record(error)
                continuation.resume()
            }
        }
        return Run(
            status: process.terminationReason == .uncaughtSignal
                ? 128 + process.terminationStatus : process.terminationStatus,
            out: try String(contentsOfFile: outFile, encoding: .utf8),
            error: try String(contentsOfFile: errorFile, encoding: .utf8))
    }
}
