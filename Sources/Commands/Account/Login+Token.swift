// `login` with a token: on standard input, in a file, in the environment, or on the command line.

import Connect
import Console
import FoundationEssentials
import Localization
import LocalState
import MeshAPI
import MeshClient
import Platform
import Text

/// A token and what named it.
struct GivenToken {
    var text: String
    var origin: TokenOrigin
    /// The flag or variable, as a person would name it.
    var source: String
}

extension Login {
    /// The token this sign-in is made with; nil where it is to be made in the browser.
    func givenToken(_ context: Context) throws -> GivenToken? {
        if let text = try context.givenToken(Output(context)) {
            return GivenToken(text: text, origin: .flag, source: "--token")
        }
        if withToken {
            return GivenToken(text: try context.tokenFromInput(), origin: .flag, source: "--with-token")
        }
        if let tokenFile {
            return GivenToken(text: try Self.read(tokenFile, context), origin: .flag, source: "--token-file")
        }
        guard context.mustNotAsk else { return nil }
        // A machine that nobody can be asked at: the variable is its sign-in.
        guard let variable = context.environment[TokenChoice.variable] else {
            throw Failure.missing(
                flag: "--with-token", choices: ["--with-token", "--token-file", TokenChoice.variable], kind: .ways)
        }
        guard !variable.isEmpty else { throw TokenChoiceFailure.emptyVariable }
        return GivenToken(text: variable, origin: .environment, source: TokenChoice.variable)
    }

    /// Signs in with a token that the server knows.
    func run(_ signIn: NewSignIn, with given: GivenToken) async throws -> Ending {
        let context = signIn.context
        context.usage.add(.loginStarted(.pat, at: context.now()))
        let auth: AuthFile
        let who: WhoAmI
        do {
            (auth, who) = try await checked(given, signIn)
        } catch {
            context.usage.loginFailed(.pat, error, context)
            throw error
        }
        if !force { try await signIn.announceReplacement() }
        try await signIn.keep(auth, isClaimed: false)
        try sayAuthenticated(signIn, auth, who.credential)
        try await signIn.syncMeshes(auth)
        if options.json {
            try signIn.output.json(WhoAmIAnswer(who, source: given.origin, server: signIn.server))
        }
        return .exit(.done)
    }

    private func checked(_ given: GivenToken, _ signIn: NewSignIn) async throws -> (AuthFile, WhoAmI) {
        let token = given.text.trimmingUnseen()
        guard let kind = TokenForm.kind(of: token) else { throw Failure.malformedToken() }
        let who: WhoAmI
        do throws(APIFailure) {
            who = try await signIn.client.with(.bearer(token)).whoami()
        } catch {
            if error.status == 401 { throw Failure.tokenRejected(source: given.source) }
            throw Failure.api(error, host: signIn.server.authority, origin: given.origin)
        }
        let source: AuthFile.Source = who.credential.kind == .guest ? .invite : kind == .pat ? .pat : .deviceCode
        let auth = AuthFile(
            token: token, user: who.user, createdAt: signIn.context.now(), expiresAt: who.credential.expiresAt,
            source: source, server: signIn.server)
        return (auth, who)
    }

    /// The two lines of a sign-in that is kept, and a warning where a variable hides it.
    func sayAuthenticated(_ signIn: NewSignIn, _ auth: AuthFile, _ credential: CredentialInfo?) throws {
        let context = signIn.context
        if auth.source == .pat, let label = credential?.name {
            try signIn.output.success(
                context.strings(CommandText.authenticatedViaToken, ["name": auth.user.name, "label": label]))
        } else {
            try signIn.output.success(context.strings(CommandText.authenticatedAs, ["name": auth.user.name]))
        }
        let path = context.displayed(path: signIn.directory.authPath)
        try signIn.output.success(context.strings(CommandText.tokenSaved, ["path": path]))
        if context.environment[TokenChoice.variable] != nil {
            signIn.output.warning(
                context.strings(CommandText.variableHides, ["variable": TokenChoice.variable, "path": path]))
        }
    }

    /// A token in a file of the caller's choosing: a link or a pipe is as good.
    private static func read(_ path: String, _ context: Context) throws -> String {
        try context.given(path, as: "--token-file")
        let descriptor: Descriptor
        do {
            descriptor = try Descriptor(
                reading: path.hasPrefix("/") ? path : "\(context.workingDirectory)/\(path)")
        } catch { throw Failure.system(path: path, code: error.code) }
        defer { descriptor.close() }
        let read = Source.descriptor(descriptor).readAll(4096)
        guard case .failed(let code) = read else { return read.text ?? "" }
        throw Failure.system(path: path, code: code)
    }
}

extension Context {
    /// Whether a sign-in that waits for a person's approval is out of the question.
    var mustNotAsk: Bool { options.nonInteractive || isCI }
}

extension Usage {
    func loginFailed(_ method: TelemetryEvent.Method, _ error: any Error, _ context: Context) {
        add(.loginFailed(method, reason: Explanation.of(error, context: context).code, at: context.now()))
    }
}
