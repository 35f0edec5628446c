// Asks the agent which version it is: with nothing to read, no terminal, and two seconds.

import CPosix
import Dispatch
import Glibc

/// Asks `--version`.
public enum AgentProbe {
    private static let patience: Int32 = 2000
    /// No honest answer is longer.
    private static let most = 4096

    /// What it answers; nil where it does not in time. No thread of the pool is blocked.
    public static func answer(of program: String, environment: [String: String]) async -> String? {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "claudemesh.probe").async {
                continuation.resume(returning: ask(program, environment))
            }
        }
    }

    private static func ask(_ program: String, _ environment: [String: String]) -> String? {
        var ends: [Int32] = [-1, -1]
        guard cp_pipe(&ends) == 0 else { return nil }
        defer { close(ends[0]) }
        var pid: pid_t = 0
        let words = copies([program, "--version"])
        let variables = copies(environment.map { "\($0.key)=\($0.value)" })
        defer { (words + variables).forEach { free($0) } }
        let code = cp_spawn_detached(&pid, program, words, variables, "/", ends[1])
        close(ends[1])
        guard code == 0 else { return nil }
        let text = read(ends[0])
        if text == nil { kill(pid, SIGKILL) }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        return text
    }

    private static func copies(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        texts.map { strdup($0) } + [nil]
    }

    /// All that comes until the end of it; nil where that does not come in time.
    private static func read(_ descriptor: Int32) -> String? {
        let end = cp_boot_nanoseconds() + Int64(patience) * 1_000_000
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: most)
        while bytes.count < most {
            let left = (end - cp_boot_nanoseconds()) / 1_000_000
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard left > 0, poll(&wait, 1, Int32(left)) > 0 else { return nil }
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
        }
        return nil
    }
}
