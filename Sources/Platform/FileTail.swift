// The last part of a file that somebody else is writing.

internal import Glibc

public enum FileTail {
    /// At most `most` bytes, from the beginning of a line on.
    public static func read(_ path: String, most: Int) throws(SystemError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .last }
        defer { close(descriptor) }
        var found = stat()
        guard fstat(descriptor, &found) == 0 else { throw .last }
        guard found.st_mode & S_IFMT == S_IFREG else { throw .notPermitted }
        let size = Int(found.st_size)
        let start = max(0, size - most)
        var bytes = [UInt8](repeating: 0, count: size - start)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(start)) }
        guard count >= 0 else { throw .last }
        bytes.removeLast(bytes.count - count)
        guard start > 0, let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return bytes }
        return Array(bytes[(end + 1)...])
    }
}
