// Telling about use: only where nobody said no, never in the way, nothing that is nobody's business.

import Foundation
import MeshAPI
import Testing

@testable import MeshClient

struct TelemetryTests {
    private let directory: TemporaryDirectory
    private var config: ConfigDirectory { directory.config }
    private static let time = Date(timeIntervalSince1970: 1_000_000)

    init() throws { directory = try TemporaryDirectory() }

    private static func event(_ number: Int) -> TelemetryEvent {
        .commandExecuted("list", exitCode: number, durationMs: 5, authenticated: true, at: time)
    }

    @Test(
        arguments: [
            ([:], nil, true, false, .on),
            ([:], true, true, false, .on),
            ([:], nil, false, false, .notTold),
            ([:], false, true, false, .off),
            (["DO_NOT_TRACK": "1"], true, true, false, .doNotTrack),
            (["DO_NOT_TRACK": "0"], nil, true, false, .on),
            (["CI": "true"], nil, true, false, .ci),
            (["CI": "FALSE"], nil, true, false, .on),
            (["CI": ""], nil, true, false, .on),
            ([:], nil, true, true, .local),
        ] as [([String: String], Bool?, Bool, Bool, TelemetryChoice)])
    func anyNoCounts(environment: [String: String], setting: Bool?, told: Bool, local: Bool, choice: TelemetryChoice) {
        var config = ConfigFile()
        config.telemetry = setting
        var state = StateFile()
        if told { state.markShown(TelemetryChoice.notice) }
        #expect(TelemetryChoice(environment: environment, config: config, state: state, isLocal: local) == choice)
    }

    @Test func eventsWaitTheNewestSixtyFour() {
        for number in 0..<70 { config.record(Self.event(number)) }
        #expect(config.telemetryEvents().map(\.exitCode) == (6..<70).map { $0 })
        config.forgetTelemetry()
        #expect(config.telemetryEvents().isEmpty)
    }

    @Test func whatWaitsIsSentOnceAndForgotten() async throws {
        config.record(Self.event(1))
        config.record(.apiError(Routes.mesh, status: nil, errorCode: nil, at: Self.time))
        try await ScriptedServer.run { _ in
            .reply(204, "")
        } _: { server in
            let client = try server.client(.bearer(APIClientTests.token))
            await config.sendTelemetry(with: client)
            await config.sendTelemetry(with: client)
            #expect(server.received.count == 1)
            let request = server.received[0]
            #expect(request.method == "POST" && request.path == "/api/telemetry")
            #expect(request.headers["authorization"] == nil)
            let batch = try WireJSON.decode(TelemetryBatch.self, from: Data(request.body.utf8))
            #expect(batch.events.map(\.name) == [.commandExecuted, .apiError])
            #expect(request.body.contains(#""endpoint":"/api/my/meshes/{id}""#))
            #expect(config.telemetryEvents().isEmpty)
        }
    }

    @Test(
        arguments: [
            (.reply(503, ""), 1), (.reply(404, "{}"), 1), (.raw(""), 1), (.reply(200, "<html>", type: "text/html"), 1),
            (.reply(422, "{}"), 0), (.reply(413, "{}"), 0),
        ] as [(Answer, Int)])
    func whatDidNotArriveWaitsOnUnlessItNeverWill(answer: Answer, left: Int) async throws {
        config.record(Self.event(1))
        try await ScriptedServer.run { _ in
            answer
        } _: { server in
            await config.sendTelemetry(with: try server.client())
            #expect(config.telemetryEvents().count == left)
        }
    }

    @Test func anEventRecordedMeanwhileIsKept() async throws {
        config.record(Self.event(1))
        let config = config
        try await ScriptedServer.run { _ in
            config.record(Self.event(2))
            return .reply(204, "")
        } _: { server in
            await config.sendTelemetry(with: try server.client())
            #expect(config.telemetryEvents().map(\.exitCode) == [2])
        }
    }

    @Test func aCancelledSendingLosesNothing() async throws {
        config.record(Self.event(1))
        let config = config
        try await ScriptedServer.run { _ in
            .never
        } _: { server in
            let client = try server.client()
            let sending = Task { await config.sendTelemetry(with: client) }
            await eventually("it is being sent") { server.received.count == 1 }
            sending.cancel()
            await sending.value
            #expect(config.telemetryEvents().count == 1)
        }
    }

    @Test func aFileInTheWayCostsTheEventAndNoTime() throws {
        try directory.write("damaged", to: "config/telemetry.json")
        config.record(Self.event(1))
        #expect(config.telemetryEvents().count == 1)
        let descriptor = open(config.path(of: ".lock"), O_RDWR)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_EX) == 0)
        let start = ContinuousClock.now
        config.record(Self.event(2))
        #expect(ContinuousClock.now - start < .seconds(2))
        #expect(config.telemetryEvents().count == 1)
        ConfigDirectory(path: "/proc/none").record(Self.event(1))
    }
}
