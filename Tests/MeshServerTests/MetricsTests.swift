// /metrics, telemetry, and whose request it is behind a proxy.

import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import MeshAPI
import MeshStore
import NIOCore
import ServerSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct MetricsTests {
    @Test func routesAreCountedByTheirPattern() async throws {
        let bench = try Bench { $0.metricsToken = "secret" }
        try await bench.run { client in
            let api = API(client: client)
            let code = try await api.deviceCode()
            _ = try await api.poll(code)
            _ = try await api.get("/nowhere/\(code.userCode)?code=\(code.userCode)")
            let answer = try await api.send(.get, "/metrics", headers: [.authorization: "Bearer secret"])
            #expect(answer.status == .ok)
            #expect(!answer.text.contains(code.deviceCode))
            #expect(!answer.text.contains(code.userCode))
            #expect(answer.text.contains("# TYPE claudemesh_live_codes gauge\nclaudemesh_live_codes 1\n"))
            let line =
                "claudemesh_http_requests_total{method=\"POST\",route=\"/api/auth/cli/device-code\",status=\"201\"} 1"
            #expect(answer.text.contains(line))
            for wrong in ["Bearer x", "Basic secret"] {
                let refused = try await api.send(.get, "/metrics", headers: [.authorization: wrong])
                #expect(refused.status == .notFound)
            }
            #expect(try await api.get("/metrics").status == .notFound, "no loopback address here")
        }
    }

    @Test func whatBecameOfMessagesIsCounted() async throws {
        try await MeshTable.run { table in
            let bo = try await table.member("Bo")
            let docs = try await table.session("s1", of: bo, name: "docs")
            let sent = try await table.say(table.owner, "bo/docs", id: "c1").decoded(SentMessage.self)
            _ = try await table.say(table.owner, "bo", id: "c2")
            _ = try await table.say(table.owner, "nobody", id: "c3")
            table.bench.time.advance(7)
            #expect(try await docs.report(sent.id, "seen") == "seen")
            let counted = table.bench.services.metrics.text(gauges: [:])
            for line in [
                "claudemesh_message_steps_total{state=\"queued\"} 2\n",
                "claudemesh_message_steps_total{lane=\"tool\",state=\"seen\"} 1\n",
                "claudemesh_messages_refused_total{reason=\"no_recipient\"} 1\n",
            ] { #expect(counted.contains(line)) }
            let bench = try Bench { $0.metricsToken = "secret" }
            try await bench.run { client in
                let talk = try await Talk(bench, client)
                _ = try await talk.say(from: talk.adaID, to: [Mailbox(kind: .member, id: talk.boID)])
                bench.time.advance(42)
                let shown = try await API(client: client).send(
                    .get, "/metrics", headers: [.authorization: "Bearer secret"]
                ).text
                for line in [
                    "# TYPE claudemesh_messages_waiting gauge\nclaudemesh_messages_waiting{state=\"queued\"} 1\n",
                    "claudemesh_message_oldest_waiting_seconds 42\n", "claudemesh_event_streams 0\n",
                ] { #expect(shown.contains(line), "\(shown)") }
            }
        }
    }

    @Test func telemetryIsCountedOnceAndBounded() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let api = API(client: client)
            let event = TelemetryEvent.logout(userID: "u", at: bench.time.now)
            let body = String(decoding: try WireJSON.encode(TelemetryBatch(events: [event, event])), as: UTF8.self)
            #expect(try await api.send(.post, "/api/telemetry", body).status == .noContent)
            #expect(try await api.send(.post, "/api/telemetry", body).status == .noContent)
            let text = bench.services.metrics.text(gauges: [:])
            #expect(text.contains("claudemesh_telemetry_events_total{name=\"cli.logout\"} 1\n"))
            let many = TelemetryBatch(events: (0..<65).map { _ in .logout(userID: "u", at: bench.time.now) })
            let tooMany = String(decoding: try WireJSON.encode(many), as: UTF8.self)
            #expect(try await api.send(.post, "/api/telemetry", tooMany).refusal.field == "events")
            let long = body.replacing(event.id, with: String(repeating: "x", count: 65))
            #expect(try await api.send(.post, "/api/telemetry", long).refusal.field == "events[0].id")
            let unknown = body.replacing("cli.logout", with: "cli.x")
            #expect(try await api.send(.post, "/api/telemetry", unknown).refusal.field == "events[0].name")
            let nameless = body.replacing("\"id\"", with: "\"none\"")
            #expect(try await api.send(.post, "/api/telemetry", nameless).refusal.field == "events[0].id")
        }
    }

    @Test(arguments: [
        ("203.0.113.9", "198.51.100.7", "203.0.113.9"), ("10.1.2.3", "198.51.100.7", "198.51.100.7"),
        ("10.1.2.3", "6.6.6.6, 198.51.100.7, 10.9.9.9", "198.51.100.7"), ("10.1.2.3", "", "10.1.2.3"),
        ("10.1.2.3", "nonsense", "10.1.2.3"), ("::1", "2001:db8::1", "2001:db8::1"),
        ("10.1.2.3", "10.0.0.1", "10.0.0.1"), ("::ffff:192.0.2.1", "", "192.0.2.1"),
        ("::ffff:10.1.2.3", "::ffff:192.0.2.1", "192.0.2.1"), ("10.1.2.3", "::ffff:c000:201", "192.0.2.1"),
        ("10.1.2.3", "2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("10.1.2.3", "192.0.2.1:4711", "192.0.2.1"),
        ("10.1.2.3", "[2001:DB8::1]:4711", "2001:db8::1"), ("10.1.2.3", "[2001:db8::1]", "2001:db8::1"),
        ("10.1.2.3", "[::ffff:192.0.2.1]:1", "192.0.2.1"), ("10.1.2.3", "6.6.6.6, [2001:db8::1", "10.1.2.3"),
        ("10.1.2.3", "6.6.6.6, [2001:db8::1]x", "10.1.2.3"), ("10.1.2.3", "6.6.6.6, 192.0.2.1:x", "10.1.2.3"),
        ("10.1.2.3", "6.6.6.6, , 10.9.9.9", "10.9.9.9"), ("0:0:0:0:0:0:0:1", "192.0.2.1", "192.0.2.1"),
    ])
    func aProxyIsBelievedOnlyWhereItIsTrusted(peer: String, header: String, expected: String) async throws {
        let proxies = ["10.0.0.0/8", "::1"].compactMap { IPRange($0) }
        #expect(ClientAddress.address(of: peer, forwarded: [header], proxies: proxies) == expected)
    }

    @Test func telemetryHasALimitPerAddress() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let api = API(client: client)
            for _ in 0..<Rule.telemetry.count {
                #expect(try await api.send(.post, "/api/telemetry", #"{"events":[]}"#).status == .noContent)
            }
            let refused = try await api.send(.post, "/api/telemetry", #"{"events":[]}"#)
            #expect(refused.status == .tooManyRequests && refused.headers[.retryAfter] == "60")
            bench.time.advance(61)
            #expect(try await api.send(.post, "/api/telemetry", #"{"events":[]}"#).status == .noContent)
        }
    }

    /// RFC 7239; a client's own words before the proxy's count for nothing, and where the headers do not name the same client
    /// neither does: the proxy set one of them, the visitor the other. One that names nobody counts for nothing beside it.
    @Test(arguments: [
        ("for=192.0.2.1", nil, "192.0.2.1"), ("For=\"[2001:DB8::1]:4711\";proto=https;by=10.0.0.1", nil, "2001:db8::1"),
        ("for=6.6.6.6, for=192.0.2.1;proto=http", nil, "192.0.2.1"), ("for=6.6.6.6, proto=http", nil, "10.1.2.3"),
        ("for=6.6.6.6, for=unknown", nil, "10.1.2.3"), ("for=\"6.6.6.6, for=192.0.2.1", nil, "192.0.2.1"),
        ("for=6.6.6.6", "192.0.2.1", "10.1.2.3"), ("for=192.0.2.1", "6.6.6.6", "10.1.2.3"),
        ("for=192.0.2.1, for=10.9.9.9", "6.6.6.6, 192.0.2.1", "192.0.2.1"),
        ("proto=https, host=x", "192.0.2.1", "192.0.2.1"), ("for=192.0.2.1", ", ", "192.0.2.1"),
        ("by=_x", "", "10.1.2.3"),
        ("for=unknown", "6.6.6.6", "10.1.2.3"), ("for=_x;proto=https", "6.6.6.6", "10.1.2.3"),
        ("for=192.0.2.1", "unknown", "10.1.2.3"), ("for=6.6.6.6, proto=https", "192.0.2.1", "10.1.2.3"),
        ("for=\"[2001:db8::1]\"", "2001:DB8:0::1", "2001:db8::1"),
    ])
    func theStandardHeaderIsReadToo(forwarded: String, older: String?, expected: String) {
        let clients = ClientAddress(proxies: ["10.0.0.0/8"].compactMap { IPRange($0) })
        let log = RecordedLog()
        var head = HTTPRequest(method: .get, scheme: nil, authority: "localhost", path: "/")
        head.headerFields[.forwarded] = forwarded
        head.headerFields[.forwardedFor] = older
        let request = Request(head: head, body: .init(buffer: ByteBuffer()))
        #expect(clients.address(of: request, from: "198.51.100.9", logger: log.logger) == "198.51.100.9")
        #expect(log.text.isEmpty)
        for _ in 0..<2 { #expect(clients.address(of: request, from: "10.1.2.3", logger: log.logger) == expected) }
        let isDisagreement = older?.isEmpty == false && expected == "10.1.2.3"
        #expect(log.text.matches(of: /do not name the same client/).count == (isDisagreement ? 1 : 0))
    }

    @Test func anIPv6NetworkIsOneSubject() {
        #expect(AddressKey.of("2001:db8:1:2:3:4:5:6") == AddressKey.of("2001:db8:1:2:ffff::1"))
        #expect(AddressKey.of("2001:db8:1:2::1") != AddressKey.of("2001:db8:1:3::1"))
        #expect(AddressKey.of("2001:db8::1") == AddressKey.of("2001:db8:0:0:9::"))
        #expect(AddressKey.of("2001:DB8:0001::") == AddressKey.of("2001:db8:1:0::9"))
        #expect(AddressKey.of("198.51.100.7") == "198.51.100.7")
    }
}
