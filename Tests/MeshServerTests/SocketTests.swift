// Over a real socket: the port it got, polls held and answered, clients that leave, a stop, an idle end.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import NIOCore
import NIOPosix
import ServerSupport
import ServiceLifecycle
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

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
        (0..<3).map { "X-\($0): \(String(repeating: "x", count: 15 << 10))\r\n" }.joined(),
    ])
    func tooManyHeadersEndTheConnectionAndNothingElse(headers: String) async throws {
        let bench = try Bench { $0.port = 0 }
        try await bench.serve { port, _ in
            let start = "GET /health HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n"
            let refused = try await answer(to: "\(start)\(headers)Connection: close\r\n\r\n", port: port)
            #expect(refused.hasPrefix("HTTP/1.1 431 "), "\(refused)")
            #expect(refused.hasSuffix("\r\n\r\n\(try json(.headTooLarge))"), "\(refused)")
            let next = try await answer(to: "\(start)Connection: close\r\n\r\n", port: port)
            #expect(next.contains(" 200 OK"))
        }
    }

    @Test func aServerThatStoppedLeavesNothingBesideItsDatabase() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "stopped-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let bench = try Bench {
            $0.port = 0
            $0.storage = .file(folder + "/server.sqlite")
        }
        try await bench.serve { port, _ in
            _ = try await answer(
                to: "GET /login HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n", port: port)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(names.sorted() == ["server.sqlite", "server.sqlite.key"])
    }

    private func json(_ refusal: Refusal) throws -> String {
        String(decoding: try WireJSON.encode(refusal.body), as: UTF8.self)
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

    /// Nobody waits for what it announces, be it more than a number of ours has.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: ["65537", "9223372036854775807", "9223372036854775808", "18446744073709551615"])
    func aBodyThatAnnouncesTooMuchIsRefusedAtOnce(length: String) async throws {
        let bench = try Bench { $0.port = 0 }
        try await bench.serve { port, _ in
            let start = ContinuousClock.now
            let refused = try await answer(
                to: "POST /api/auth/cli/device-code HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nContent-Length: \(length)\r\n\r\n{}", port: port)
            #expect(refused.hasPrefix("HTTP/1.1 413 "), "\(refused.prefix(40))")
            #expect(ContinuousClock.now - start < .seconds(30), "not the idle timeout's end")
        }
    }

    @Test(arguments: ["close", "Close", "keep-alive, close", "x\r\nConnection: CLOSE"])
    func aConnectionEndsWhereItsClientSaysSo(value: String) async throws {
        let bench = try Bench { $0.port = 0 }
        try await bench.serve { port, _ in
            let start = ContinuousClock.now
            let answer = try await answer(
                to: "GET /health HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: \(value)\r\n\r\n", port: port)
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            #expect(ContinuousClock.now - start < .seconds(30), "not the idle timeout's end")
        }
    }

    /// One that does not say how long it is, is cut where it is too long.
    @Test(arguments: [
        ("/api/auth/cli/device-code", "application/json"), ("/login", "application/x-www-form-urlencoded"),
    ])
    func aBodyOfUnknownLengthHas64KiBAtMost(path: String, type: String) async throws {
        let bench = try Bench { $0.port = 0 }
        try await bench.serve { port, _ in
            let chunk = "4000\r\n\(String(repeating: " ", count: 0x4000))\r\n"
            let text =
                "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Type: \(type)\r\n"
                + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                + String(repeating: chunk, count: 5) + "0\r\n\r\n"
            let refused = try await answer(to: text, port: port)
            #expect(refused.hasPrefix("HTTP/1.1 413 "), "\(refused.prefix(40))")
        }
    }

    /// No route sees it, and it is answered, logged and counted like any other.
    @Test(arguments: [
        "B@D / HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", "nonsense\r\n\r\n",
        "GET /login HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        "HEAD /login HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        "GET /\(String(repeating: "x", count: 20 << 10)) HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ])
    func whatIsNoHTTPIsAnsweredLikeAllElse(text: String) async throws {
        let log = RecordedLog()
        let bench = try Bench(logger: log.logger) { $0.port = 0 }
        try await bench.serve { port, _ in
            let refused = try await answer(to: text, port: port).lowercased()
            let (status, refusal) = text.count > 1000 ? (431, Refusal.headTooLarge) : (400, .unreadable)
            #expect(refused.hasPrefix("http/1.1 \(status) "), "\(refused)")
            let body = try json(refusal).lowercased()
            #expect(refused.hasSuffix("\r\n\r\n\(text.hasPrefix("HEAD") ? "" : body)"), "\(refused)")
            #expect(refused.contains("content-length: \(body.utf8.count)\r\n"))
            for header in ["content-security-policy: default-src 'none'", "nosniff", "no-referrer", "no-store"] {
                #expect(refused.contains(header), "\(header)")
            }
            let counted = #"claudemesh_http_requests_total{method="-",route="-",status="\#(status)"} 1"#
            #expect(bench.services.metrics.text(gauges: [:]).contains(counted))
            #expect(log.text.contains(#""status": \#(status)"#), "\(log.text)")
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
            // Its timer comes behind its place in the line.
            try await eventually { bench.time.timerCount == 1 }
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

    /// As a balancer's oldest check asks. No host is none of ours; what says that a server lives answers whoever asks.
    @Test func withoutAHostOnlyHealthIsTold() async throws {
        let bench = try Bench { $0.port = 0 }
        try await bench.serve { port, _ in
            for (asked, status) in [
                ("GET /health HTTP/1.0", 200), ("HEAD /health/ready HTTP/1.0", 200), ("OPTIONS / HTTP/1.0", 421),
                ("GET /login HTTP/1.0", 421), ("GET /api/my/whoami HTTP/1.1", 421),
            ] {
                let answer = try await answer(to: "\(asked)\r\nConnection: close\r\n\r\n", port: port)
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(asked): \(answer)")
            }
        }
    }

    /// Its language's link least of all, which is made of what was asked for.
    @Test(arguments: ["GET //evil.example/x?y", "GET //evil.example", "GET /\\evil.example", "CONNECT evil.example:80"])
    func anErrorsPageLeadsToNoOtherSite(asked: String) async throws {
        let bench = try Bench { $0.port = 0 }
        try await bench.serve { port, _ in
            let page = try await answer(
                to: "\(asked) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n", port: port)
            let links = page.matches(of: /href="([^"]*)"/).map(\.1)
            #expect(links.contains { $0.hasSuffix("lang=es") }, "\(page)")
            #expect(links.allSatisfy { $0.wholeMatch(of: /#main|\/([^\/\\].*)?/) != nil }, "\(links)")
        }
    }

    /// A proxy on this machine comes from loopback too; one that hides what it is can't be told.
    @Test(arguments: [
        ("", 200), ("X-Forwarded-For: 192.0.2.1\r\n", 404), ("Forwarded: for=192.0.2.1\r\n", 404),
        ("X-Real-IP: 192.0.2.1\r\n", 404), ("Via: 1.1 proxy\r\n", 404),
    ])
    func metricsAreForThisMachineAlone(header: String, status: Int) async throws {
        let bench = try Bench { $0.port = 0 }
        try await bench.serve { port, _ in
            let answer = try await answer(
                to: "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\(header)Connection: close\r\n\r\n", port: port
            )
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
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

    /// A connection that sends `text`, waits until `test` is done, and reads only what `test` reads.
    private func whileConnected<Value: Sendable>(
        _ text: String, port: Int,
        _ test: (NIOAsyncChannelInboundStream<ByteBuffer>, NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws ->
            Value
    ) async throws -> Value {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.socketOption(.so_rcvbuf), value: 4096)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            if !text.isEmpty { try await outbound.write(ByteBuffer(string: text)) }
            return try await test(inbound, outbound)
        }
    }

    /// The head of a form and a byte of it; the server says when it waits for the rest.
    private func halfAForm(port: Int) -> String {
        "POST /login HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + "Content-Length: 5000\r\nExpect: 100-continue\r\n\r\na"
    }

    @Test(.timeLimit(.minutes(1))) func aStopDoesNotWaitForEverForARequestThatDoesNotCome() async throws {
        let bench = try Bench {
            $0.port = 0
            $0.lastRequests = .milliseconds(100)
        }
        let connections = bench.server.connections
        try await bench.serve { port, group in
            try await whileConnected(halfAForm(port: port), port: port) { inbound, _ in
                var answers = inbound.makeAsyncIterator()
                let goOn = try #require(try await answers.next())
                #expect(String(buffer: goOn) == "HTTP/1.1 100 Continue\r\n\r\n")
                await group.triggerGracefulShutdown()
                try await eventually { connections.count == 0 }
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func aRequestHasATimeToComeWholeHoweverItComes() async throws {
        let bench = try Bench {
            $0.port = 0
            // Longer than a busy machine takes from the connection to its first byte.
            $0.patience = .seconds(1)
        }
        try await bench.serve { port, _ in
            let chunked =
                "GET /health HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"
            for (start, more) in [(halfAForm(port: port), "a"), (chunked, "1\r\na\r\n")] {
                try await whileConnected(start, port: port) { _, outbound in
                    // Until the server takes no more of it.
                    while (try? await outbound.write(ByteBuffer(string: more))) != nil {
                        try await Task.sleep(for: .milliseconds(20))
                    }
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func aClientThatDoesNotReadIsLetGo() async throws {
        let bench = try Bench {
            $0.port = 0
            $0.patience = .seconds(1)
        }
        let connections = bench.server.connections
        try await bench.serve { port, _ in
            let one = "GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n"
            try await whileConnected(String(repeating: one, count: 1000), port: port) { inbound, _ in
                // Something of the first answer: the server has the connection, though it may be gone by now.
                var answers = inbound.makeAsyncIterator()
                _ = try? await answers.next()
                try await eventually { connections.count == 0 }
            }
        }
    }

    @Test func whatIsAskedInOneGoIsAnsweredInItsOrderThoughTheClientSendsNoMore() async throws {
        let bench = try Bench { $0.port = 0 }
        try await bench.serve { port, _ in
            let host = "Host: 127.0.0.1:\(port)\r\n"
            let asked = (0..<200).map { number in
                number % 2 == 0
                    ? "GET /health HTTP/1.1\r\n\(host)\r\n"
                    : "POST /oauth/token HTTP/1.1\r\n\(host)Content-Length: 6\r\n\r\n\r\n\r\n\r\n"
            }.joined()
            let answers = try await whileConnected("", port: port) { inbound, outbound in
                try await outbound.write(ByteBuffer(string: asked))
                outbound.finish()
                var all = ""
                for try await part in inbound { all += String(buffer: part) }
                return all
            }
            let statuses = answers.matches(of: #/HTTP/1\.1 (\d+) /#).map { String($0.1) }
            #expect(statuses == Array(repeating: ["200", "400"], count: 100).flatMap { $0 })
        }
    }

    @Test func whoWouldBeOneTooManyWaitsUntilAnotherLeaves() async throws {
        let log = RecordedLog()
        let bench = try Bench(logger: log.logger) {
            $0.port = 0
            $0.mostConnections = 2
        }
        let connections = bench.server.connections
        try await bench.serve { port, _ in
            let third = try await whileConnected("", port: port) { _, _ in
                let third = try await whileConnected("", port: port) { _, _ in
                    try await eventually { connections.count == 2 }
                    return Task {
                        try await answer(
                            to: "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", port: port)
                    }
                }
                return third
            }
            #expect(try await third.value.hasPrefix("HTTP/1.1 200 OK"))
        }
        #expect(log.text.matches(of: /as many connections as/).count == 1, "\(log.text)")
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
