// The calls about files whose answers differ between disks: a mode that does not change, a name that is a mount. Tests put
// other answers in their place for one task. To add one: a property below, and use it through `FileCalls.current`.

internal import Glibc

/// What the system is asked to do with files. Each returns 0, or -1 with `errno` set.
public struct FileCalls: Sendable {
    public var chmod: @Sendable (_ path: String, _ mode: UInt32) -> Int32 = { Glibc.chmod($0, $1) }
    public var fchmod: @Sendable (_ descriptor: Int32, _ mode: UInt32) -> Int32 = { Glibc.fchmod($0, $1) }
    public var rename: @Sendable (_ from: String, _ to: String) -> Int32 = { Glibc.rename($0, $1) }
    public var unlink: @Sendable (_ path: String) -> Int32 = { Glibc.unlink($0) }

    public init() {}

    @TaskLocal public static var current = FileCalls()

    /// A call that fails with `error`.
    public static func refuse(_ error: SystemError) -> Int32 {
        errno = error.code
        return -1
    }

    /// The file at `path`, or the link itself, belongs to the owner of another from now on.
    public static func give(_ path: String, toOwnerOf other: FileStatus) throws(SystemError) {
        if lchown(path, other.owner, other.group) != 0 { throw .last }
    }

    /// Closes the file or directory at `path` to others; false where it stays open, as on disks that know no modes and
    /// say yes to everything.
    public static func close(_ path: String, to mode: UInt32) -> Bool {
        guard current.chmod(path, mode) == 0, let status = try? FileStatus(path) else { return false }
        return status.mode & 0o777 & ~mode == 0
    }

    /// The same for an open file.
    public static func close(_ descriptor: Int32, to mode: UInt32) -> Bool {
        guard current.fchmod(descriptor, mode) == 0, let status = try? FileStatus(Descriptor(descriptor)) else {
            return false
        }
        return status.mode & 0o777 & ~mode == 0
    }
}
