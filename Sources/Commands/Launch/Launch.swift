// `claudemesh`: the wizard, from nothing to the agent running in a mesh.

import ArgumentParser
import Connect
import Console
import Localization
import LocalState
import MeshAPI
import MeshClient
import Platform
import SessionLaunch
import Text
import WizardRun

/// `claudemesh [LINK]`, `claudemesh launch …`.
struct Launch: MeshCommand {
    static let configuration = CommandConfiguration(
        commandName: "launch", abstract: about(.launchHelp),
        discussion: """
            claudemesh launch --mesh planning --name api --role reviewer
            claudemesh launch -y -- --model opus
            claudemesh launch --resume 4f2a91
            """)

    @OptionGroup var options: GlobalOptions

    @Option(name: .customLong("mesh"), help: help(.launchMesh, value: .mesh), completion: Offers.meshes)
    var mesh: String?

    @Option(name: .customLong("name"), help: help(.launchName, value: .name))
    var name: String?

    @Option(name: .customLong("role"), help: help(.launchRole, value: .role), completion: Offers.roles)
    var role: String?

    @Option(name: .customLong("join"), help: help(.launchJoin, value: .link))
    var join: String?

    @Option(name: .customLong("resume"), help: help(.launchResume, value: .id), completion: Offers.launches)
    var resume: String?

    /// What `--resume` without an id is made into, since the parser has no option whose value may be left out.
    @Flag(name: .customLong("resume-pick"), help: .hidden)
    var picksLaunch = false

    @Flag(name: [.customShort("y"), .customLong("yes")], help: help(.launchYes))
    var yes = false

    @Flag(name: .customLong("explain"), help: help(.launchExplain))
    var explain = false

    @Flag(name: .customLong("dry-run"), help: help(.launchDryRun))
    var dryRun = false

    @Flag(name: .customLong("reduced-motion"), help: help(.launchReducedMotion))
    var reducedMotion = false

    @Option(name: .customLong("agent"), help: help(.launchAgent, value: .program), completion: .file())
    var agent: String?

    @Flag(name: .customLong("no-messages"), help: help(.launchNoMessages))
    var noMessages = false

    @Option(name: .customLong("can"), help: help(.launchCan, value: "read,send,topics"))
    var can: Abilities?

    @Option(name: .customLong("attention"), help: help(.launchAttention, value: "open|focus|quiet"))
    var attention: Attention?

    @Argument(help: help(.launchLink, value: .link))
    var link: String?

    @Argument(parsing: .postTerminator, help: help(.launchArguments, value: .arguments))
    var agentArguments: [String] = []

    /// The words of a command line in which `--resume` stands alone, as the parser takes them.
    static func parseable(_ arguments: [String]) -> [String] {
        let end = arguments.firstIndex(of: "--") ?? arguments.count
        guard let place = arguments[..<end].firstIndex(of: "--resume"),
            place + 1 == end || arguments[place + 1].hasPrefix("-")
        else { return arguments }
        var words = arguments
        words[place] = "--resume-pick"
        return words
    }

    func validate() throws {
        // A word that is neither a command nor a link is a command mistyped.
        if let link, !link.contains("://"), InviteReference.parse(link) == nil { throw UnknownCommand(name: link) }
        if link != nil && join != nil { throw Clash(first: "LINK", second: "--join") }
        let invite = link == nil ? "--join" : "LINK"
        if invited != nil && mesh != nil { throw Clash(first: invite, second: "--mesh") }
        if invited != nil && (resume != nil || picksLaunch) { throw Clash(first: invite, second: "--resume") }
    }

    /// The invite asked for, by flag or as the only word.
    private var invited: String? { join ?? link }

    private func values(_ context: Context) -> LaunchOptions {
        var values = LaunchOptions(messages: MessageCarrier(context))
        values.mesh = mesh
        values.name = name
        values.role = role
        values.invited = invited
        values.resume = resume
        values.picksLaunch = picksLaunch
        values.yes = yes
        values.explain = explain
        values.dryRun = dryRun
        values.reducedMotion = reducedMotion
        values.agent = agent
        // As they came: the parser's are repaired.
        values.agentArguments = context.agentArguments ?? agentArguments.map { SystemText($0) }
        values.noMessages = noMessages
        values.can = can?.all
        values.attention = attention
        return values
    }

    func run(in context: Context) async throws -> Ending {
        // A key speaks for a script: nobody launches with it.
        let token = (options.token ?? context[TokenChoice.variable] ?? "").trimmingUnseen()
        if TokenForm.kind(of: token, among: [.key]) != nil { throw KeyElsewhere() }
        return try await values(context).run(in: context)
    }
}
