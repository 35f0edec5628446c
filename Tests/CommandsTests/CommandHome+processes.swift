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

/// A child of ours. Its input is empty.
struct StartedProcess: Sendable {
    let pid: pid_t

    init(
        _ program: String, _ arguments: [String], environment: [String: String], directory: String, out: String,
        err: String
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, err, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        // The network's library ignores SIGPIPE in this process; a child must not inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        var pid: pid_t = 0
        // The shell becomes the program once it is in its directory.
        let line = ["/bin/bash", "-c", #"cd "$0" && exec "$@""#, directory, program] + arguments
        let words = line.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for copy in words + variables { free(copy) } }
        let code = posix_spawn(&pid, "/bin/bash", &actions, &attributes, words, variables)
        try #require(code == 0, "\(program): \(String(cString: strerror(code)))")
        self.pid = pid
    }

    /// Waits, at most three minutes, for its exit code, or 128 and the signal.
    func ended() async throws -> Int32 {
        var status: Int32 = 0
        try await eventually(seconds: 180) { waitpid(pid, &status, WNOHANG) == pid }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }
}
