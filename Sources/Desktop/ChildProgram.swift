// Programs of the desktop, run apart from our terminal: a session of their own, no input but what they are given, no output.

internal import Subprocess
internal import SystemPackage

/// A program to run.
struct ChildProgram: Sendable, Hashable {
    /// Absolute.
    var path: String
    var arguments: [String]

    enum Outcome: Sendable, Hashable {
        case succeeded, failed
        /// It did not end within the time it had; it was left alone (`start`) or ended (`run`).
        case stillRunning
    }

    /// Runs it to its end, with `input` as its standard input; after `limit` it is ended.
    func run(input: String, environment: [String: String], limit: Duration) async -> Outcome {
        await withTaskGroup(of: Outcome.self) { group in
            group.addTask {
                let result = try? await Subprocess.run(
                    .path(FilePath(path)), arguments: Arguments(arguments), environment: .of(environment),
                    platformOptions: .apart, input: .inputWriter, output: .discarded, error: .discarded
                ) { program in
                    // With `.string` as input a program that ends without reading would trap us: swift-subprocess 1.0.2
                    // leaves the pipe open where writing fails.
                    _ = try? await program.standardInputWriter.write(input)
                    try await program.standardInputWriter.finish()
                }
                return result?.terminationStatus.isSuccess == true ? .succeeded : .failed
            }
            group.addTask {
                try? await Task.sleep(for: limit)
                return .stillRunning
            }
            let outcome = await group.next() ?? .failed
            group.cancelAll()
            return outcome
        }
    }

    /// Starts it and leaves it alone: it outlives us. Waits up to `patience` to see whether it fails at once.
    func start(environment: [String: String], patience: Duration) async -> Outcome {
        let (outcomes, outcome) = AsyncStream.makeStream(of: Outcome.self)
        // Not a child task: nothing may end the program because we lost interest in it.
        Task.detached {
            let result = try? await Subprocess.run(
                .path(FilePath(path)), arguments: Arguments(arguments), environment: .of(environment),
                platformOptions: .apart, input: .none, output: .discarded, error: .discarded)
            outcome.yield(result?.terminationStatus.isSuccess == true ? .succeeded : .failed)
        }
        let timer = Task {
            try? await Task.sleep(for: patience)
            outcome.yield(.stillRunning)
        }
        defer { timer.cancel() }
        for await outcome in outcomes { return outcome }
        return .stillRunning
    }
}

extension PlatformOptions {
    /// A session of its own: no key and no hang-up of our terminal reaches it.
    fileprivate static var apart: PlatformOptions {
        var options = PlatformOptions()
        options.createSession = true
        // Where it is ended, all that it started ends with it.
        options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)]
        return options
    }
}

extension Environment {
    fileprivate static func of(_ variables: [String: String]) -> Environment {
        var all: [Key: String] = [:]
        for (name, value) in variables { if let key = Key(rawValue: name) { all[key] = value } }
        return .custom(all)
    }
}
