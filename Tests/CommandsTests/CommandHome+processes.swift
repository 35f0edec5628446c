// The real program, and shells around it, in pipes: started with a clean slate, waited for without blocking a thread.

import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// What a shell's line did.
struct ShellRun: Sendable {
    /// The exit code, or 128 and the signal.
    var status: Int32
    var out: String
    var err: String
}

extension CommandHome {
    /// Runs `script` with the program as `$CM`.
    func shell(_ script: String, _ more: [String: String] = [:]) async throws -> ShellRun {
        let (process, out, err) = try start("/bin/bash", ["-o", "pipefail", "-c", script], more)
        let status = try await process.ended()
        return ShellRun(status: status, out: read(out) ?? "", err: read(err) ?? "")
    }

    /// Starts the program itself; its output goes to the files named.
    func start(_ arguments: String...) throws -> (StartedProcess, out: String, err: String) {
        try start(Products.path(of: "claudemesh"), arguments, [:])
    }

    private func start(
        _ program: String, _ arguments: [String], _ more: [String: String]
    ) throws -> (StartedProcess, out: String, err: String) {
        let id = UUID().uuidString
        let (out, err) = ("out-\(id)", "err-\(id)")
        let environment = environment.merging(["CM": Products.path(of: "claudemesh"), "PWD": path]) { $1 }
            .merging(more) { $1 }
        let process = try StartedProcess(
            program, arguments, environment: environment, directory: path, out: "\(path)/\(out)", err: "\(path)/\(err)")
        return (process, out, err)
    }
}
