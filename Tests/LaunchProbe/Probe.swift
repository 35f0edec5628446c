// Runs its arguments as an agent, from as unclean a slate as it can make itself, and ends as the agent ended.

import CPosix
import Glibc
import Platform
import SessionLaunch

@main
struct Probe {
    static func main() async throws {
        // What the agent must not inherit: descriptors, a mask, an ignored signal, a terminal that does not wait.
        _ = open("/dev/null", O_RDONLY)
        signal(SIGUSR1, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        _ = fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK)

        let arguments = Array(SystemText.commandLine.dropFirst())
        var environment: [String: String] = [:]
        var foreign: [SystemText] = []
        var entry = environ
        while let pointer = entry.pointee {
            let parts = String(cString: pointer).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            environment[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
            if SystemText(pointer).text == nil { foreign.append(SystemText(pointer)) }
            entry += 1
        }
        if environment["PROBE_WAITS"] != nil {
            var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            poll(&input, 1, -1)
        }
        let plan = LaunchPlan(
            program: arguments[0].repaired, arguments: Array(arguments.dropFirst()), set: ["CLAUDEMESH_MESH": "dev"],
            unset: ["CLAUDEMESH_TOKEN"], directory: environment["PROBE_DIRECTORY"] ?? "/tmp")
        do {
            let status = try await run(plan, environment: environment, foreign: foreign)
            print("launch over: \(status)")
            fflush(nil)
            if environment["PROBE_IS_HIT"] != nil {
                // As by a terminal that closes, while what is left is cleared away.
                for signal in [SIGHUP, SIGTERM, SIGINT, SIGQUIT, SIGHUP] { kill(getpid(), signal) }
                print("cleared away")
                fflush(nil)
            }
            switch status {
            case .code(let code): exit(code)
            case .signal(let signal): cp_die_of(signal)
            }
        } catch {
            print("launch failed: \(error.errno)")
            exit(9)
        }
    }
}
