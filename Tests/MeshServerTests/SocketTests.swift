// Over a real socket: the port it got, polls held and answered, clients that leave, a stop, an idle end.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import NIOCore
import NIOPosix
import ServiceLifecycle
import Testing

@testable import MeshServer

@Suite struct SocketTests {
    private func withServer(
        _ bench: Bench, _ test: @escaping @Sendable (TestClient, ServiceGroup) async throws -> Void
    ) async throws {
        try await bench.serve { port, group in
            try await TestClient.withClient(host: "127.0.0.1", port: port) { try await test($0, group) }
        }
    }

    /// Everything the server says to these bytes until it ends the connection.
    private func answer(to text: String, port: Int) async throws -> String {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var all = ""
            do {
                for try await part in inbound { all += String(buffer: part) }
            } catch is IOError {}  // Reset: it was done with us.
            return all
        }
    }

    @Test(arguments: [
        "X-Long: \(String(repeating: "x", count: 17 << 10))\r\n",
        (0..<101).map { "X-\($0): x\r\n" }.joined(),
    ])
    func tooManyHeadersEndTheConnectionAndNothingElse(headers: String) async throws {
        let bench = try Bench { $0.port = 0 }
        try await bench.serve { port, _ in
            let start = "GET /health HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n"
            let refused = try await answer(to: "\(start)\(headers)\r\n", port: port)
            #expect(!refused.contains(" 200 "))
            let next = try await answer(to: "\(start)Connection: close\r\n\r\n", port: port)
            #expect(next.contains(" 200 OK"))
        }
    }

    @Test func aBodyThatBreaksHTTPIsNoFaultOfOurs() async throws {
        let bench = try Bench { $0.port = 0 }
        try await bench.serve { port, _ in
            for path in ["/login", "/oauth/token", "/api/auth/cli/device-code"] {
                let isForm = !path.hasPrefix("/api")
                let type = isForm ? "application/x-www-form-urlencoded" : "application/json"
                let text =
                    "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Type: \(type)\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\nZZ\r\n"
                let refused = try await answer(to: text, port: port)
                #expect(refused.hasPrefix("HTTP/1.1 400 "), "\(path): \(refused)")
            }
        }
    }

    /// No route sees it, and it is answered, logged and counted like any other.
    @Test(arguments: [
        "B@D / HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", "nonsense\r\n\r\n",
        "GET /login HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        "GET /login HTTP/1.1\r\nHost: localhost\r\nX-Long: \(String(repeating: "x", count: 20 << 10))\r\n\r\n",
    ])
    func whatIsNoHTTPIsAnsweredLikeAllElse(text: String) async throws {
        let log = RecordedLog()
        let bench = try Bench(logger: log.logger) { $0.port = 0 }
        try await bench.serve { port, _ in
            let refused = try await answer(to: text, port: port).lowercased()
            #expect(refused.hasPrefix("http/1.1 400 "), "\(refused)")
            for header in ["content-security-policy: default-src 'none'", "nosniff", "no-referrer", "no-store"] {
                #expect(refused.contains(header), "\(header)")
            }
            let counted = #"claudemesh_http_requests_total{method="-",route="-",status="400"} 1"#
            #expect(bench.services.metrics.text(gauges: [:]).contains(counted))
            #expect(log.text.contains(#""status": 400"#), "\(log.text)")
        }
    }

    /// Its connection is used up by noticing whether the client leaves; who asks for more on it is told so by its end.
    @Test func whatIsAskedBehindAHeldPollDoesNotWaitForEver() async throws {
        let bench = try Bench { $0.port = 0 }
        try await bench.serve { port, _ in
            let host = "Host: 127.0.0.1:\(port)\r\n"
            let made = try await answer(
                to: "POST /api/auth/cli/device-code HTTP/1.1\r\n\(host)Content-Type: application/json\r\n"
                    + "Connection: close\r\nContent-Length: \(body.readableBytes)\r\n\r\n\(String(buffer: body))",
                port: port)
            let code = try #require(made.firstMatch(of: /"device_code":"([^"]+)"/)?.1)
            let start = ContinuousClock.now
            let both = Task {
                try await answer(
                    to: "GET /api/auth/cli/device-code/\(code)?wait=25 HTTP/1.1\r\n\(host)\r\n"
                        + "GET /health HTTP/1.1\r\n\(host)\r\n", port: port)
            }
            try await eventually { bench.services.hub.count == 1 }
            bench.time.advance(25)
            let answers = try await both.value
            #expect(answers.contains(#""status":"pending""#))
            #expect(!answers.contains(#""status":"ok""#))
            #expect(ContinuousClock.now - start < .seconds(30), "not the idle timeout's end")
        }
    }

    /// `GET http://host/path`, which proxies are asked with: its host must be one of ours, whatever the field says.
    @Test func aWholeAddressAsTargetNamesAHostOfOurs() async throws {
        let bench = try Bench { $0.port = 0 }
        try await bench.serve { port, _ in
            for (target, status) in [
                ("http://127.0.0.1:\(port)/login", 200), ("http://evil.example/login", 421),
                ("http://evil.example/health", 200), ("HTTP://evil.example:\(port)/api/my/whoami", 421),
                ("http://evil.example", 421), ("http://evil.example?x=/", 421),
                ("http://127.0.0.1@evil.example/login", 421),
            ] {
                let text = "GET \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n"
                let answer = try await answer(to: text, port: port)
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(target): \(answer)")
            }
        }
    }

    @Test(arguments: ["/api/nope", "/api/auth/cli/device-code", "/nope"])
    func anAnswerToHEADHasNoBody(path: String) async throws {
        let bench = try Bench { $0.port = 0 }
        try await bench.serve { port, _ in
            let text = "HEAD \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n"
            let head = try await answer(to: text, port: port)
            #expect(head.hasPrefix("HTTP/1.1 40") && head.hasSuffix("\r\n\r\n"), "\(head)")
        }
    }

    /// A poll that is answered before its request was read whole; ended by the server, not the end of it.
    @Test func aPollWithABodyThatNeverComesIsAnswered() async throws {
        let bench = try Bench { $0.port = 0 }
        try await bench.serve { port, _ in
            let poll = "GET /api/auth/cli/device-code/nonsense?wait=5 HTTP/1.0\r\nHost: 127.0.0.1:\(port)\r\n"
            for ending in ["", "Content-Length: 10\r\n"] {
                let answer = try await answer(to: "\(poll)\(ending)\r\n", port: port)
                #expect(answer.contains(" 404 "))
            }
        }
    }

    /// What w3m sends: it reads until the connection ends.
    @Test func anHTTP10ConnectionEndsWithItsAnswer() async throws {
        let bench = try Bench { $0.port = 0 }
        try await bench.serve { port, _ in
            let start = ContinuousClock.now
            let answer = try await answer(to: "GET /login HTTP/1.0\r\nHost: 127.0.0.1:\(port)\r\n\r\n", port: port)
            #expect(answer.contains("200 OK"))
            #expect(ContinuousClock.now - start < .seconds(30), "not the idle timeout's end")
        }
    }

    private let body = ByteBuffer(string: #"{"device_name":"a","device_os":"b","device_arch":"c"}"#)

    private func code(_ client: TestClient, _ bench: Bench) async throws -> DeviceCode {
        let answer = try await client.execute(
            TestClient.Request(
                "/api/auth/cli/device-code", method: .post, authority: "localhost",
                headers: [.contentType: "application/json"], body: body))
        try #require(answer.status == .created)
        return try WireJSON.decode(DeviceCode.self, from: Data(try #require(answer.body).readableBytesView))
    }

    private static func held(_ code: DeviceCode) -> TestClient.Request {
        TestClient.Request(
            "/api/auth/cli/device-code/\(code.deviceCode)?wait=25", method: .get, authority: "localhost")
    }

    @Test func thePortItGotIsInItsLinks() async throws {
        let bench = try Bench { $0.port = 0 }
        try await withServer(bench) { client, _ in
            let code = try await code(client, bench)
            let port = try #require(bench.server.port)
            #expect(code.verificationUrl == "http://127.0.0.1:\(port)/cli-auth")
            #expect(bench.server.url == "http://127.0.0.1:\(port)")
        }
    }

    @Test func aStopAnswersHeldPolls() async throws {
        let bench = try Bench { $0.port = 0 }
        try await withServer(bench) { client, group in
            let code = try await code(client, bench)
            let poll = Task {
                try await client.execute(Self.held(code))
            }
            try await eventually { bench.services.hub.count == 1 }
            await group.triggerGracefulShutdown()
            let answer = try await poll.value
            #expect(answer.status == .ok)
            #expect(String(buffer: try #require(answer.body)).contains(#""status":"pending""#))
        }
    }

    @Test func aClientThatLeavesIsLetGo() async throws {
        let bench = try Bench { $0.port = 0 }
        try await withServer(bench) { client, _ in
            let code = try await code(client, bench)
            let poll = Task {
                try? await client.execute(Self.held(code))
            }
            try await eventually { bench.services.hub.count == 1 }
            try await client.close()
            try await eventually { bench.services.hub.count == 0 }
            _ = await poll.value
        }
    }

    @Test func aServerNobodyUsesEnds() async throws {
        let bench = try Bench {
            $0.port = 0
            $0.idleLimit = .milliseconds(20)
        }
        try await bench.server.run()
    }
}
