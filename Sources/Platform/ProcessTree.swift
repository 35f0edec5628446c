// Who started whom.

internal import CPosix
internal import FoundationEssentials
internal import Glibc

public enum ProcessTree {
    /// The process that started this one, or took it over.
    public static var parent: Int32 { getppid() }

    /// Whether there is such a process; what cannot be known counts as one.
    public static func lives(_ pid: Int32) -> Bool { cp_process_start(pid) >= 0 }

    /// How many generations `pid` is below `ancestor`; nil where it is none of its descendants.
    public static func depth(of pid: Int32, below ancestor: Int32) -> Int? {
        var (pid, depth) = (pid, 0)
        while pid > 1, depth < 64 {
            if pid == ancestor { return depth }
            guard let parent = parent(of: pid) else { return nil }
            (pid, depth) = (parent, depth + 1)
        }
        return nil
    }

    /// Who started `pid`, who started that one, and so on; nearest first, without `pid` itself.
    public static func ancestors(of pid: Int32) -> [Int32] {
        var (pid, found) = (pid, [Int32]())
        while pid > 1, found.count < 64, let parent = parent(of: pid), parent > 0 {
            found.append(parent)
            pid = parent
        }
        return found
    }

    /// A variable that `pid` was started with; nil where it has none, and where its environment is not ours to read.
    public static func variable(_ name: String, of pid: Int32) -> String? {
        guard let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/environ") else { return nil }
        let prefix = Array("\(name)=".utf8)
        return bytes.split(separator: 0).first { $0.starts(with: prefix) }
            .map { String(decoding: $0.dropFirst(prefix.count), as: UTF8.self) }
    }

    /// The fourth field of its `stat`, behind the name, which may hold anything.
    private static func parent(of pid: Int32) -> Int32? {
        let descriptor = open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &bytes, bytes.count)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        return fields.count > 1 ? Int32(fields[1]) : nil
    }
}
