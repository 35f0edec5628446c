// `claudemesh doctor`: looks at everything the program stands on, and says what is wrong with one remedy each.
// To add a check: a method of `Checkup` in the file of its topic, its line in `all`, its texts in both catalogues.

import ArgumentParser
import Localization

struct Doctor: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "doctor", abstract: about(.doctorHelp))

    @OptionGroup var options: GlobalOptions

    struct Answer: Encodable { var checks: [Check] }

    func run(in context: Context) async throws -> Ending {
        let checkup = Checkup(context)
        let output = Output(checkup.context)
        let checks = await checkup.all()
        for check in checks { try output.check(check) }
        if options.json { try output.json(Answer(checks: checks)) }
        return .exit(checks.first { $0.status == .error }?.exit ?? .done)
    }
}

/// What a look at one thing found: `{id, status, message, hint}`.
struct Check: Encodable, Equatable {
    enum Status: String, Encodable {
        case ok, warning, error
    }

    /// For programs, the same in every language.
    var id: String
    var status: Status
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
