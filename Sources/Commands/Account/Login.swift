// `claudemesh login`: signs this machine in, by a code approved in a browser or by a token.

import ArgumentParser
import Connect
import Console
import FoundationEssentials
import LocalState
import Localization
import MeshAPI
import MeshClient

struct Login: MeshCommand {
    static let configuration = CommandConfiguration(
        commandName: "login", abstract: about(.loginHelp),
        discussion: """
            claudemesh login
            printf %s "$TOKEN" | claudemesh login --with-token
            """)

    @OptionGroup var options: GlobalOptions

    @Flag(name: .customLong("with-token"), help: help(.loginWithToken))
    var withToken = false

    @Option(name: .customLong("token-file"), help: help(.loginTokenFile, value: .path), completion: .file())
    var tokenFile: String?

    @Flag(name: .customLong("no-browser"), help: help(.loginNoBrowser))
    var noBrowser = false

    @Flag(name: .customLong("force"), help: help(.loginForce))
    var force = false

    /// The flags that bring a token, as given.
    var tokenFlags: [String] {
        var flags = options.token == nil ? [] : ["--token"]
        if withToken { flags.append("--with-token") }
        if tokenFile != nil { flags.append("--token-file") }
        return flags
    }

    func validate() throws {
        let flags = (options.local ? ["--local"] : []) + tokenFlags
        if flags.count > 1 { throw Clash(first: flags[0], second: flags[1]) }
    }

    func run(in context: Context) async throws -> Ending {
        let place = try LoginPlace(context)
        let context = context.speaking(place.config.language)
        guard let server = place.server else { return try await signInHere(context, place) }
        let signIn = try NewSignIn(context, directory: place.directory, server: server)
        try context.usage.begin(
            context, directory: place.directory, config: place.config, isLocal: false, client: signIn.client,
            isSignedIn: false)
        if let given = try givenToken(context) { return try await run(signIn, with: given) }
        return try await runInBrowser(signIn)
    }

    /// The server of this machine needs no sign-in: choosing it is all.
    private func signInHere(_ context: Context, _ place: LoginPlace) async throws -> Ending {
        let auth = try await LocalServerControl(context: context).start()
        try place.directory.updateConfig { $0.server = ServerChoice.localName }
        let output = Output(context)
        try output.success(context.strings(CommandText.authenticatedAs, ["name": auth.user.name]))
        if options.json { try output.json(WhoAmIAnswer(stored: auth)) }
        return .exit(.done)
    }
}

/// Which server `login` goes to. Unlike other commands it passes over a remembered "this machine only", since signing in
/// is how one leaves that; and over whatever credential there is.
struct LoginPlace {
    var directory: ConfigDirectory
    var config: ConfigFile
    /// nil is the server of this machine.
    var server: ServerAddress?

    init(_ context: Context) throws {
        directory = try ConfigDirectory(environment: context.environment)
        let read = try directory.readConfig()
        config = read.value
        let context = context.speaking(config.language)
        for notice in read.notices { Output(context).warning(Words(context: context).notice(notice)) }
        let choice = try ServerChoice.resolve(
            flag: context.options.server, local: context.options.local, environment: context.environment,
            config: config.server == ServerChoice.localName ? nil : config.server,
            signedInTo: try? directory.readAuth().value?.server,
            localAddress: try? directory.local.readAuth().value?.server)
        server = choice.address
    }
}
