// Telling about use: only where nobody said no, never in the way, nothing that is nobody's business.

import Foundation
import MeshAPI
import Synchronization
import Testing

@testable import LocalState

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

    @Test func whatWaitsIsSentOnceAndForgotten() async {
        config.record(Self.event(1))
        config.record(.apiError(Routes.mesh, status: nil, errorCode: nil, at: Self.time))
        let sent = Mutex<[[TelemetryEvent.Name]]>([])
        for _ in 0..<2 {
            await config.sendTelemetry { events in
                sent.withLock { $0.append(events.map(\.name)) }
                return true
            }
        }
        #expect(sent.withLock { $0 } == [[.commandExecuted, .apiError]])
        #expect(config.telemetryEvents().isEmpty)
    }

    @Test func whatIsNotSettledWaitsOn() async {
        config.record(Self.event(1))
        await config.sendTelemetry { _ in false }
        #expect(config.telemetryEvents().map(\.exitCode) == [1])
    }

    @Test func anEventRecordedMeanwhileIsKept() async {
        config.record(Self.event(1))
        let config = config
        await config.sendTelemetry { _ in
            config.record(Self.event(2))
            return true
        }
        #expect(config.telemetryEvents().map(\.exitCode) == [2])
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
