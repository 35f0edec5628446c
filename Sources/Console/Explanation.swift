// The one place that turns an error into words, a code for programs, and an exit code.

import FoundationEssentials
import Localization
import MeshAPI
import Text

/// An error, explained: what happened, one thing to do, what a program reads, what the shell sees.
package struct Explanation: Hashable {
    /// For programs: snake_case, the same in every language.
    package var code: String
    /// What happened, and what we know of why.
    package var message: String
    /// One thing to do.
    package var remedy: String?
    package var exit: ExitCode

    package init(code: String, message: String, remedy: String? = nil, exit: ExitCode) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.exit = exit
    }

    /// The error as `--json` says it.
    struct Body: Codable {
        package struct Inner: Codable {
            package var code: String
            package var message: String
            package var hint: String?
        }
        package var error: Inner
    }

    /// `{"error":{"code":"…","message":"…","hint":"…"}}` on one line.
    package var json: String {
        let body = Body(error: .init(code: code, message: message, hint: remedy))
        guard let data = try? WireJSON.encode(body) else { return #"{"error":{"code":"fault"}}"# }
        return InertText.json(String(decoding: data, as: UTF8.self))
    }
}
