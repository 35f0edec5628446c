// Which answers settle what waits to be told about use: taken, or refused for good.

import Foundation
import MeshAPI
import TestSupport
import Testing

@testable import MeshClient

struct TelemetryTests {
    private static let events = [
        TelemetryEvent.commandExecuted(
            "list", exitCode: 1, durationMs: 5, authenticated: true, at: Date(timeIntervalSince1970: 1_000_000)),
        .apiError(Routes.mesh, status: nil, errorCode: nil, at: Date(timeIntervalSince1970: 1_000_000)),
    ]

    @Test func eventsGoWithoutTheToken() async throws {
        try await ScriptedServer.run { _ in
            .reply(204, "")
        } _: { server in
            let client = try server.client(.bearer(APIClientTests.token))
            #expect(await client.settle(Self.events))
            #expect(server.received.count == 1)
            let request = server.received[0]
            #expect(request.method == "POST" && request.path == "/api/telemetry")
            #expect(request.headers["authorization"] == nil)
            let batch = try WireJSON.decode(TelemetryBatch.self, from: Data(request.body.utf8))
            #expect(batch.events.map(\.name) == [.commandExecuted, .apiError])
            #expect(request.body.contains(#""endpoint":"/api/my/meshes/{id}""#))
        }
    }

    @Test(
        arguments: [
            (.reply(503, ""), false), (.reply(404, "{}"), false), (.raw(""), false),
            (.reply(200, "<html>", type: "text/html"), false), (.reply(422, "{}"), true), (.reply(413, "{}"), true),
        ] as [(Answer, Bool)])
    func whatDidNotArriveWaitsOnUnlessItNeverWill(answer: Answer, isSettled: Bool) async throws {
        try await ScriptedServer.run { _ in
            answer
        } _: { server in
            let client = try server.client()
            #expect(await client.settle(Self.events) == isSettled)
        }
    }

    @Test func aCancelledSendingSettlesNothing() async throws {
        try await ScriptedServer.run { _ in
            .never
        } _: { server in
            let client = try server.client()
            let sending = Task { await client.settle(Self.events) }
            try await eventually("it is being sent") { server.received.count == 1 }
            sending.cancel()
            #expect(await sending.value == false)
        }
    }
}
