// A row of what `doctor` says.

import Console

/// What a look at one thing found: `{id, status, message, hint}`.
struct Check: Encodable, Equatable {
    /// For programs, the same in every language.
    var id: String
    var status: Finding
    var message: String
    /// One thing to do.
    var hint: String?
    /// Whether there was something to look at: a tick is for what was found sound.
    var isFound = true
    /// What a command would exit with that stumbles over it.
    var exit = ExitCode.done

    private enum CodingKeys: CodingKey {
        case id, status, message, hint
    }

    static func ok(_ id: String, _ message: String) -> Check { Check(id: id, status: .ok, message: message) }

    /// Nothing is wrong, and nothing was checked.
    static func none(_ id: String, _ message: String) -> Check {
        Check(id: id, status: .ok, message: message, isFound: false)
    }

    static func warning(_ id: String, _ message: String, hint: String?) -> Check {
        Check(id: id, status: .warning, message: message, hint: hint)
    }

    static func error(_ id: String, _ message: String, hint: String?, _ exit: ExitCode) -> Check {
        Check(id: id, status: .error, message: message, hint: hint, exit: exit)
    }
}
