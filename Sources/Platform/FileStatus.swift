// What the system tells of a file without opening it.

internal import Glibc

public struct FileStatus: Sendable, Hashable {
    public enum Kind: Sendable, Hashable { case file, folder, link, other }

    public let kind: Kind
    /// The permissions.
    public let mode: UInt32
    public let owner: UInt32
    public let group: UInt32
    /// In bytes.
    public let size: Int
    /// When it was last written, in nanoseconds since 1970.
    public let modified: Int
    private let device: UInt64
    private let node: UInt64

    /// Of what stands at `path`, or of what a link there leads to. Throws why that cannot be told.
    public init(_ path: String, followsLinks: Bool = true) throws(SystemError) {
        var found = stat()
        guard (followsLinks ? stat(path, &found) : lstat(path, &found)) == 0 else { throw .last }
        self.init(found)
    }

    /// nil where there is no folder at `path`.
    public init?(ofFolder path: String) {
        guard let status = try? FileStatus(path), status.kind == .folder else { return nil }
        self = status
    }

    public init(_ descriptor: Descriptor) throws(SystemError) {
        var found = stat()
        guard fstat(descriptor.number, &found) == 0 else { throw .last }
        self.init(found)
    }

    private init(_ found: stat) {
        kind =
            switch found.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
        mode = found.st_mode & 0o7777
        owner = found.st_uid
        group = found.st_gid
        size = Int(found.st_size)
        modified = found.st_mtim.tv_sec * 1_000_000_000 + found.st_mtim.tv_nsec
        (device, node) = (UInt64(found.st_dev), UInt64(found.st_ino))
    }

    public var isOurs: Bool { owner == geteuid() }
    /// Whether others than its owner may do something with it.
    public var isWide: Bool { mode & 0o077 != 0 }

    /// Whatever names lead there.
    public func isSameFile(as other: FileStatus) -> Bool { device == other.device && node == other.node }
}
