// The examination that `doctor` makes: what the checks look at, and their order. It changes nothing.

import Connect
import Console
import FoundationEssentials
import LocalState
import Localization
import MeshAPI

/// What the checks share. Each file is read once, so that no two of them see it otherwise.
struct Checkup: Sendable {
    let context: Context
    /// Only looked at: modes and damaged files stay as they are.
    let directory: Result<ConfigDirectory, FileFailure>
    let config: Result<Loaded<ConfigFile>, FileFailure>
    let choice: Result<ServerChoice, ServerChoiceProblem>
    /// The sign-in that is kept, and that of this machine's own server.
    let auth: StoredAuth
    let localAuth: StoredAuth

    init(_ context: Context) {
        let directory = Self.directory(context)
        let config = directory.flatMap(Self.config)
        self.context = context.speaking((try? config.get())?.value.language)
        self.directory = directory
        self.config = config
        auth = Self.auth(try? directory.get())
        localAuth = Self.auth(try? directory.get().local)
        choice = Self.choice(
            context, try? config.get().value, signedInTo: try? auth.get()?.server, local: try? localAuth.get()?.server)
    }

    /// Every check, in the order they are said.
    /// - Parameter provingLanes: a message goes before each model of a session here, which costs a turn.
    func all(provingLanes: Bool = false) async -> [Check] {
        let (health, server) = await examineServer()
        let files = files
        let token = await token(reachable: health != nil, beside: files)
        let messages = await messages(reachable: health != nil, provingLanes: provingLanes)
        return [terminal, locale] + files
            + [token, server, clock(health), proxy, certificates, agent] + messages + [clipboard, browser]
    }

    var strings: Strings { context.strings }

    /// The server in force; nil where none can be told, and of the local one where it never ran.
    var server: ServerAddress? {
        guard let choice = try? choice.get() else { return nil }
        return choice.isLocal ? (try? localAuth.get())?.server : choice.address
    }

    /// Whether nothing that may name another server was left unread.
    var knowsServer: Bool {
        if case .success = config { return true }
        return (try? choice.get())?.origin != .standard
    }

    /// What is wrong as a command would say it, behind the word that a sound row begins with.
    func failed(_ id: String, _ label: some TextKey, _ explanation: Explanation) -> Check {
        let message = "\(strings(label)): \(explanation.message.lowercasedFirst)"
        return .error(id, message, hint: explanation.remedy, explanation.exit)
    }

    func say(_ key: CommandText, _ values: [String: String] = [:]) -> String { strings(key, values) }

    private static func directory(_ context: Context) -> Result<ConfigDirectory, FileFailure> {
        do throws(FileFailure) {
            return .success(try ConfigDirectory(environment: context.environment, mayWrite: false))
        } catch {
            return .failure(error)
        }
    }

    private static func config(_ directory: ConfigDirectory) -> Result<Loaded<ConfigFile>, FileFailure> {
        do throws(FileFailure) { return .success(try directory.readConfig()) } catch { return .failure(error) }
    }

    private static func auth(_ directory: ConfigDirectory?) -> StoredAuth {
        StoredAuth { () throws(AuthFailure) in try directory?.readAuth().value }
    }

    private static func choice(
        _ context: Context, _ config: ConfigFile?, signedInTo: ServerAddress?, local: ServerAddress?
    ) -> Result<ServerChoice, ServerChoiceProblem> {
        do throws(ServerChoiceProblem) {
            return .success(
                try ServerChoice.resolve(
                    flag: context.options.server, local: context.options.local, environment: context.environment,
                    config: config?.server, signedInTo: signedInTo, localAddress: local))
        } catch {
            return .failure(error)
        }
    }
}
