// Unix sockets: writing into one, and keeping one to this user.

internal import Glibc

public enum LocalSocket {
    /// Connects, writes all of `bytes` and closes. False where that cannot be done in two seconds.
    public static func write(_ bytes: [UInt8], to path: String) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { Glibc.close(descriptor) }
        var patience = timeval(tv_sec: 2, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        guard connects(descriptor, path) else { return false }
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                send(descriptor, buffer.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            sent += count
        }
        shutdown(descriptor, Int32(SHUT_WR))
        return true
    }

    /// Removes what a former owner left at `path`. Only for who holds the lock of that place.
    public static func removeLeftover(_ path: String) { unlink(path) }

    /// Sees to it that the socket at `path` is this user's alone. Until then it is whoever's the folder lets in.
    public static func close(_ path: String) { chmod(path, 0o600) }

    /// `struct ucred`: who is at the other end. What `optionLevel` and `optionName` name.
    public struct Peer: Sendable {
        public var pid: Int32
        public var user: UInt32
        public var group: UInt32
    }

    public static var optionLevel: Int32 { SOL_SOCKET }
    public static var optionName: Int32 { SO_PEERCRED }

    private static func connects(_ descriptor: Int32, _ path: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }
}
