// `claudemesh whoami`: who one is, by what, until when, and where.

import ArgumentParser
import Connect
import Console
import FoundationEssentials
import Localization
import LocalState
import MeshAPI
import MeshClient

struct WhoAmICommand: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "whoami", abstract: about(.whoamiHelp))

    @OptionGroup var options: GlobalOptions

    @Flag(name: .customLong("sessions"), help: help(.whoamiSessions))
    var sessions = false

    /// How long the server may take; without it the stored identity is the answer.
    static let patience = Duration.seconds(3)

    func run(in context: Context) async throws -> Ending {
        let access = try await ServerAccess.signedIn(context)
        if access.isKey { return try await access.showKey() }
        let context = access.context
        let (known, reason) = try await identity(access)
        var identity = known
        if let hidden = access.token?.hides {
            access.output.warning(
                context.strings(
                    CommandText.hidesSignIn,
                    [
                        "source": access.token.map { access.context.name(of: $0.origin) } ?? "",
                        "name": hidden.user.name,
                        "path": context.displayed(path: access.connection.directory.authPath),
                    ]))
        }
        try access.output.table(rows(identity, access))
        if let reason {
            access.output.warning(context.strings(CommandText.notChecked, ["reason": reason.lowercasedFirst]))
        }
        if sessions {
            let list = try await access.ask { client throws(APIFailure) in try await client.cliSessions() }
            identity.sessions = list
            try access.output.line()
            try access.output.table(context.rows(of: list), header: context.sessionHeader, names: 1)
        }
        if options.json { try access.output.json(identity) }
        return .exit(.done)
    }

    /// Who one is; with the reason where that is only what is on disk.
    private func identity(_ access: ServerAccess) async throws -> (WhoAmIAnswer, String?) {
        let origin = access.token?.origin ?? .file
        do {
            let who = try await access.context.asking(access.client.within(Self.patience), origin) {
                client throws(APIFailure) in try await client.whoami()
            }
            return (WhoAmIAnswer(who, source: origin, server: access.server, checked: true), nil)
        } catch Failure.api(let failure, let host, _) where failure.isNoAnswer {
            guard let auth = access.token?.auth else { throw Failure.api(failure, host: host, origin: origin) }
            let why = Words(context: access.context).api(failure, host: host, origin: origin)
            return (WhoAmIAnswer(stored: auth, checked: false), why.message)
        }
    }

    private func rows(_ identity: WhoAmIAnswer, _ access: ServerAccess) -> [[String]] {
        let strings = access.context.strings
        let email = identity.user.email.map { " · \($0)" } ?? ""
        let label = identity.credential.name.map { " " + strings(ErrorText.quoted, ["text": $0]) } ?? ""
        let kind = strings(identity.credential.kind.text) + label
        let origin = access.token?.origin ?? .file
        let source =
            origin == .file
            ? access.context.displayed(path: access.connection.authPath) : access.context.name(of: origin)
        return [
            [strings[.account], identity.user.name + email],
            [strings[.token], kind],
            [strings(CommandText.sourceLabel), source],
            [strings[.expires], access.context.day(identity.credential.expiresAt)],
            [strings[.server], identity.server],
        ]
    }
}

extension Connection {
    /// The file that holds the sign-in in force.
    var authPath: String { choice.isLocal ? directory.local.authPath : directory.authPath }
}

extension CredentialKind {
    /// Of a key there is its own answer.
    var text: CommandText {
        switch self {
        case .session: .kindSession
        case .pat, .key: .kindToken
        case .guest: .kindGuest
        case .peer: .kindPeer
        }
    }
}

extension APIFailure {
    /// Whether the server said nothing of use: not reached, or in trouble itself.
    var isNoAnswer: Bool {
        switch self {
        case .unreachable: true
        case .refused(let status, _, _): status >= 500 || status == 429
        case .cancelled: false
        }
    }
}

extension Context {
    /// `18 Nov`, `3 Mar 2027`, or "never".
    func day(_ date: Date?) -> String {
        guard let date else { return strings(CommandText.never) }
        return strings.date(date, now: now(), offset: zoneOffset(date))
    }

    /// `today 18:04`, or "never" for what has not happened.
    func moment(_ date: Date?) -> String {
        guard let date else { return strings(CommandText.never) }
        return strings.dayAndTime(date, now: now(), offset: zoneOffset(date))
    }
}
