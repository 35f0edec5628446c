// The server's process and the signals that stop it.

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
            while (try? await connect(port: port).executeThenClose { _, _ in }) != nil {
                try await Task.sleep(for: .milliseconds(5))
            }
            serve.signal(SIGINT)
            #expect(try await serve.waitForEnd() == .signal(SIGINT))
        }
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
