// The server's process and the signals that stop it.

import Foundation
import Glibc
import NIOCore
import NIOPosix
import TestSupport
import Testing

@Suite(.serialized) struct ServerStopTests {
    @Test func aSecondSignalDoesNotWaitForWhatIsUnderWay() async throws {
        let host = try Journey()
        let serve = try host.start(["serve", "--port", "0", "--database", host.home + "/server.sqlite"])
        let shown = try await serve.wait(for: "its address") { $0.text.contains(#/http://[\w.]+:\d+/#) }
        let port = try #require(shown.text.firstMatch(of: #/http://[\w.]+:(\d+)/#).flatMap { Int($0.1) })
        let channel = try await connect(port: port)
        try await channel.executeThenClose { inbound, outbound in
            let head =
                "POST /login HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + "Content-Length: 5000\r\nExpect: 100-continue\r\n\r\n"
            try await outbound.write(ByteBuffer(string: head))
            var answers = inbound.makeAsyncIterator()
            #expect(String(buffer: try #require(try await answers.next())).contains("100 Continue"), "it is under way")
            serve.signal(SIGTERM)
            // It stops: nobody is let in any more.
            try await eventually { (try? await connect(port: port).executeThenClose { _, _ in }) == nil }
            serve.signal(SIGINT)
            #expect(try await serve.waitForEnd() == .signal(SIGINT))
        }
    }

    /// As when its terminal closes; and a name that SQLite would read as something else is the file it is.
    @Test func aHangUpEndsItInOrder() async throws {
        let host = try Journey()
        let path = "file:server.sqlite"
        let serve = try host.start(["serve", "--port", "0", "--database", path])
        try await serve.wait(for: "its address") { $0.text.contains("http://") }
        serve.signal(SIGHUP)
        #expect(try await serve.waitForEnd() == .code(0))
        let names = try FileManager.default.contentsOfDirectory(atPath: host.home).filter { $0.hasPrefix("file:") }
        #expect(names.sorted() == [path, path + ".key"])
        let copied = try await host.run("serve", "backup", "--database", path, ":memory:")
        #expect(copied.status == 0, "\(copied.error)")
        let verified = try await host.run("serve", "audit", "verify", "--database", ":memory:")
        #expect(verified.status == 0, "\(verified.error)")
    }

    /// A log that nobody reads, as of a stalled pager, costs its lines: no answer waits for it, and no end.
    @Test func aLogThatNobodyReadsIsNotWaitedFor() async throws {
        let host = try Journey()
        // Open for reading too, so that it stays open; nothing is read behind the line that has the address.
        let script = """
            mkfifo log && exec 9<>log
            (until case $line in *http://*) ;; *) false ;; esac; do read -r line <&9; echo "$line"; done) &
            exec 2>log "$0" serve --port 0 --database server.sqlite
            """
        let serve = try TerminalSession(
            "/bin/sh", ["-c", script, Journey.program],
            environment: host.environment(["CLAUDEMESH_SERVE_LOG": "info"]),
            directory: host.home, owner: host)
        let shown = try await serve.wait(for: "its address") { $0.text.contains(#/http://[\w.]+:\d+/#) }
        let port = try #require(shown.text.firstMatch(of: #/http://[\w.]+:(\d+)/#).flatMap { Int($0.1) })
        let ask = { (more: String) in "GET /login HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\(more)\r\n" }
        let requests = String(repeating: ask(""), count: 1499) + ask("Connection: close\r\n")
        let channel = try await connect(port: port)
        try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: requests))
            var answers = ""
            for try await piece in inbound { answers += String(buffer: piece) }
            #expect(answers.split(separator: "HTTP/1.1 200 OK\r\n").count == 1500)
        }
        serve.signal(SIGTERM)
        #expect(try await serve.waitForEnd() == .code(0))
    }

    /// `nohup`, a script's `&`.
    @Test func whatWasIgnoredStaysIgnored() async throws {
        let host = try Journey()
        let script = "trap '' INT HUP; exec \"$0\" serve --port 0 --database server.sqlite"
        let serve = try TerminalSession(
            "/bin/sh", ["-c", script, Journey.program], environment: host.environment(), directory: host.home,
            owner: host)
        try await serve.wait(for: "its address") { $0.text.contains("http://") }
        serve.signal(SIGINT)
        serve.signal(SIGHUP)
        serve.signal(SIGTERM)
        // Two signals that were heeded would have been its end by the second of them.
        #expect(try await serve.waitForEnd() == .code(0))
    }

    private func connect(port: Int) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
    }
}
