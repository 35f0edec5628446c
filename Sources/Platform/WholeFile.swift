// Files that are read with care and written whole: a kill at any moment leaves the old content or the new. The one place
// that writes files. How one is replaced that is a mount of its own stands in `WholeFile+inPlace.swift`.

public import FoundationEssentials
internal import Glibc

/// The bytes of a file and whether others may read it.
public struct WholeFile: Sendable {
    public var bytes: Data
    public var isWide: Bool

    /// Why a file could not be read or written.
    public enum Failure: Error, Sendable, Hashable {
        /// A symbolic link stands there.
        case link
        /// A directory, a pipe or a device stands there.
        case wrongKind
        /// Another user owns it.
        case foreign
        case tooLarge
        case system(SystemError)
    }

    /// Reads a regular file of this user without following a link; nil where there is none.
    public static func read(_ path: String, limit: Int) throws(Failure) -> WholeFile? {
        try opened(path) { (descriptor, status) throws(Failure) in
            guard status.st_size <= limit else { throw .tooLarge }
            var bytes = Data(count: Int(status.st_size))
            let count = try fill(&bytes, from: descriptor)
            return WholeFile(bytes: bytes.prefix(count), isWide: status.st_mode & 0o077 != 0)
        }
    }

    /// The first `count` bytes of such a file that is longer; nil where none is, or where it cannot be read.
    public static func head(_ path: String, _ count: Int) -> Data? {
        let head = try? opened(path) { (descriptor, status) throws(Failure) -> Data? in
            guard status.st_size > count else { return nil }
            var bytes = Data(count: count)
            // Counted first: of what is filled beside it, the old bytes would be taken.
            let filled = try fill(&bytes, from: descriptor)
            return bytes.prefix(filled)
        }
        return head ?? nil
    }

    private static func opened<Value>(
        _ path: String, _ read: (Int32, stat) throws(Failure) -> Value
    ) throws(Failure) -> Value? {
        // O_NONBLOCK: opening a pipe must not wait for a writer.
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            switch errno {
            case ENOENT, ENOTDIR: return nil
            case ELOOP: throw .link
            default: throw .system(.last)
            }
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(.last) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .wrongKind }
        guard status.st_uid == geteuid() else { throw .foreign }
        return try read(descriptor, status)
    }

    /// Replaces `directory/name`: a new file, 0600, written, synced and renamed, then the directory synced. One writer at a
    /// time: the caller holds a lock. A link is not replaced, since whoever made it meant the file behind it.
    /// - Parameter mode: its permissions, where others may read it.
    public static func replace(
        _ name: String, in directory: String, with bytes: some ContiguousBytes, mode: UInt32 = 0o600
    ) throws(Failure) {
        let path = "\(directory)/\(name)"
        guard kind(of: path) != .link else { throw .link }
        let temporary = "\(directory)/.\(name).\(UInt32.random(in: 0...UInt32.max)).\(leftoverSuffix)"
        do { try create(temporary, bytes: bytes, mode: mode) } catch { throw .system(error) }
        guard FileCalls.current.rename(temporary, path) == 0 else {
            let error = SystemError.last
            if error == .busy { return try replaceInPlace(name, in: directory, by: temporary) }
            unlink(temporary)
            throw .system(error)
        }
        try sync(directory)
    }

    /// Makes a new file, 0600; what could not be written whole is gone again.
    /// - Parameter isSynced: whether it outlives a power cut. What belongs to this run alone need not.
    public static func create(
        _ path: String, bytes: some ContiguousBytes, isSynced: Bool = true, mode: UInt32 = 0o600
    ) throws(SystemError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw .last }
        // The mode once more: the umask may have taken from it.
        var error: SystemError? = fchmod(descriptor, mode) == 0 ? nil : .last
        error = error ?? bytes.withUnsafeBytes { Descriptor(descriptor).write($0) }
        if error == nil, isSynced, fsync(descriptor) != 0 { error = .last }
        close(descriptor)
        if let error {
            unlink(path)
            throw error
        }
    }

    /// Removes `directory/name`, a link not among what can be removed; false where there was none.
    public static func remove(_ name: String, in directory: String) throws(Failure) -> Bool {
        let path = "\(directory)/\(name)"
        guard kind(of: path) != .link else { throw .link }
        guard FileCalls.current.unlink(path) == 0 else {
            let error = SystemError.last
            if error == .missing { return false }
            if error == .busy { return try emptyInPlace(path) }
            throw .system(error)
        }
        try sync(directory)
        return true
    }

    /// Gives a file or folder another name, in place of what has it: of folders an empty one alone.
    public static func move(_ path: String, to other: String) throws(SystemError) {
        if FileCalls.current.rename(path, other) != 0 { throw .last }
    }

    /// Gives a file a second name, one that nothing has yet.
    public static func link(_ path: String, as other: String) throws(SystemError) {
        if Glibc.link(path, other) != 0 { throw .last }
    }

    /// Removes the file or link at `path`, where there is one.
    public static func forget(_ path: String) { Glibc.unlink(path) }

    /// Throws where `path` could be neither replaced nor removed, as far as can be told: a link, or on a disk that takes no
    /// writes.
    public static func checkCanChange(_ path: String) throws(Failure) {
        guard kind(of: path) != .link else { throw .link }
        guard access(path, W_OK) == 0 || errno != EROFS else { throw .system(.last) }
    }

    /// What names a file that is not finished. With the lock held, one that is there belongs to a writer that was killed.
    public static let leftoverSuffix = "unfinished"

    /// Removes what killed writers left in `directory`, and finishes what they had begun in place. The caller holds its lock.
    public static func sweepLeftovers(in directory: String) {
        for name in names(in: directory) where name.hasPrefix(".") {
            if name.hasSuffix(".\(leftoverSuffix)") { unlink("\(directory)/\(name)") }
            finishInPlace(name, in: directory)
        }
    }

    /// The names in a directory, unsorted; none where it cannot be read.
    public static func names(in directory: String) -> [String] {
        opendir(directory).map { names(in: $0) } ?? []
    }

    /// The same of one that is open, which is closed then.
    static func names(in stream: OpaquePointer) -> [String] {
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

    /// Whether there is something of that name, a link counted as itself.
    public static func exists(_ path: String) -> Bool { kind(of: path) != nil }

    /// When it was last written, in nanoseconds since 1970; 0 where it is not there.
    public static func modified(_ path: String) -> Int {
        (try? FileStatus(path, followsLinks: false))?.modified ?? 0
    }

    /// Makes the names in a directory outlive a power cut.
    public static func sync(_ directory: String) throws(Failure) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(.last) }
        defer { close(descriptor) }
        // Some file systems do not sync directories; the file itself is safe by then.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw .system(.last) }
    }

    private static func kind(of path: String) -> FileStatus.Kind? {
        (try? FileStatus(path, followsLinks: false))?.kind
    }

    private static func fill(_ bytes: inout Data, from descriptor: Int32) throws(Failure) -> Int {
        var filled = 0
        var failure: SystemError?
        bytes.withUnsafeMutableBytes { buffer in
            while filled < buffer.count {
                let count = Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
                if count > 0 {
                    filled += count
                } else if count == 0 || errno != EINTR {
                    failure = count == 0 ? nil : .last
                    return
                }
            }
        }
        if let failure { throw .system(failure) }
        return filled
    }
}
