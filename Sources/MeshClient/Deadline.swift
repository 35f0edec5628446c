// A bound on how long something may take, whatever it waits for: a name, a connection, a head, a body that trickles in.

internal import MeshAPI

enum Deadline {
    /// `work`'s result, or `noAnswer` after `limit`; a cancelled caller gets `cancelled`.
    static func run<Value: Sendable>(
        _ limit: Duration, _ work: @escaping @Sendable () async throws(APIFailure) -> Value
    ) async throws(APIFailure) -> Value {
        let result = await withTaskGroup(of: Result<Value, APIFailure>.self) { group in
            group.addTask {
                do throws(APIFailure) { return .success(try await work()) } catch { return .failure(error) }
            }
            group.addTask {
                do { try await Task.sleep(for: limit) } catch { return .failure(.cancelled) }
                return .failure(.unreachable(.noAnswer(seconds: limit.wholeSeconds)))
            }
            let first = await group.next() ?? .failure(.cancelled)
            group.cancelAll()
            return first
        }
        if Task.isCancelled, case .failure = result { throw .cancelled }
        return try result.get()
    }
}

extension Duration {
    /// Rounded to the nearest, at least 1.
    var wholeSeconds: Int { max(1, Int((seconds).rounded())) }

    var wholeNanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }

    /// As a number of seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
