// A process of its own session: it survives the terminal, its hang-up and our end.

import CPosix
import Glibc

enum DetachedProcess {
    /// Starts `program` with nothing to read, its output appended to `log`. Throws `Failure.localServer`.
    static func start(
        _ program: String, _ arguments: [String], environment: [String: String], directory: String, log: String
    ) throws -> pid_t {
        let descriptor = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure.system(path: log, code: errno) }
        defer { close(descriptor) }
        var pid: pid_t = 0
        let code = withStrings(arguments) { arguments in
            withStrings(environment.map { "\($0.key)=\($0.value)" }) { environment in
                cp_spawn_detached(&pid, program, arguments, environment, directory, descriptor)
            }
        }
        guard code == 0 else { throw Failure.localServer(reason: String(cString: strerror(code))) }
        return pid
    }

    /// Whether a child that was started here has ended.
    static func hasEnded(_ pid: pid_t) -> Bool { waitpid(pid, nil, WNOHANG) != 0 }

    private static func withStrings<Value>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
    ) -> Value {
        let copies = strings.map { strdup($0) } + [nil]
        defer { for copy in copies { free(copy) } }
        return body(copies)
    }
}
