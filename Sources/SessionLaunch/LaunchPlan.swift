// What will be run, as a value: made from the session's facts alone, shown by `--dry-run`, carried out by `run`.
// To give the agent one more variable: a line in `variables`.

public import Platform

/// The session an agent is launched into.
public struct LaunchSession: Sendable, Hashable {
    /// A UUID; the agent's session id too.
    public var id: String
    /// Whether that session is taken up again rather than begun.
    public var isResumed: Bool
    public var meshID: String
    public var meshSlug: String
    public var displayName: String
    public var role: String?
    public var apiURL: String
    /// The file with the session's token; the token itself is in no plan.
    public var tokenFile: String

    public init(
        id: String, isResumed: Bool = false, meshID: String, meshSlug: String, displayName: String, role: String?,
        apiURL: String, tokenFile: String
    ) {
        self.id = id
        self.isResumed = isResumed
        self.meshID = meshID
        self.meshSlug = meshSlug
        self.displayName = displayName
        self.role = role
        self.apiURL = apiURL
        self.tokenFile = tokenFile
    }
}

/// A program, its arguments, what changes in its environment, and where it runs. Holds no secret.
public struct LaunchPlan: Sendable, Hashable, Codable {
    public var program: String
    /// Without the program's own name.
    public var arguments: [SystemText]
    /// Variables it gets beside the user's own.
    public var set: [String: String]
    /// Variables of the user's that it does not get.
    public var unset: [String]
    public var directory: String

    public init(
        program: String, arguments: [SystemText], set: [String: String] = [:], unset: [String] = [], directory: String
    ) {
        self.program = program
        self.arguments = arguments
        self.set = set
        self.unset = unset
        self.directory = directory
    }

    /// The agent `program` in this session; `extra` is what the user wrote after `--`.
    public init(program: String, session: LaunchSession, extra: [SystemText], directory: String) {
        self.init(
            program: program, arguments: Self.sessionArguments(session, extra).map { SystemText($0) } + extra,
            set: Self.variables(session),
            // A role of an outer session would otherwise be this one's.
            unset: ["CLAUDEMESH_TOKEN"] + (session.role == nil ? ["CLAUDEMESH_ROLE"] : []), directory: directory)
    }

    /// The whole environment of the agent, from the user's.
    public func environment(from own: [String: String]) -> [String: String] {
        own.filter { !unset.contains($0.key) }.merging(set) { $1 }
    }

    /// The same as the system gets it. `foreign`, `NAME=value`, is what of `own` is no UTF-8: it goes as it came.
    public func variables(from own: [String: String], foreign: [SystemText]) -> [SystemText] {
        let kept = foreign.filter { !unset.contains($0.name) && set[$0.name] == nil }
        let repaired = Set(kept.map(\.repaired))
        return environment(from: own).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            .filter { !repaired.contains($0) }.map { SystemText($0) } + kept
    }

    private static func variables(_ session: LaunchSession) -> [String: String] {
        var variables = [
            "CLAUDEMESH_SESSION_ID": session.id,
            "CLAUDEMESH_MESH": session.meshSlug,
            "CLAUDEMESH_MESH_ID": session.meshID,
            "CLAUDEMESH_DISPLAY_NAME": session.displayName,
            "CLAUDEMESH_API_URL": session.apiURL,
            "CLAUDEMESH_IPC_TOKEN_FILE": session.tokenFile,
        ]
        variables["CLAUDEMESH_ROLE"] = session.role
        return variables
    }

    /// The agent refuses two answers to "which session": the user's own wins.
    private static func sessionArguments(_ session: LaunchSession, _ extra: [SystemText]) -> [String] {
        guard case .ours = Conversation(of: extra) else { return [] }
        return [session.isResumed ? "--resume" : "--session-id", session.id]
    }
}
