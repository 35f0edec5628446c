// Who a process is: a pid is used again, and the same number names another process in another container or on another
// machine. With its start, the boot and the PID namespace it names one process, and says where that can be judged.

internal import CPosix
internal import Glibc

/// One process, as any other that reads of it may understand it.
public struct ProcessIdentity: Sendable, Hashable, Codable {
    /// What is known of a process from here.
    public enum Life: Sendable, Hashable {
        /// It lives, or that cannot be found out.
        case alive
        case gone
        /// It belongs to another container, machine or boot: its number says nothing here.
        case elsewhere
    }

    public let pid: Int32
    /// Clock ticks after boot; 0 where the system does not tell.
    public let start: Int64
    /// The id of the boot; empty where the system does not tell. macOS has it as `kern.bootsessionuuid`.
    public let boot: String
    /// The PID namespace; 0 where the system does not tell. macOS has one for all, so a constant would do.
    public let namespace: UInt64

    public static let own = ProcessIdentity(
        pid: getpid(), start: max(0, cp_process_start(getpid())), boot: bootID(), namespace: pidNamespace())

    public init(pid: Int32, start: Int64, boot: String, namespace: UInt64) {
        self.pid = pid
        self.start = start
        self.boot = boot
        self.namespace = namespace
    }

    /// From `PID START BOOT NAMESPACE`, with any separator of one character. Of `PID START` alone, as it was written
    /// before, the rest is not known.
    public init?(_ text: some StringProtocol, separator: Character = " ") {
        let parts = text.split(whereSeparator: { $0 == separator || $0 == "\n" })
        guard parts.count == 2 || parts.count == 4, let pid = Int32(parts[0]), let start = Int64(parts[1]), pid > 0,
            start >= 0
        else { return nil }
        let place = parts.count == 4 ? UInt64(parts[3]).map { (String(parts[2]), $0) } : ("", 0)
        guard let (boot, namespace) = place else { return nil }
        self.init(pid: pid, start: start, boot: boot, namespace: namespace)
    }

    /// What `init(_:separator:)` reads.
    public func text(separator: Character = " ") -> String {
        ["\(pid)", "\(start)", boot.isEmpty ? "-" : boot, "\(namespace)"].joined(separator: String(separator))
    }

    /// What cannot be known counts as alive, what cannot be judged from here as elsewhere: nothing of a living process is
    /// ever swept, and no stranger is signalled.
    public func life(seenFrom here: ProcessIdentity = .own) -> Life {
        guard here.isPlaced, boot == here.boot, namespace == here.namespace else { return .elsewhere }
        let now = cp_process_start(pid)
        return now == 0 || now > 0 && (start == 0 || start == now) ? .alive : .gone
    }

    private var isPlaced: Bool { !boot.isEmpty && boot != "-" && namespace != 0 }
}

private func bootID() -> String {
    let path = "/proc/sys/kernel/random/boot_id"
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return "" }
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: 64)
    let count = read(file, &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, count)).prefix { $0 > 0x20 }, as: UTF8.self)
}

/// From `pid:[4026531836]`. Where /proc shows another namespace's processes it would be read of another process.
private func pidNamespace() -> UInt64 {
    guard target(ofLink: "/proc/self") == "\(getpid())" else { return 0 }
    return UInt64(target(ofLink: "/proc/self/ns/pid")?.filter(\.isNumber) ?? "") ?? 0
}
