// `claudemesh logout`: ends this machine's sign-in, on the server as far as it can be reached, on disk in any case.

import ArgumentParser
import Connect
import Console
import LocalState
import Localization
import MeshAPI
import MeshClient
import WizardRun

struct Logout: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "logout", abstract: about(.logoutHelp))

    @OptionGroup var options: GlobalOptions

    @Flag(name: .customLong("revoke-token"), help: help(.logoutRevokeToken))
    var revokeToken = false

    /// What was done: `{revoked, removed}`.
    struct Answer: Encodable {
        /// Whether the token no longer works.
        var revoked: Bool
        /// Whether there was a file, and is none now.
        var removed: Bool
    }

    func run(in context: Context) async throws -> Ending {
        let place = try LoginPlace(context)
        let context = context.speaking(place.config.language)
        let output = Output(context)
        guard let server = place.server else {
            try output.line(context.strings(CommandText.localNeedsNoLogout))
            return try ended(output, Answer(revoked: false, removed: false))
        }
        let auth: AuthFile?
        do throws(AuthFailure) {
            let read = try place.directory.readAuth()
            for notice in read.notices { output.warning(Words(context: context).notice(notice)) }
            auth = read.value
        } catch {
            return try forgetUnreadable(output, place, server, error)
        }
        guard let auth else {
            let isLocal =
                place.config.server == ServerChoice.localName && context.options.server == nil
                && context["CLAUDEMESH_API_URL"] == nil
            try output.line(context.strings(isLocal ? CommandText.localNeedsNoLogout : .notSignedIn))
            try warnOfVariable(output)
            return try ended(output, Answer(revoked: false, removed: false))
        }
        guard auth.server == server else {
            throw Failure.signedInElsewhere(host: server.name(beside: auth.server), signedInTo: auth.server)
        }
        return try await end(auth, place, output)
    }

    private func end(_ auth: AuthFile, _ place: LoginPlace, _ output: Output) async throws -> Ending {
        let context = output.context
        let client = context.client(of: auth.server, credential: auth.credential).within(.seconds(5))
        try context.usage.begin(
            context, directory: place.directory, config: place.config, isLocal: false, client: client.with(nil),
            isSignedIn: true)
        try place.directory.checkAuthCanChange()
        let isToken = TokenForm.kind(of: auth.token) == .pat
        let mayRevoke = !isToken || revokeToken
        let failure = mayRevoke ? await revoke(client) : nil
        let removed = try place.directory.removeAuth()
        context.usage.add(.logout(userID: auth.user.id, at: context.now()))
        let page =
            auth.server.description + (isToken ? "/dashboard/settings/cli-tokens" : "/dashboard/settings/sessions")
        let wasOver = failure?.status == 401
        let isOver = mayRevoke && (failure == nil || wasOver)
        if isOver {
            try output.success(context.strings(wasOver ? CommandText.tokenWasOver : .tokenRevoked))
        }
        if removed {
            let path = context.displayed(path: place.directory.authPath)
            try output.success(context.strings(CommandText.removed, ["path": path]))
        }
        if let failure, !isOver {
            let why = Words(context: context).api(failure, host: auth.server.authority, origin: .file)
            output.warning(
                context.strings(CommandText.notRevoked, ["reason": why.message.lowercasedFirst.closed, "url": page]))
        } else if !mayRevoke {
            try output.line(context.strings(CommandText.tokenStaysValid, ["url": page]))
        }
        try warnOfVariable(output)
        return try ended(output, Answer(revoked: isOver, removed: removed))
    }

    /// nil where the token no longer works; 401 where it did not before.
    private func revoke(_ client: APIClient) async -> APIFailure? {
        do throws(APIFailure) {
            try await client.revokeCurrentSession()
            return nil
        } catch {
            return error
        }
    }

    /// A file whose token cannot be read is removed all the same; what it signed in stays valid.
    private func forgetUnreadable(
        _ output: Output, _ place: LoginPlace, _ server: ServerAddress, _ failure: AuthFailure
    ) throws -> Ending {
        let context = output.context
        guard try place.directory.removeAuth() else { throw failure }
        let path = context.displayed(path: place.directory.authPath)
        try output.success(context.strings(CommandText.removed, ["path": path]))
        // The words of this failure tell to sign in, which is not what is wanted here.
        let page = server.description + "/dashboard/settings/sessions"
        output.warning(context.strings(CommandText.notRevokedUnread, ["url": page]))
        return try ended(output, Answer(revoked: false, removed: true))
    }

    /// A token in the environment is none of ours to remove, and stays in force.
    private func warnOfVariable(_ output: Output) throws {
        guard output.context[TokenChoice.variable] != nil else { return }
        output.warning(
            output.context.strings(CommandText.variableStays, ["variable": TokenChoice.variable]))
    }

    private func ended(_ output: Output, _ answer: Answer) throws -> Ending {
        if options.json { try output.json(answer) }
        return .exit(.done)
    }
}

extension String {
    /// With a full stop, where another sentence follows.
    fileprivate var closed: String { last.map { ".!?".contains($0) } == true ? self : self + "." }
}
