// What the program tells about its use, where that is not turned off: a closed list of facts without names, arguments,
// paths or tokens. To add an event: a case of `Name`, a maker below, a line of the README's chapter on telemetry.

public import FoundationEssentials

/// One event. Only the facts of its kind are there.
public struct TelemetryEvent: Codable, Sendable, Hashable, Identifiable {
    public enum Name: String, Codable, Sendable, CaseIterable {
        case loginStarted = "cli.login.started"
        case loginSucceeded = "cli.login.succeeded"
        case loginFailed = "cli.login.failed"
        case logout = "cli.logout"
        case commandExecuted = "cli.command.executed"
        case apiError = "cli.api.error"
    }

    /// How a sign-in was tried.
    public enum Method: String, Codable, Sendable {
        case deviceCode = "device-code"
        case pat, invite
    }

    /// Random, so that an event that arrives twice counts once.
    public var id: String
    public var name: Name
    public var at: Date
    public var method: Method?
    public var userId: String?
    /// A word of ours such as `expired`, never a text.
    public var reason: String?
    public var command: String?
    public var exitCode: Int?
    public var durationMs: Int?
    public var authenticated: Bool?
    /// A route's pattern.
    public var endpoint: String?
    public var status: Int?
    public var errorCode: String?

    init(_ name: Name, at: Date) {
        self.id = UUID().uuidString.lowercased()
        self.name = name
        self.at = at
    }

    public static func loginStarted(_ method: Method, at: Date) -> TelemetryEvent {
        var event = TelemetryEvent(.loginStarted, at: at)
        event.method = method
        return event
    }

    public static func loginSucceeded(_ method: Method, userID: String, at: Date) -> TelemetryEvent {
        var event = TelemetryEvent(.loginSucceeded, at: at)
        event.method = method
        event.userId = userID
        return event
    }

    public static func loginFailed(_ method: Method, reason: String, at: Date) -> TelemetryEvent {
        var event = TelemetryEvent(.loginFailed, at: at)
        event.method = method
        event.reason = reason
        return event
    }

    public static func logout(userID: String, at: Date) -> TelemetryEvent {
        var event = TelemetryEvent(.logout, at: at)
        event.userId = userID
        return event
    }

    public static func commandExecuted(
        _ command: String, exitCode: Int, durationMs: Int, authenticated: Bool, at: Date
    ) -> TelemetryEvent {
        var event = TelemetryEvent(.commandExecuted, at: at)
        event.command = command
        event.exitCode = exitCode
        event.durationMs = durationMs
        event.authenticated = authenticated
        return event
    }

    /// `status` is nil where there was no answer.
    public static func apiError(_ route: Route, status: Int?, errorCode: String?, at: Date) -> TelemetryEvent {
        var event = TelemetryEvent(.apiError, at: at)
        event.endpoint = route.pattern
        event.status = status
        event.errorCode = errorCode
        return event
    }
}

/// `POST /api/telemetry` → 204. At most `maxEvents`.
public struct TelemetryBatch: Codable, Sendable, Hashable {
    public static let maxEvents = 64

    public var events: [TelemetryEvent]

    public init(events: [TelemetryEvent]) { self.events = events }
}
