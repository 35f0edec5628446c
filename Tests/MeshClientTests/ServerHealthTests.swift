// What a server says of itself, its clock included.

import FoundationEssentials
import MeshAPI
import Testing

@testable import MeshClient

struct ServerHealthTests {
    @Test(arguments: [
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Sat, 21 Nov 2026 04:08:39 GMT", 1_795_234_119),
        ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199), ("Fri, 01 Mar 2024 00:00:00 GMT", 1_709_251_200),
        ("Wed, 31 Dec 2000 12:00:00 GMT", 978_264_000), ("Mon, 01 Mar 2100 00:00:00 GMT", 4_107_542_400),
    ])
    func aDateIsRead(text: String, seconds: Double) {
        #expect(HTTPDate.parse(text) == Date(timeIntervalSince1970: seconds))
    }

    @Test(arguments: [
        "", "now", "Sat, 21 Nov 2026 04:08:39 CET", "Sat, 21 Nov 2026 24:00:00 GMT", "Sat, 0 Nov 2026 04:08:39 GMT",
        "Sat, 21 Foo 2026 04:08:39 GMT", "Sat, 21 Nov 99999 04:08:39 GMT", "Sat, 21 Nov 2026 4:8 GMT",
        "Sat, -1 Nov 2026 04:08:39 GMT",
    ])
    func whatIsNoDateIsNone(text: String) { #expect(HTTPDate.parse(text) == nil) }

    @Test func itsVersionAndClockAreHeard() async throws {
        try await ScriptedServer.run { _ in
            .reply(200, #"{"status":"ok","version":"1.2"}"#, headers: ["date: Thu, 01 Jan 1970 00:01:00 GMT"])
        } _: { server in
            let health = try await server.client(.bearer(APIClientTests.token)).health()
            #expect(health == ServerHealth(version: "1.2", date: Date(timeIntervalSince1970: 60)))
            #expect(server.received[0].headers["authorization"] == nil && server.received[0].path == "/health")
        }
    }

    @Test func aProxyIsNamedWithoutItsPassword() throws {
        let transport = Transport(environment: ["HTTPS_PROXY": "http://me:secret@p:3128"], userAgent: "t")
        #expect(transport.proxy(for: .standard) == .through("p:3128"))
        #expect(transport.proxy(for: try ServerAddress("http://localhost")) == .none)
    }
}
