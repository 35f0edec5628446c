// One HTTP exchange with a program on this machine, over a socket of its own. (URLSession refuses chromedriver's headers,
// which have no space after the colon.)

import Dispatch
import Foundation
import Glibc

enum LoopbackHTTP {
    /// The body of the answer. Runs on a thread of Dispatch's, not of the pool.
    static func exchange(port: Int, method: String, path: String, body: Data?) async throws -> Data {
        let body = body ?? Data()
        let head = """
            \(method) \(path) HTTP/1.1\r
            Host: 127.0.0.1:\(port)\r
            Content-Type: application/json\r
            Content-Length: \(body.count)\r
            Connection: close\r
            \r

            """
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try talk(port, Data(head.utf8) + body) })
            }
        }
    }

    private static func talk(_ port: Int, _ request: Data) throws -> Data {
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard connection >= 0 else { throw BrowserFailure("no socket") }
        defer { close(connection) }
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(clamping: port)).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw BrowserFailure("nothing listens on port \(port)") }
        try send(request, to: connection)
        return try receive(from: connection)
    }

    private static func send(_ request: Data, to connection: Int32) throws {
        var rest = Array(request)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw BrowserFailure("the connection was lost") }
            rest = rest.dropFirst(count)
        }
    }

    /// Up to the announced length: the driver may leave the connection open.
    private static func receive(from connection: Int32) throws -> Data {
        var answer = Data()
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            if let end = answer.range(of: Data("\r\n\r\n".utf8))?.upperBound {
                let head = String(decoding: answer[..<end], as: UTF8.self).lowercased()
                let length = head.firstMatch(of: /content-length: *(\d+)/).flatMap { Int($0.1) } ?? 0
                if answer.count - end >= length { return answer[end..<(end + length)] }
            }
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { throw BrowserFailure("no whole answer") }
            answer.append(contentsOf: buffer[..<count])
        }
    }
}
