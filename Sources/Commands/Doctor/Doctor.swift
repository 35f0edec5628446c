// `claudemesh doctor`: looks at everything the program stands on, and says what is wrong with one remedy each.
// To add a check: a method of `Checkup` in the file of its topic, its line in `all`, its texts in both catalogues.

import ArgumentParser
import Connect
import Console
import Localization
import MeshClient
import WizardRun

struct Doctor: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "doctor", abstract: about(.doctorHelp))

    @OptionGroup var options: GlobalOptions

    @Flag(name: .customLong("lanes"), help: help(.doctorLanesHelp))
    var lanes = false

    struct Answer: Encodable { var checks: [Check] }

    func run(in context: Context) async throws -> Ending {
        let checkup = Checkup(context)
        let output = Output(checkup.context)
        let checks = await checkup.all(provingLanes: lanes)
        for check in checks {
            try output.finding(check.isFound ? check.status : .none, check.message, remedy: check.hint)
        }
        if options.json { try output.json(Answer(checks: checks)) }
        return .exit(checks.first { $0.status == .error }?.exit ?? .done)
    }
}
