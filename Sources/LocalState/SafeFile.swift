// Files that are read with care and replaced whole: a kill at any moment leaves the old content or the new.
// Source: the specification, "Files".

internal import FoundationEssentials
internal import Glibc

/// The bytes of a file and whether others may read it.
struct SafeFile {
    var bytes: Data
    var isWide: Bool

    /// Reads a regular file of this user without following a link; nil where there is none.
    static func read(_ path: String, limit: Int) throws(FileFailure) -> SafeFile? {
        // O_NONBLOCK: opening a pipe must not wait for a writer.
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            switch errno {
            case ENOENT, ENOTDIR: return nil
            case ELOOP: throw .link(path: path)
            default: throw .system(path: path, code: errno)
            }
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(path: path, code: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .wrongKind(path: path) }
        guard status.st_uid == geteuid() else { throw .foreign(path: path) }
        guard status.st_size <= limit else { throw .tooLarge(path: path, limit: limit) }
        var bytes = Data(count: Int(status.st_size))
        let count = try fill(&bytes, from: descriptor, path)
        return SafeFile(bytes: bytes.prefix(count), isWide: status.st_mode & 0o077 != 0)
    }

    /// Replaces `directory/name`: a new file, 0600, written, synced and renamed, then the directory synced. The caller
    /// holds the directory's lock.
    static func replace(_ name: String, in directory: String, with bytes: some ContiguousBytes) throws(FileFailure) {
        let path = "\(directory)/\(name)"
        let temporary = "\(directory)/.\(name).\(UInt32.random(in: 0...UInt32.max)).\(leftoverSuffix)"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(path: path, code: errno) }
        // The mode once more: the umask may have taken from it.
        let written =
            fchmod(descriptor, 0o600) == 0 && bytes.withUnsafeBytes { writeAll($0, to: descriptor) }
            && fsync(descriptor) == 0
        let code = errno
        close(descriptor)
        guard written, rename(temporary, path) == 0 else {
            let failure = written ? errno : code
            unlink(temporary)
            throw .system(path: path, code: failure)
        }
        try sync(directory)
    }

    /// Removes `directory/name`; false where there was none.
    static func remove(_ name: String, in directory: String) throws(FileFailure) -> Bool {
        let path = "\(directory)/\(name)"
        guard unlink(path) == 0 else {
            if errno == ENOENT { return false }
            throw .system(path: path, code: errno)
        }
        try sync(directory)
        return true
    }

    /// What names a file that is not finished. With the lock held, one that is there belongs to a writer that was killed.
    static let leftoverSuffix = "unfinished"

    /// Removes what killed writers left in `directory`. The caller holds its lock.
    static func sweepLeftovers(in directory: String) {
        for name in names(in: directory) where name.hasPrefix(".") && name.hasSuffix(".\(leftoverSuffix)") {
            unlink("\(directory)/\(name)")
        }
    }

    /// The names in a directory, unsorted; none where it cannot be read.
    static func names(in directory: String) -> [String] {
        guard let handle = opendir(directory) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// Whether there is something of that name, a link counted as itself.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// When it was last written, in nanoseconds since 1970; 0 where it is not there.
    static func modified(_ path: String) -> Int {
        var status = stat()
        guard lstat(path, &status) == 0 else { return 0 }
        return status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
    }

    private static func sync(_ directory: String) throws(FileFailure) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(path: directory, code: errno) }
        defer { close(descriptor) }
        // Some file systems do not sync directories; the file itself is safe by then.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw .system(path: directory, code: errno) }
    }

    private static func fill(_ bytes: inout Data, from descriptor: Int32, _ path: String) throws(FileFailure) -> Int {
        var filled = 0
        var failure: Int32?
        bytes.withUnsafeMutableBytes { buffer in
            while filled < buffer.count {
                let count = Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
                if count > 0 {
                    filled += count
                } else if count == 0 || errno != EINTR {
                    failure = count == 0 ? nil : errno
                    return
                }
            }
        }
        if let failure { throw .system(path: path, code: failure) }
        return filled
    }

    private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
            if count > 0 { written += count } else if errno != EINTR { return false }
        }
        return true
    }
}
