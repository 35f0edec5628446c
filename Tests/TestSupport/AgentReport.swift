// What the stand-in agent wrote down about how it was started.

import FoundationEssentials

/// The report of `StandInAgent`.
public struct AgentReport: Sendable, Codable {
    public var arguments: [String]
    /// `NAME=value`.
    public var environment: [String]
    public var descriptors: [Int32]
    public var blocked: [Int32]
    public var ignored: [Int32]
    public var isTerminal: Bool
    public var isCooked: Bool
    public var nonBlocking: Bool
    public var pid: Int32
    public var parent: Int32
    public var group: Int32
    public var foreground: Int32
    public var pendingInput: Int32
    public var directory: String

    /// The value of one variable.
    public func variable(_ name: String) -> String? {
        environment.first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
    }

    /// Reads the report when it is there. `path` is what STANDIN_REPORT named.
    public static func read(_ path: String, seconds: Double = 10) async throws -> AgentReport {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            if let data = try? Data(contentsOf: URL(filePath: path)) {
                let decoder = JSONDecoder()
                return try decoder.decode(AgentReport.self, from: data)
            }
            guard ContinuousClock.now < deadline else { throw SessionFailure("the agent wrote no report to \(path)") }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    enum CodingKeys: String, CodingKey {
        case arguments, environment, descriptors, blocked, ignored, pid, parent, group, foreground, directory
        case isTerminal = "is_terminal"
        case isCooked = "is_cooked"
        case nonBlocking = "non_blocking"
        case pendingInput = "pending_input"
    }
}
