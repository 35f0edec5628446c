// Where the person sits, as far as the environment tells: at this machine's own display, at the other end of SSH, inside a
// multiplexer. Pure but for looking programs up on PATH.

internal import Platform

/// What the environment says about the person's desktop.
public struct Seat: Sendable {
    let environment: [String: String]
    /// The absolute path of a program, nil where it is not there.
    let find: @Sendable (String) -> String?

    /// - Parameter environment: the process's own.
    public init(environment: [String: String]) {
        self.init(environment: environment) { Self.search($0, path: environment["PATH"] ?? "") }
    }

    /// - Parameter find: gives the absolute path of a program, nil where it is not there.
    public init(environment: [String: String], find: @escaping @Sendable (String) -> String?) {
        self.environment = environment
        self.find = find
    }

    /// Whether the terminal is at the other end of SSH.
    public var isRemote: Bool { has("SSH_CONNECTION") || has("SSH_CLIENT") || has("SSH_TTY") }

    /// Whether there is a display to show windows on.
    public var hasDisplay: Bool { has("WAYLAND_DISPLAY") || has("DISPLAY") }

    /// Whether there is a terminal that may know OSC 52: the machine's own console does not.
    var takesSequences: Bool {
        has("TERM") && !["linux", "dumb", "vt100", "vt220"].contains(environment["TERM"] ?? "")
    }

    public var isInTmux: Bool { has("TMUX") }

    public var isInScreen: Bool { has("STY") }

    /// Set to something.
    func has(_ name: String) -> Bool { !(environment[name] ?? "").isEmpty }

    /// What a program that we start may know: everything but the person's token.
    var childEnvironment: [String: String] { environment.filter { $0.key != "CLAUDEMESH_TOKEN" } }

    /// Looks in the absolute directories of `path`; a name with a slash must be absolute itself.
    static func search(_ name: String, path: String) -> String? {
        if name.contains("/") { return name.hasPrefix("/") && Programs.isProgram(name) ? name : nil }
        return Programs.find(name, in: path.split(separator: ":").filter { $0.hasPrefix("/") }.map(String.init))
    }
}
