// The one place that turns an error into words, a code for programs, and an exit code.

import ArgumentParser
import FoundationEssentials
import Localization
import MeshAPI

/// An error, explained: what happened, one thing to do, what a program reads, what the shell sees.
struct Explanation: Hashable {
    /// For programs: snake_case, the same in every language.
    var code: String
    /// What happened, and what we know of why.
    var message: String
    /// One thing to do.
    var remedy: String?
    var exit: ExitCode

    /// The error as `--json` says it.
    struct Body: Codable {
        struct Inner: Codable {
            var code: String
            var message: String
            var hint: String?
        }
        var error: Inner
    }

    /// `{"error":{"code":"…","message":"…","hint":"…"}}` on one line.
    var json: String {
        let body = Body(error: .init(code: code, message: message, hint: remedy))
        guard let data = try? WireJSON.encode(body) else { return #"{"error":{"code":"fault"}}"# }
        return String(decoding: data, as: UTF8.self)
    }
}
