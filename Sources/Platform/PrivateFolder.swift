// A folder for this user alone.

internal import Glibc

public enum PrivateFolder {
    /// Makes it where it is missing, 0700. Throws `notPermitted` where it is another's, a link, or open to others.
    public static func make(_ path: String) throws(SystemError) {
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw .last }
        let found = try FileStatus(path, followsLinks: false)
        guard found.kind == .folder && found.isOurs && !found.isWide else { throw .notPermitted }
    }

    /// Makes it, 0700, where there is nothing yet; throws `exists` otherwise.
    public static func make(new path: String) throws(SystemError) {
        if mkdir(path, 0o700) != 0 { throw .last }
    }

    /// What a path leads to, without links; nil where there is nothing.
    public static func realPath(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// This user's number.
    public static var user: UInt32 { geteuid() }
}
