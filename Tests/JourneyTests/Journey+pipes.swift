// The program without a terminal: standard streams that are files.

import Foundation
import TestSupport
import Testing

/// How a program without a terminal ended, and what it said.
struct PipedRun: Sendable {
    var status: Int32
    var out: String
    var error: String
}

extension Journey {
    /// Runs the program to its end.
    func run(_ arguments: String..., input: String = "", more: [String: String] = [:]) async throws -> PipedRun {
        try await run(arguments, input: input, more: more)
    }

    func run(_ arguments: [String], input: String = "", more: [String: String] = [:]) async throws -> PipedRun {
        let streams = try TemporaryDirectory()
        let process = Process()
        process.executableURL = URL(filePath: Self.program)
        process.arguments = arguments
        process.environment = environment(more)
        process.currentDirectoryURL = URL(filePath: home)
        process.standardInput = FileHandle(forReadingAtPath: try streams.write("in", input))
        process.standardOutput = FileHandle(forWritingAtPath: try streams.write("out", ""))
        process.standardError = FileHandle(forWritingAtPath: try streams.write("error", ""))
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        let died = process.terminationReason == .uncaughtSignal
        return PipedRun(
            status: died ? 128 + process.terminationStatus : process.terminationStatus,
            out: try String(contentsOfFile: streams.file("out"), encoding: .utf8),
            error: try String(contentsOfFile: streams.file("error"), encoding: .utf8))
    }
}
