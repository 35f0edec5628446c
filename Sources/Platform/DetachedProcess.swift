// A process of its own session: it survives the terminal, its hang-up and our end.

internal import CPosix
internal import Glibc

public enum DetachedProcess {
    /// Starts `program` with nothing to read, its output in the file `log`.
    /// - Parameter kept: where no more than so many bytes are in there, they stay; else it begins anew.
    public static func start(
        _ program: String, _ arguments: [String], environment: [String: String], directory: String, log: String,
        keeping kept: Int = 0
    ) throws(StartFailure) -> Int32 {
        let isKept = (try? FileStatus(log).size).map { $0 <= kept } ?? false
        let flags = (isKept ? O_APPEND : O_TRUNC) | O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC
        let descriptor = open(log, flags, 0o600)
        guard descriptor >= 0 else { throw .log(.last) }
        defer { close(descriptor) }
        var pid: pid_t = 0
        let variables = environment.map { SystemText("\($0.key)=\($0.value)") }
        let code = CStrings.with(arguments.map { SystemText($0) }) { arguments in
            CStrings.with(variables) { environment in
                cp_spawn_detached(&pid, program, arguments, environment, directory, descriptor)
            }
        }
        guard code == 0 else { throw .program(SystemError(code: code)) }
        return pid
    }

    /// Which of the two files it was.
    public enum StartFailure: Error, Sendable, Hashable {
        case log(SystemError)
        case program(SystemError)
    }

    /// Whether a child that was started here has ended.
    public static func hasEnded(_ pid: Int32) -> Bool { waitpid(pid, nil, WNOHANG) != 0 }

    /// Waits, blocking, until a child has ended; whether it ended well.
    public static func waitForEnd(of pid: Int32) -> Bool {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 {
            if errno != EINTR { return false }
        }
        return status == 0
    }

    /// Whether there is such a process, of this user's.
    public static func isThere(_ pid: Int32) -> Bool { kill(pid, 0) == 0 }

    /// Asks a process to end, or ends it. It must be known to be the one that is meant: see `ProcessIdentity.life`.
    public static func end(_ pid: Int32, atOnce: Bool = false) { kill(pid, atOnce ? SIGKILL : SIGTERM) }
}

/// Arguments and environment as C wants them.
public enum CStrings {
    public static func with<Value>(
        _ texts: [SystemText], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
    ) -> Value {
        let copies = texts.map { text in strdup(text.bytes.map { CChar(bitPattern: $0) } + [0]) }
        defer { copies.forEach { free($0) } }
        return body(copies + [nil])
    }
}
