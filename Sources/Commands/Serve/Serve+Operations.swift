// The owner's tasks on a server's database: `serve audit verify`, `serve backup PATH`, `serve restore PATH`,
// `serve user add|reset`. They work on the file itself; all but `restore` may run beside the server.

import ArgumentParser
import Connect
import Console
import FoundationEssentials
import Localization
import MeshAPI
import MeshClient
import MeshServer
import MeshStore
import MeshStoreSQLite
import WizardRun

struct ServeAudit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: about(.serveAuditHelp), subcommands: [ServeAuditVerify.self],
        defaultSubcommand: ServeAuditVerify.self)
}

struct ServeAuditVerify: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "verify", abstract: about(.serveAuditHelp))

    @OptionGroup var options: GlobalOptions
    @OptionGroup var storage: DatabaseOption

    /// `--json`. `row` and `problem` (`changed`, `missing`, `cut`) are there where the chain is broken.
    struct Answer: Encodable {
        var intact: Bool
        var rows: Int?
        var row: Int?
        var problem: String?
    }

    func run(in context: Context) async throws -> Ending {
        let output = Output(context)
        switch try storage.administration(context).verifyAudit() {
        case .intact(let rows):
            if context.options.json { try output.json(Answer(intact: true, rows: rows)) }
            try output.success(context.strings(CommandText.auditIntact, count: rows))
            return .exit(.done)
        case .broken(let row, let breach):
            if context.options.json { try output.json(Answer(intact: false, row: row, problem: breach.rawValue)) }
            throw AuditBroken(row: row, breach: breach)
        }
    }
}

struct ServeBackup: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "backup", abstract: about(.serveBackupHelp))

    @OptionGroup var options: GlobalOptions
    @OptionGroup var storage: DatabaseOption

    @Argument(help: help(.serveBackupPath, value: .path), completion: .file())
    var path: String

    /// `--json`.
    struct Answer: Encodable {
        var database: String
        var key: String
    }

    func run(in context: Context) async throws -> Ending {
        try Backup.make(of: storage.path(context, else: "pg_dump"), to: path)
        let output = Output(context)
        if context.options.json { try output.json(Answer(database: path, key: path + ".key")) }
        try output.success(context.strings(CommandText.backupMade, ["path": path]))
        return .exit(.done)
    }
}

struct ServeRestore: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "restore", abstract: about(.serveRestoreHelp))

    @OptionGroup var options: GlobalOptions
    @OptionGroup var storage: DatabaseOption

    @Argument(help: help(.serveRestorePath, value: .path), completion: .file())
    var path: String

    /// `--json`. `kept` is where the former database is now.
    struct Answer: Encodable {
        var database: String
        var kept: String?
    }

    func run(in context: Context) async throws -> Ending {
        let target = try storage.path(context, else: "pg_restore")
        let kept = try Backup.restore(from: path, to: target)
        let output = Output(context)
        if context.options.json { try output.json(Answer(database: target, kept: kept)) }
        try output.success(context.strings(CommandText.restored, ["path": context.displayed(path: target)]))
        if let kept {
            try output.line(context.strings(CommandText.restoreKept, ["path": context.displayed(path: kept)]))
        }
        return .exit(.done)
    }
}

struct ServeUser: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: about(.serveUserHelp), subcommands: [ServeUserAdd.self, ServeUserReset.self])

    @OptionGroup var options: GlobalOptions
}

/// Where a password comes from: standard input, or chance.
struct PasswordOption: ParsableArguments {
    @Flag(name: .customLong("password-stdin"), help: help(.servePasswordStdin))
    var fromInput = false

    /// The password, and whether a person has yet to be told it.
    func password(_ context: Context) throws -> (text: String, isNew: Bool) {
        guard fromInput else { return (ServerAdministration.randomPassword(), true) }
        guard let text = context.input.readAll(4096).text?.trimmingWhitespace() else {
            throw Failure.missing(flag: "--password-stdin", choices: [], kind: .none)
        }
        return (text, false)
    }
}

/// `--json` of both.
private struct UserAnswer: Encodable {
    var id: String
    var name: String
    var email: String?
    /// There once, where it was made here.
    var password: String?

    init(_ user: User, password: String?) {
        (id, name, email, self.password) = (user.id, user.name, user.email, password)
    }
}

struct ServeUserAdd: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: about(.serveUserAddHelp))

    @OptionGroup var options: GlobalOptions
    @OptionGroup var storage: DatabaseOption
    @OptionGroup var secret: PasswordOption

    @Argument(help: help(.serveUserEmail, value: .address))
    var email: String

    @Option(name: .customLong("name"), help: help(.serveUserName, value: .name))
    var name: String

    func run(in context: Context) async throws -> Ending {
        let password = try secret.password(context)
        let user = try await storage.administration(context)
            .addUser(name: name, email: email, password: password.text)
        try tell(.userAdded, given: .userAddedGiven, user, password, context)
        return .exit(.done)
    }
}

struct ServeUserReset: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "reset", abstract: about(.serveUserResetHelp))

    @OptionGroup var options: GlobalOptions
    @OptionGroup var storage: DatabaseOption
    @OptionGroup var secret: PasswordOption

    @Argument(help: help(.serveUserEmail, value: .address))
    var email: String

    func run(in context: Context) async throws -> Ending {
        let password = try secret.password(context)
        let user = try await storage.administration(context)
            .resetPassword(email: email, to: password.text)
        try tell(.userReset, given: .userResetGiven, user, password, context)
        return .exit(.done)
    }
}

private func tell(
    _ made: CommandText, given: CommandText, _ user: User, _ password: (text: String, isNew: Bool), _ context: Context
) throws {
    let output = Output(context)
    if context.options.json { try output.json(UserAnswer(user, password: password.isNew ? password.text : nil)) }
    let values = ["name": user.name, "email": user.email ?? ""]
    try output.success(context.strings(password.isNew ? made : given, values))
    guard password.isNew else { return }
    try output.line(password.text)
    if !context.options.json { try output.note(context.strings(CommandText.passwordOnce)) }
}
