// Effects on this machine: its browser, its clipboard, its server, its agent.

import Connect
import Console
import Desktop
import FoundationEssentials
import LocalState
import MeshAPI
import Wizard

extension EffectRunner {
    func openBrowser(_ url: String) async {
        let outcome = await Browser(world.seat).open(url)
        arrive(.browser(outcome == .opened ? .opened : .failed))
    }

    func copy(_ text: String) async {
        // On a first run there is no directory yet; where none can be made, the other ways are left.
        try? world.directory.make()
        let clipboard = Clipboard(world.seat, file: world.directory.path(of: "copied.txt"))
        switch await clipboard.copy(text) {
        case .copied(let program): arrive(.copied(.copied(program: program)))
        case .sentToTerminal(let sequence):
            // The sequence moves nothing on the screen.
            let sent = (try? world.context.output.write(sequence)) != nil
            arrive(.copied(sent ? .sentToTerminal : .failed))
        case .written(let path): arrive(.copied(.written(path: world.context.displayed(path: path))))
        case .failed: arrive(.copied(.failed))
        }
    }

    func makeQR(_ code: String, _ text: String) async {
        guard let drawn = QRCode(text) else { return }
        arrive(.qr(code: code, lines: drawn.lines))
    }

    func startLocalServer() async {
        do {
            let control = LocalServerControl(
                context: world.context, directory: world.directory, transport: world.transport)
            let auth = world.isDry ? try await control.found() : try await control.start()
            arrive(.localServer(Server(local: auth.server), Wizard.Identity(auth, source: .local, check: .checked)))
        } catch is CancellationError {
            return
        } catch Failure.localServer(let reason, let remedy) {
            arrive(.failed(.startingLocalServer, .localServer(reason: reason, remedy: remedy)))
        } catch {
            let found = Explanation.of(error, context: world.context)
            arrive(.failed(.startingLocalServer, .localServer(reason: found.message, remedy: found.remedy)))
        }
    }

    func lookForAgent() async {
        let found = world.findAgent()
        arrive(.agent(found))
        await askAgent(found)
    }

    /// Which version it is, and with that whether messages reach it.
    func askAgent(_ agent: AgentLookup) async {
        guard case .found(let program, _) = agent else { return }
        arrive(.messages(MessagesOutlook(await LaunchMessages(program: program, world: world).ability)))
    }
}

extension EffectWorld {
    var seat: Seat { Seat(environment: context.environment) }
}

extension Server {
    init(local address: ServerAddress) {
        self.init(baseURL: address.description, host: address.authority, isLocal: true)
    }
}

extension Wizard.Identity {
    /// A stored sign-in as it is believed to be until a server has said so.
    init(_ auth: AuthFile, source: Wizard.TokenSource, check: Check = .unchecked) {
        let kind: CredentialKind =
            switch auth.source {
            case .pat: .pat
            case .invite: .guest
            case .deviceCode, .local: .session
            }
        self.init(
            user: auth.user, kind: kind, token: Secret(auth.token), source: source,
            expiresAt: auth.expiresAt.map { Int($0.timeIntervalSince1970) }, check: check)
    }
}
