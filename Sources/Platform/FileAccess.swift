// What this user may do with a file, and whether its disk has room.

internal import Glibc

public enum FileAccess {
    public enum Kind: Sendable {
        case exists, read, write, run

        fileprivate var mode: Int32 {
            switch self {
            case .exists: F_OK
            case .read: R_OK
            case .write: W_OK
            case .run: X_OK
            }
        }
    }

    /// nil where `kind` is allowed at `path`, else why not.
    public static func refusal(_ kind: Kind, _ path: String) -> SystemError? {
        access(path, kind.mode) == 0 ? nil : .last
    }

    public static func allows(_ kind: Kind, _ path: String) -> Bool { refusal(kind, path) == nil }

    /// Whether the disk of `path` takes no more.
    public static func isDiskFull(_ path: String) -> Bool {
        var disk = statvfs()
        return statvfs(path, &disk) == 0 && (disk.f_bavail == 0 || (disk.f_files > 0 && disk.f_favail == 0))
    }

    /// nil where a folder can be made in `parent`, else why not: found out by making one, of which nothing is left.
    public static func refusalToMakeFolder(in parent: String) -> SystemError? {
        var template = Array("\(parent)/.claudemesh-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { return .last }
        rmdir(template)
        return nil
    }
}
