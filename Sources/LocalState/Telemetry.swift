// Whether this run may tell about its use, and `telemetry.json`, where events wait for a later command to send them.
// Nothing here delays or fails what a person asked for.

internal import FoundationEssentials
package import MeshAPI

/// Whether use is told, and if not, what says so.
package enum TelemetryChoice: Sendable, Hashable {
    case on
    /// `telemetry off`.
    case off
    case doNotTrack
    case ci
    case local
    /// The notice was not shown before this run.
    case notTold

    /// The name of the notice in `state.json`.
    package static let notice = "telemetry"

    package init(environment: [String: String], config: ConfigFile, state: StateFile, isLocal: Bool) {
        self =
            if config.telemetry == false {
                .off
            } else if Self.isSet(environment["DO_NOT_TRACK"]) {
                .doNotTrack
            } else if Self.isSet(environment["CI"]) {
                .ci
            } else if isLocal {
                .local
            } else {
                state.wasShown(Self.notice) ? .on : .notTold
            }
    }

    /// Set to anything but empty, `0` or `false`.
    private static func isSet(_ value: String?) -> Bool {
        guard let value = value?.lowercased() else { return false }
        return !["", "0", "false"].contains(value)
    }
}

extension ConfigDirectory {
    package static let telemetryName = "telemetry.json"

    /// The events that wait, oldest first. What cannot be read counts as none.
    package func telemetryEvents() -> [TelemetryEvent] {
        guard let object = try? object(Self.telemetryName, lists: ["events"], locked: false).value else { return [] }
        return (object["events"]?.array ?? []).compactMap(\.object).compactMap { event in
            try? WireJSON.decode(TelemetryEvent.self, from: Data(JSONWriter.write(event)))
        }
    }

    /// Lets an event wait; the oldest make room. A file that cannot be written, or is being written, costs the event.
    package func record(_ event: TelemetryEvent) {
        guard let value = try? JSONReader.read(WireJSON.encode(event)) else { return }
        changeEvents { ($0 + [value]).suffix(TelemetryBatch.maxEvents) }
    }

    /// Forgets what waits: nothing of it is wanted any more.
    package func forgetTelemetry() { changeEvents { _ in [] } }

    /// Sends what waits, if anything does.
    /// - Parameter send: whether the events are settled: then they leave the file.
    package func sendTelemetry(_ send: ([TelemetryEvent]) async -> Bool) async {
        let events = telemetryEvents()
        guard !events.isEmpty, await send(events) else { return }
        let gone = Set(events.map(\.id))
        changeEvents { $0.filter { !gone.contains($0.object?[string: "id"] ?? "") } }
    }

    private func changeEvents(_ change: ([JSONValue]) -> [JSONValue]) {
        try? writing(patience: .milliseconds(50)) { () throws(FileFailure) in
            var object = try object(Self.telemetryName, lists: ["events"], locked: true).value
            let events = object["events"]?.array ?? []
            let changed = change(events)
            guard changed != events else { return }
            object[int: "version"] = 1
            object["events"] = .array(changed)
            try replace(Self.telemetryName, with: object)
        }
    }
}
