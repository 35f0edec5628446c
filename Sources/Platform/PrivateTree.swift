// Removing a directory that is ours, never through a link: whatever someone puts in its place is not followed.

internal import Glibc

public enum PrivateTree {
    /// Removes the directory at `path` and what is in it, if it is a real directory of this user's. Says nothing: what
    /// cannot be removed stays for the next sweep.
    public static func remove(_ path: String) {
        let directory = own(path)
        guard directory >= 0 else { return }
        empty(directory)
        rmdir(path)
    }

    /// The directory at `path`; nil when it is a link, no directory, or another user's.
    public static func openOwn(_ path: String) -> Descriptor? {
        let directory = own(path)
        return directory < 0 ? nil : Descriptor(directory)
    }

    private static func own(_ path: String) -> Int32 {
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard directory >= 0 else { return -1 }
        var status = stat()
        guard fstat(directory, &status) == 0, status.st_uid == geteuid() else {
            close(directory)
            return -1
        }
        return directory
    }

    /// Removes the directory at `path` if nothing is in it; whether it is gone.
    public static func removeEmpty(_ path: String) -> Bool { rmdir(path) == 0 }

    /// The first `most` bytes of the file `name` in `directory`; nil where there is none. A link is not followed.
    public static func head(of name: String, in directory: Descriptor, most: Int) -> [UInt8]? {
        let number = openat(directory.number, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard number >= 0 else { return nil }
        defer { close(number) }
        guard case .bytes(let bytes) = Descriptor(number).read(most) else { return [] }
        return bytes
    }

    /// The names in a directory, without `.` and `..`. Takes the descriptor over.
    private static func names(_ directory: Int32) -> [String] {
        guard let stream = fdopendir(directory) else {
            close(directory)
            return []
        }
        return WholeFile.names(in: stream)
    }

    /// Removes what is in the directory. Takes the descriptor over.
    private static func empty(_ directory: Int32) {
        let own = fcntl(directory, F_DUPFD_CLOEXEC, 3)
        defer { close(own) }
        for name in names(directory) where unlinkat(own, name, 0) != 0 {
            let child = openat(own, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard child >= 0 else { continue }
            empty(child)
            unlinkat(own, name, AT_REMOVEDIR)
        }
    }
}
