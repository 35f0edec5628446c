// Waiting for a state, not for a duration.

/// It was waited for, and never came true.
package struct NeverCameTrue: Error, CustomStringConvertible {
    package let description: String
}

/// Waits until `condition` holds, at most `seconds`. Throws `NeverCameTrue`, which names the line that waited, and for what.
package func eventually(
    _ what: String = "it", seconds: Double = 20, file: StaticString = #fileID, line: UInt = #line,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            throw NeverCameTrue(description: "\(file):\(line): \(what): never true in \(seconds) s")
        }
        try await Task.sleep(for: .milliseconds(1))
    }
}
