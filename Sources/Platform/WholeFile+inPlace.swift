// A file that is a mount of its own, as containers have it, can be neither renamed over nor removed: it is written in
// place. The whole of it is kept beside it until it is synced, and the next writer finishes what a kill interrupted.

internal import FoundationEssentials
internal import Glibc

extension WholeFile {
    private static let copySuffix = "inplace"

    /// Writes what `temporary` holds over `directory/name`.
    static func replaceInPlace(_ name: String, in directory: String, by temporary: String) throws(Failure) {
        let copy = "\(directory)/.\(name).\(copySuffix)"
        guard rename(temporary, copy) == 0 else {
            let error = SystemError.last
            unlink(temporary)
            throw .system(error)
        }
        try sync(directory)
        try write(from: copy, over: "\(directory)/\(name)")
        unlink(copy)
    }

    /// Finishes what was begun, where `copy` is the name of such a whole copy.
    static func finishInPlace(_ copy: String, in directory: String) {
        let ending = ".\(copySuffix)"
        guard copy.hasSuffix(ending) else { return }
        let path = "\(directory)/\(copy)"
        guard (try? write(from: path, over: "\(directory)/\(copy.dropFirst().dropLast(ending.count))")) != nil else {
            return
        }
        unlink(path)
    }

    /// Leaves an empty file, which is as good as none; false where it was empty.
    static func emptyInPlace(_ path: String) throws(Failure) -> Bool {
        let (descriptor, size) = try own(path)
        defer { close(descriptor) }
        guard size > 0 else { return false }
        guard ftruncate(descriptor, 0) == 0, fsync(descriptor) == 0 else { throw .system(.last) }
        return true
    }

    /// Gives the file another name, or, where it cannot have one, its content: then it stays behind empty.
    public static func setAside(_ path: String, as kept: String) -> Bool {
        if FileCalls.current.rename(path, kept) == 0 { return true }
        guard SystemError.last == .busy, let bytes = try? read(path, limit: 16 << 20)?.bytes else { return false }
        unlink(kept)
        return (try? create(kept, bytes: bytes)) != nil && (try? emptyInPlace(path)) != nil
    }

    /// The copy stays where this fails after the first byte: nothing else has all of it.
    private static func write(from copy: String, over path: String) throws(Failure) {
        guard let bytes = try read(copy, limit: .max)?.bytes else { throw .system(.missing) }
        let descriptor: Int32
        do throws(Failure) { descriptor = try own(path).descriptor } catch {
            unlink(copy)
            throw error
        }
        defer { close(descriptor) }
        if let error = Descriptor(descriptor).write(bytes) { throw .system(error) }
        guard ftruncate(descriptor, bytes.count) == 0, fsync(descriptor) == 0 else { throw .system(.last) }
    }

    /// A file of this user's, opened to be written, closed to others where that can be had.
    private static func own(_ path: String) throws(Failure) -> (descriptor: Int32, size: Int) {
        let descriptor = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw errno == ELOOP ? .link : .system(.last) }
        var status = stat()
        let isKnown = fstat(descriptor, &status) == 0
        guard isKnown, status.st_uid == geteuid(), status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw isKnown && status.st_uid != geteuid() ? .foreign : .wrongKind
        }
        _ = FileCalls.close(descriptor, to: 0o600)
        return (descriptor, status.st_size)
    }
}
