// Removing a directory that is ours, never through a link: whatever someone puts in its place is not followed.

import Glibc

enum PrivateTree {
    /// Removes the directory at `path` and what is in it, if it is a real directory of this user's. Says nothing: what
    /// cannot be removed stays for the next sweep.
    static func remove(_ path: String) {
        let directory = openOwn(path)
        guard directory >= 0 else { return }
        empty(directory)
        rmdir(path)
    }

    /// A descriptor of the directory at `path`; -1 when it is a link, no directory, or another user's.
    static func openOwn(_ path: String) -> Int32 {
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard directory >= 0 else { return -1 }
        var status = stat()
        guard fstat(directory, &status) == 0, status.st_uid == geteuid() else {
            close(directory)
            return -1
        }
        return directory
    }

    /// The names in a directory, without `.` and `..`. Takes the descriptor over.
    static func names(_ directory: Int32) -> [String] {
        guard let stream = fdopendir(directory) else {
            close(directory)
            return []
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
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
