// What a launch adds so that messages of the mesh reach Claude Code: its tools, its hooks, and leave to use the tools. All of
// it is of this launch alone: no file of the user's is touched, and what the user writes beside it adds up or wins.

public import Platform

/// How messages reach a session: shown to the person before, and told to the mesh.
public enum AgentReach: String, Sendable, Codable, Hashable {
    /// A message begins a turn.
    case wake
    /// Messages are told of when a turn goes on or begins.
    case turn
    /// They come when Claude looks.
    case look
    /// None can.
    case nothing
}

/// Whether and how messages can reach the agent.
public struct AgentAbility: Sendable, Hashable {
    public var reach: AgentReach
    /// Why it is not more.
    public var limit: Limit?

    public enum Limit: Sendable, Hashable {
        /// `--no-messages`.
        case leftOut
        /// Another program than Claude Code.
        case otherProgram
        /// This version of Claude Code has no inbox; this one has.
        case version(has: AgentVersion, needs: AgentVersion)
        /// A flag of the user's keeps it out.
        case flag(String)
    }

    /// - Parameters:
    ///   - version: of Claude Code; nil where the program is another.
    ///   - extra: what the user wrote after `--`.
    public init(version: AgentVersion?, extra: [SystemText], isLeftOut: Bool) {
        let options = extra.prefix { $0 != "--" }.map(\.repaired)
        if isLeftOut {
            self.init(.nothing, .leftOut)
        } else if let version {
            self.init(version: version, options: options)
        } else {
            self.init(.nothing, .otherProgram)
        }
    }

    private init(version: AgentVersion, options: [String]) {
        if options.contains("--safe-mode") {
            // It passes over what the flags bring.
            self.init(.nothing, .flag("--safe-mode"))
        } else if version < .hooks {
            self.init(.look, .version(has: version, needs: .inbox))
        } else if let flag = options.first(where: { $0 == "--bare" || $0 == "--restricted" }) {
            self.init(.look, .flag(flag))
        } else if version < .inbox {
            self.init(.turn, .version(has: version, needs: .inbox))
        } else {
            self.init(.wake, nil)
        }
    }

    private init(_ reach: AgentReach, _ limit: Limit?) {
        self.reach = reach
        self.limit = limit
    }
}

/// What is added to a launch.
public struct MessagesSetup: Sendable, Hashable {
    /// The absolute path of this program.
    public var program: String
    /// The session's own folder with the hooks.
    public var plugin: String
    /// What the session is called on the agent's own screen.
    public var name: String
    /// The tools that are used without asking the user; nil for all of ours.
    public var tools: [String]?

    public init(program: String, plugin: String, name: String, tools: [String]? = nil) {
        self.tools = tools
        self.program = program
        self.plugin = plugin
        self.name = name
    }

    /// The arguments, before the user's own. Each is one word: the agent's lists would swallow what follows them.
    func arguments(beside extra: [SystemText]) -> [String] {
        let options = extra.prefix { $0 != "--" }.map(\.repaired)
        let isNamed = options.contains { $0 == "--name" || $0 == "-n" || $0.hasPrefix("--name=") }
        let server =
            #"{"type":"stdio","command":\#(JSONText.quoted(program)),"args":["mcp"],"alwaysLoad":true}"#
        return [
            #"--mcp-config={"mcpServers":{"claudemesh":\#(server)}}"#, "--plugin-dir", plugin,
            "--allowedTools=" + (tools ?? ["*"]).map { "mcp__claudemesh__\($0)" }.joined(separator: ","),
        ] + (isNamed ? [] : ["--name", name])
    }
}

extension LaunchPlan {
    /// What an outer session leaves in the environment of what runs in it. Other variables of Claude Code are the user's.
    public static let ofOuterSessions = [
        "CLAUDECODE", "CLAUDE_CODE_SESSION_ID", "CLAUDE_CODE_ENTRYPOINT", "CLAUDE_CODE_CHILD_SESSION",
        "CLAUDE_CODE_LAUNCHED_BY_SESSION_IDS", "CLAUDE_CODE_MESSAGING_SOCKET", "CLAUDE_CODE_MESSAGING_TOKEN",
        "CLAUDE_PID", "CLAUDE_PROJECT_DIR", "CLAUDE_ENV_FILE", "AI_AGENT",
    ]

    /// The same launch, with messages. `extra` is what the user wrote after `--`, as this plan has it.
    public func with(_ messages: MessagesSetup, beside extra: [SystemText]) -> LaunchPlan {
        var plan = self
        plan.arguments = messages.arguments(beside: extra).map { SystemText($0) } + arguments
        plan.unset += Self.ofOuterSessions.filter { !unset.contains($0) }
        return plan
    }
}
