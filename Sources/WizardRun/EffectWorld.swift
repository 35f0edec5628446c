// What effects act upon: the network, the files, the machine. One value, so that a runner is a loop and nothing else.

import Connect
import Console
import Dispatch
import FlowEngine
import FoundationEssentials
import LocalState
import MeshAPI
import MeshClient
import Platform
import SessionLaunch
import Wizard

/// The world the wizard's effects change.
struct EffectWorld: Sendable {
    var context: Context
    var directory: ConfigDirectory
    var transport: Transport
    /// `--agent`.
    var agentFlag: String?
    /// What the agent gets behind our own arguments.
    var agentArguments: [SystemText] = []
    /// `--reduced-motion`: nothing moves by itself.
    var isStill = false
    /// `--dry-run`: nothing is kept, and nothing started.
    var isDry = false
    /// Who carries the session's messages; nil where nobody does.
    var messages: MessageCarrier?
    /// `--no-messages`.
    var leavesMessagesOut = false
    /// `--can`.
    var can: [Ability]?
    /// `--attention`.
    var attention: Attention?
    /// Seconds a request may take while the wizard waits behind a drawn screen.
    var patience = Duration.seconds(10)

    /// A client of `access`; throws where its server is none.
    func client(_ access: Access) throws(APIFailure) -> APIClient {
        do throws(ServerAddressProblem) {
            var client = APIClient(
                server: try ServerAddress(access.server), credential: access.token.map(Self.credential),
                transport: transport, timeout: patience)
            client.onFailure = { [context] in context.usage.failed($0, $1, at: context.now()) }
            return client
        } catch {
            throw .unreachable(.other(access.server))
        }
    }

    /// The account whose rows and answers are kept.
    func account(_ server: String, _ userID: String) throws(ServerAddressProblem) -> AccountKey {
        AccountKey(server: try ServerAddress(server), userID: userID)
    }

    /// Works on files, one piece of work after the other, on a thread of their own: a lock that another process holds or
    /// a list of 100,000 meshes may hold up neither a frame nor one of the few threads that tasks share.
    func onDisk<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Self.files.async { continuation.resume(with: Result(catching: work)) }
        }
    }

    private static let files = DispatchQueue(label: "claudemesh.files")

    /// A session's own token is 64 hexadecimal digits; every other one says what it is.
    private static func credential(_ token: Secret) -> Authorization {
        let kind = TokenForm.kind(of: token.reveal, among: TokenForm.Kind.allCases)
        return kind == nil ? .session(token.reveal) : .bearer(token.reveal)
    }

    /// Milliseconds on the clock that goes on while the machine sleeps, and the time of day.
    func moment() -> Moment {
        let boot = BootClock.system.now().components
        return Moment(
            boot: Int(boot.seconds) * 1000 + Int(boot.attoseconds / 1_000_000_000_000_000),
            wall: Int(context.now().timeIntervalSince1970))
    }
}

extension Trouble {
    /// A file that could not be written.
    init(_ failure: FileFailure, context: Context) {
        let words = Words(context: context)
        let (path, reason) = words.place(of: failure) ?? ("~", words.file(failure).message)
        self = .file(path: context.displayed(path: path), reason: reason)
    }
}

extension EffectWorld {
    /// Where the agent is.
    func findAgent() -> AgentLookup {
        let search = AgentSearch(
            flag: agentFlag, environment: context.environment, directory: context.workingDirectory)
        do throws(AgentNotFound) {
            let program = try search.find()
            return .found(program: program, name: String(program.split(separator: "/").last ?? "claude"))
        } catch {
            return .missing(name: error.named ?? "claude", places: error.places)
        }
    }
}
