// A program that a test starts, and waits for without blocking a thread.

import Glibc

/// A child of ours. Its input is empty.
package struct StartedProcess: Sendable {
    package let pid: Int32

    package init(
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
        var pid: Int32 = 0
        // The shell becomes the program once it is in its directory.
        let line = ["/bin/bash", "-c", #"cd "$0" && exec "$@""#, directory, program] + arguments
        let words = line.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for copy in words + variables { free(copy) } }
        let code = posix_spawn(&pid, "/bin/bash", &actions, &attributes, words, variables)
        guard code == 0 else { throw SessionFailure("\(program): \(String(cString: strerror(code)))") }
        self.pid = pid
    }

    /// Waits, at most three minutes, for its exit code, or 128 and the signal.
    package func ended() async throws -> Int32 {
        var status: Int32 = 0
        try await eventually(seconds: 180) { waitpid(pid, &status, WNOHANG) == pid }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }
}
