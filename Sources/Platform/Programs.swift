// Finding a program.

internal import Glibc

/// Looking for programs as a shell does.
public enum Programs {
    /// Whether there is a file at `path` that this user may run.
    public static func isProgram(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }

    /// The first program `name` in `directories`.
    public static func find(_ name: String, in directories: [String]) -> String? {
        directories.lazy.map { "\($0)/\(name)" }.first(where: isProgram)
    }
}
