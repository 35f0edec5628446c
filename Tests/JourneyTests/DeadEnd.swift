// Servers that are none: one where nothing listens, and one that takes a connection and never says a word.

import Glibc

/// A port of this machine that leads nowhere, as long as this value lives.
final class DeadEnd: Sendable {
    /// Nothing listens there.
    static let refusing = DeadEnd(listens: false)
    /// Connections are taken, and never answered.
    static let mute = DeadEnd(listens: true)

    let port: UInt16
    private let descriptor: Int32

    var url: String { "http://127.0.0.1:\(port)" }
    var host: String { "127.0.0.1:\(port)" }

    private init(listens: Bool) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(descriptor, $0, length)
                _ = getsockname(descriptor, $0, &length)
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        // The kernel takes connections for a listener that never accepts one.
        if listens { listen(descriptor, 1024) }
    }

    deinit { close(descriptor) }
}
