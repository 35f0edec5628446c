// Where the agent is. To look in one more place: a line in `places`.

import Platform

/// Nothing to run was found.
public struct AgentNotFound: Error, Sendable, Hashable {
    /// What `--agent` or `CLAUDEMESH_AGENT` asked for; nil where nothing was asked for.
    public var named: String?
    /// Where was looked beside PATH, as a person writes it (`~/.local/bin`). Empty for what was asked for by path.
    public var places: [String]
}

/// Looks for the agent: `--agent`, `CLAUDEMESH_AGENT`, then `claude` on PATH and where its installers put it. What was
/// asked for is never replaced by something else.
public struct AgentSearch: Sendable {
    static let places = ["~/.local/bin", "/usr/local/bin", "~/.claude/bin"]

    private let named: String?
    private let path: String
    private let home: String?
    private let directory: String

    /// `flag` is `--agent`; `directory` is what relative paths start from.
    public init(flag: String?, environment: [String: String], directory: String) {
        named = flag ?? environment["CLAUDEMESH_AGENT"].flatMap { $0.isEmpty ? nil : $0 }
        path = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
        self.directory = directory
    }

    /// The absolute path of the program.
    public func find() throws(AgentNotFound) -> String {
        if let named, named.contains("/") {
            let program = absolute(named)
            guard Programs.isProgram(program) else { throw AgentNotFound(named: named, places: []) }
            return program
        }
        let others = named == nil ? Self.places.compactMap(expanded) : []
        guard let found = Programs.find(named ?? "claude", in: onPath + others) else {
            throw AgentNotFound(named: named, places: named == nil ? Self.places : [])
        }
        return found
    }

    /// The directories of PATH. An empty entry would mean the current directory, which nobody who has one means.
    private var onPath: [String] { path.split(separator: ":").map { absolute(String($0)) } }

    private func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(directory)/\(path)" }

    private func expanded(_ place: String) -> String? {
        place.hasPrefix("~/") ? home.map { $0 + String(place.dropFirst()) } : place
    }
}
