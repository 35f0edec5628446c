// Finding a program.

/// Looking for programs as a shell does.
public enum Programs {
    /// Whether there is a file at `path` that this user may run.
    public static func isProgram(_ path: String) -> Bool {
        (try? FileStatus(path))?.kind == .file && FileAccess.allows(.run, path)
    }

    /// The first program `name` in `directories`.
    public static func find(_ name: String, in directories: [String]) -> String? {
        directories.lazy.map { "\($0)/\(name)" }.first(where: isProgram)
    }
}
