// Another directory for the agent: what its screen knows. The text is in the field `directory`.

/// A directory that the agent can run in.
public struct Workplace: Sendable, Hashable {
    public var path: String
    /// As shown: `~/src/api`.
    public var shown: String
    /// Its own name, where that is a name for a session.
    public var name: String?

    public init(path: String, shown: String, name: String?) {
        self.path = path
        self.shown = shown
        self.name = name
    }
}

/// The state of the directory screen, while it is open.
public struct DirectoryEntry: Sendable, Hashable {
    /// Those of former launches that are still there, the last used first.
    public var recent: [Workplace] = []
    /// What was looked for last and is no directory.
    public var missing: String?

    public init() {}
}
