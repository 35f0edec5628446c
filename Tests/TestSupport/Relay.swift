// A stretch of network between the program and a real server, which fails at a chosen moment.

import Foundation
import Glibc
import Synchronization

/// Passes connections of a port of its own on to a server, until a request or an answer comes that contains `moment`.
package final class Relay: Sendable {
    /// What becomes of the request of that moment, and of all that is sent after it.
    package enum Failure: Sendable {
        /// The connections break, and nothing listens any more.
        case breaks
        /// It is swallowed: no answer ever comes. Other connections go on.
        case swallows
        /// It is the answer of that moment that gets lost, with its connection. Others go on.
        case losesAnswer
        /// Somebody else asks the same just before, and is answered at once.
        case hurries
    }

    package let port: UInt16
    private let listener: Int32
    /// Where new connections lead.
    private let target: Mutex<UInt16>
    private let moment: Data
    private let failure: Failure?
    private let isCut = Mutex(false)
    private let isPaused = Mutex(false)
    /// Pairs of descriptors, with how many of their two directions are over.
    private let connections = Mutex<[Pair: Int]>([:])

    private struct Pair: Hashable { let client, server: Int32 }

    package var url: String { "http://127.0.0.1:\(port)" }

    package convenience init(to url: String, _ failure: Failure, at moment: String) throws {
        try self.init(to: try Self.port(of: url), failure, Data(moment.utf8))
    }

    /// One that never fails, and leads nowhere yet.
    package convenience init() throws { try self.init(to: 0, nil, Data()) }

    private init(to target: UInt16, _ failure: Failure?, _ moment: Data) throws {
        self.target = Mutex(target)
        (self.failure, self.moment) = (failure, moment)
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        let listener = listener
        port = try Self.address(0) { address, length in
            guard bind(listener, address, length) == 0, listen(listener, 64) == 0 else {
                throw SessionFailure("no relay: \(errno)")
            }
            var bound = sockaddr_in()
            var size = length
            withUnsafeMutablePointer(to: &bound) {
                _ = $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &size) }
            }
            return UInt16(bigEndian: bound.sin_port)
        }
        // Threads of its own: the pool's are the server's. Each ends with its descriptor.
        Thread.detachNewThread { [self] in
            while case let client = accept(listener, nil, nil), client >= 0 {
                if isPaused.withLock({ $0 }) { close(client) } else { serve(client) }
            }
            close(listener)
        }
    }

    /// From now on new connections go to that server, as a balancer may decide.
    package func lead(to url: String) throws {
        let port = try Self.port(of: url)
        target.withLock { $0 = port }
    }

    private static func port(of url: String) throws -> UInt16 {
        guard let port = URL(string: url)?.port.map(UInt16.init(clamping:)) else { throw SessionFailure("no port") }
        return port
    }

    private func serve(_ client: Int32) {
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        let isConnected = try? Self.address(target.withLock { $0 }) { connect(server, $0, $1) == 0 }
        guard isConnected == true else {
            close(client)
            close(server)
            return
        }
        let pair = Pair(client: client, server: server)
        connections.withLock { $0[pair] = 0 }
        Thread.detachNewThread { [self] in
            pump(from: client, to: server, of: pair) { request in
                guard let failure, failure != .losesAnswer, request.range(of: moment) != nil else { return true }
                if failure == .hurries { ask(request) }
                return failure == .hurries
            }
        }
        Thread.detachNewThread { [self] in
            pump(from: server, to: client, of: pair) { failure != .losesAnswer || $0.range(of: moment) == nil }
        }
    }

    /// Asks the same on a connection of its own, without waiting for news, and takes the answer.
    private func ask(_ request: Data) {
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(server) }
        guard (try? Self.address(target.withLock { $0 }) { connect(server, $0, $1) == 0 }) == true else { return }
        let text = Array(String(decoding: request, as: UTF8.self).replacing(#/\?wait=[0-9]+/#, with: "").utf8)
        var answer = [UInt8](repeating: 0, count: 16 << 10)
        if send(server, text, text.count, Int32(MSG_NOSIGNAL)) == text.count {
            _ = recv(server, &answer, answer.count, 0)
        }
    }

    /// Ends the listening and every connection; the threads then end by themselves.
    package func cut() {
        // Once: its number may be another's by then.
        let wasCut = isCut.withLock { isCut in
            defer { isCut = true }
            return isCut
        }
        if !wasCut { shutdown(listener, Int32(SHUT_RDWR)) }
        breakConnections()
    }

    /// Every connection breaks, and none holds until `resume`.
    package func pause() {
        isPaused.withLock { $0 = true }
        breakConnections()
    }

    package func resume() { isPaused.withLock { $0 = false } }

    private func breakConnections() {
        connections.withLock { pairs in
            for pair in pairs.keys {
                shutdown(pair.client, Int32(SHUT_RDWR))
                shutdown(pair.server, Int32(SHUT_RDWR))
            }
        }
    }

    /// Until one of them ends, or `passes` says no to what came.
    private func pump(from source: Int32, to sink: Int32, of pair: Pair, _ passes: (Data) -> Bool) {
        defer { isOver(pair) }
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = recv(source, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            guard passes(Data(buffer[..<count])) else {
                if failure == .losesAnswer { break }
                if failure == .breaks { cut() }
                return
            }
            guard send(sink, buffer, count, Int32(MSG_NOSIGNAL)) == count else { break }
        }
        shutdown(sink, Int32(SHUT_WR))
    }

    private func isOver(_ pair: Pair) {
        connections.withLock { pairs in
            guard pairs[pair] == 1 else {
                pairs[pair] = 1
                return
            }
            pairs[pair] = nil
            close(pair.client)
            close(pair.server)
        }
    }

    private static func address<R>(
        _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> R
    ) throws -> R {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        return try withUnsafePointer(to: &address) {
            try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                try body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
