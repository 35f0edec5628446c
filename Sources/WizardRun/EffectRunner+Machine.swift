// Effects on this machine: its browser, its clipboard, its server, its agent.

import Connect
import Console
import Desktop
import FoundationEssentials
import LocalState
import MeshAPI
import Platform
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

    /// Directories of former launches that are offered.
    private nonisolated static var mostRecent: Int { 8 }

    func recallDirectories() async {
        let world = world
        let found = try? await world.onDisk { () -> [Workplace] in
            var paths = Set<String>()
            let all = world.directory.launches().map(\.directory).filter { paths.insert($0).inserted }
            return Array(all.lazy.compactMap(world.workplace).prefix(Self.mostRecent))
        }
        if let found { arrive(.directories(found)) }
    }

    func lookAtDirectory(_ text: String) async {
        let world = world
        let place = try? await world.onDisk { world.workplace(world.path(typed: text)) }
        arrive(.directory(text, place))
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
    /// The directory at a path; nil where there is none.
    func workplace(_ path: String) -> Workplace? {
        guard FileStatus(ofFolder: path) != nil else { return nil }
        return Workplace(
            path: path, shown: context.displayed(path: path), name: context.sessionName(ofDirectory: path))
    }

    /// What a shell would make of it: `~` is the home, and what does not begin at the root begins here.
    func path(typed text: String) -> String {
        var path = text
        if let home = context.home, path == "~" || path.hasPrefix("~/") { path = home + path.dropFirst() }
        if !path.hasPrefix("/") { path = "\(context.workingDirectory)/\(path)" }
        var names: [Substring] = []
        for name in path.split(separator: "/") where name != "." {
            if name == ".." { _ = names.popLast() } else { names.append(name) }
        }
        return "/" + names.joined(separator: "/")
    }
}

extension Context {
    /// A directory's own name, unless it says nothing of the work or is no name for a session.
    func sessionName(ofDirectory path: String) -> String? {
        guard path != home, let name = path.split(separator: "/").last.map(String.init) else { return nil }
        return FieldRule.name.problem(of: name) == nil ? name : nil
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
