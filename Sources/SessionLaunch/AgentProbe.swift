// Asks the agent which version it is: with nothing to read, no terminal, and two seconds.

import CPosix
import Dispatch
import Platform

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
        guard let (answer, said) = Descriptor.pipe() else { return nil }
        defer { answer.close() }
        var pid: Int32 = 0
        let variables = environment.map { SystemText("\($0.key)=\($0.value)") }
        let code = CStrings.with([SystemText(program), "--version"]) { words in
            CStrings.with(variables) { cp_spawn_detached(&pid, program, words, $0, "/", said.number) }
        }
        said.close()
        guard code == 0 else { return nil }
        let text = read(answer)
        if text == nil { DetachedProcess.end(pid, atOnce: true) }
        _ = DetachedProcess.waitForEnd(of: pid)
        return text
    }

    /// All that comes until the end of it; nil where that does not come in time.
    private static func read(_ descriptor: Descriptor) -> String? {
        let end = cp_boot_nanoseconds() + Int64(patience) * 1_000_000
        var bytes: [UInt8] = []
        while bytes.count < most {
            let left = (end - cp_boot_nanoseconds()) / 1_000_000
            guard left > 0, (try? Descriptor.wait([descriptor], milliseconds: Int32(left))) == [true] else {
                return nil
            }
            switch descriptor.read(most) {
            case .bytes(let more): bytes += more
            case .end: return String(decoding: bytes, as: UTF8.self)
            case .nothing: continue
            case .failed: return nil
            }
        }
        return nil
    }
}
