// tmux, asked to show one of its panes.

internal import Platform

/// The tmux of one socket.
public struct Tmux: Sendable {
    private let socket: String
    private let environment: [String: String]

    public init(socket: String, environment: [String: String]) {
        self.socket = socket
        self.environment = environment
    }

    /// Brings the pane to the front of the client we run in. False where that did not work.
    public func bringToFront(_ pane: String) async -> Bool {
        let directories = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        guard let path = Programs.find("tmux", in: directories) else { return false }
        // The session it is in, then its window, then itself.
        let arguments = [
            "-S", socket, "switch-client", "-t", pane, ";", "select-window", "-t", pane, ";", "select-pane", "-t", pane,
        ]
        let program = ChildProgram(path: path, arguments: arguments)
        return await program.run(input: "", environment: environment, limit: .seconds(2)) == .succeeded
    }
}
