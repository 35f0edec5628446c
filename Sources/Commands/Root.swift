// The root of the command line. To add a command, five files: its own in Commands, its name in `subcommands`, what help says of it
// in assets/l10n/en.json and es.json, a test in Tests/CommandsTests. One of a noun that is there, such as `topics`, stands in the
// noun's file, which lists it: four. None can be left out: nothing finds a type that nobody names, and each language has a file.
// Every command writes its name out: the parser would find it by reflection, for each of them and at every start that it
// has a part in, which took more than a quarter of its time.

import ArgumentParser
import Connect
import Console
import Localization
import MeshClient

/// `claudemesh` alone is `launch`.
struct Root: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "claudemesh",
        abstract: about(.tagline),
        discussion: """
            claudemesh
            claudemesh --local
            claudemesh https://claudemesh.com/i/K7QD-2MXP-9WTB
            claudemesh -y --mesh planning --role reviewer
            """,
        version: Release.version,
        subcommands: [MCPCommand.self],
        groupedSubcommands: [
            CommandGroup(
                name: helpStrings(CommandText.groupStart),
                subcommands: [Launch.self, JoinCommand.self, Create.self, Login.self, Logout.self, Doctor.self]),
            CommandGroup(
                name: helpStrings(CommandText.groupMeshes),
                subcommands: [
                    List.self, Peers.self, Members.self, InviteCommand.self, Invites.self, Rename.self, Leave.self,
                    Sync.self,
                ]),
            CommandGroup(
                name: helpStrings(CommandText.groupMessages),
                subcommands: [
                    Send.self, ReplyCommand.self, Inbox.self, WatchCommand.self, Messages.self, Topics.self,
                    AttentionCommand.self,
                ]),
            CommandGroup(
                name: helpStrings(CommandText.groupWho),
                subcommands: [
                    Contacts.self, Allow.self, BlockCommand.self, Unblock.self, GrantCommand.self, RevokeCommand.self,
                    Kick.self, Disconnect.self, BanCommand.self, Unban.self, Bans.self, KeysCommand.self,
                ]),
            CommandGroup(
                name: helpStrings(CommandText.groupAccount),
                subcommands: [WhoAmICommand.self, Sessions.self, Tokens.self]),
            CommandGroup(
                name: helpStrings(CommandText.groupMachine),
                subcommands: [
                    Serve.self, Local.self, DaemonCommand.self, Telemetry.self, Completions.self, Help.self,
                ]),
        ],
        defaultSubcommand: Launch.self)

    @OptionGroup var options: GlobalOptions
}

extension Root {
    /// The commands that lead to one, the root first; the root alone where none does.
    static func commands(to command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        func path(_ from: any ParsableCommand.Type) -> [any ParsableCommand.Type]? {
            if from == command { return [from] }
            return from.configuration.subcommands.lazy.compactMap(path).first.map { [from] + $0 }
        }
        return path(Root.self) ?? [Root.self]
    }

    /// The words that lead to a command: `sessions revoke`.
    static func path(to command: any ParsableCommand.Type) -> String {
        commands(to: command).dropFirst().map { $0._commandName }.joined(separator: " ")
    }
}

/// A command that does something. Parsing makes the value; `run(in:)` does the work and throws what stopped it.
protocol MeshCommand: ParsableCommand {
    var options: GlobalOptions { get }
    func run(in context: Context) async throws -> Ending
}
