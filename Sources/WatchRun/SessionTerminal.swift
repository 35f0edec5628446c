// Where a session of one's own runs: found among this machine's processes by what its environment says. In tmux its pane is
// brought to the front; elsewhere its terminal is named.

import Console
import Desktop
import Foundation
import FoundationEssentials
import MeshAPI
import Watch

struct SessionTerminal {
    private let context: Context
    private let processes: String

    /// - Parameter processes: where the system lists its processes.
    init(_ context: Context, processes: String = "/proc") {
        self.context = context
        self.processes = processes
    }

    func go(to peer: Peer) async -> RunsIn {
        guard peer.host == context.hostName, let process = process(of: peer.sessionID) else {
            return .elsewhere(peer.handle, host: peer.host)
        }
        let variables = variables(of: process)
        if let pane = variables["TMUX_PANE"], let tmux = variables["TMUX"], await goTo(pane, of: tmux) {
            return .wentThere(peer.handle)
        }
        guard let terminal = terminal(of: process) else { return .elsewhere(peer.handle, host: peer.host) }
        return .terminal(peer.handle, terminal)
    }

    /// The first of the session's processes, which is the agent.
    private func process(of session: String) -> String? {
        let mark = Data("CLAUDEMESH_SESSION_ID=\(session)\0".utf8)
        let all = (try? FileManager.default.contentsOfDirectory(atPath: processes)) ?? []
        return all.compactMap { Int($0) }.sorted().map(String.init).first { pid in
            FileManager.default.contents(atPath: "\(processes)/\(pid)/environ")?.firstRange(of: mark) != nil
        }
    }

    private func variables(of process: String) -> [String: String] {
        let data = FileManager.default.contents(atPath: "\(processes)/\(process)/environ") ?? Data()
        var found: [String: String] = [:]
        for entry in data.split(separator: 0) {
            let parts = String(decoding: entry, as: UTF8.self).split(separator: "=", maxSplits: 1)
            if parts.count == 2 { found[String(parts[0])] = String(parts[1]) }
        }
        return found
    }

    /// `pts/4`.
    private func terminal(of process: String) -> String? {
        for descriptor in 0...2 {
            let link = try? FileManager.default.destinationOfSymbolicLink(
                atPath: "\(processes)/\(process)/fd/\(descriptor)")
            if let link, link.hasPrefix("/dev/pts/") || link.hasPrefix("/dev/tty") { return String(link.dropFirst(5)) }
        }
        return nil
    }

    /// Only within the tmux that we run in: another one's window is not before the person.
    private func goTo(_ pane: String, of tmux: String) async -> Bool {
        guard let ours = context["TMUX"], let socket = ours.split(separator: ",").first,
            tmux.split(separator: ",").first == socket
        else { return false }
        return await Tmux(socket: String(socket), environment: context.environment).bringToFront(pane)
    }
}
