// The examination that `doctor` makes: what the checks look at, and their order. It changes nothing.

import FoundationEssentials
import Localization
import MeshAPI
import MeshClient

/// What the checks share.
struct Checkup: Sendable {
    let context: Context
    /// Only looked at: modes and damaged files stay as they are.
    let directory: Result<ConfigDirectory, FileFailure>
    let config: Result<Loaded<ConfigFile>, FileFailure>
    let choice: Result<ServerChoice, ServerChoiceProblem>

    init(_ context: Context) {
        self.context = context
        let directory = Self.directory(context)
        let config = directory.flatMap(Self.config)
        self.directory = directory
        self.config = config
        choice = Self.choice(context, try? directory.get(), try? config.get().value)
    }

    /// Every check, in the order they are said.
    func all() async -> [Check] {
        let (health, server) = await examineServer()
        return [terminal, locale] + files + [await token(reachable: health != nil), server, clock(health), proxy]
            + [certificates, agent, clipboard, browser]
    }

    var strings: Strings { context.strings }

    /// The server in force; nil where none can be told, and of the local one where it never ran.
    var server: ServerAddress? {
        guard let choice = try? choice.get() else { return nil }
        return choice.isLocal ? localAuth.flatMap { $0?.server } : choice.address
    }

    /// Whether nothing that may name another server was left unread.
    var knowsServer: Bool {
        if case .success = config { return true }
        return (try? choice.get())?.origin != .standard
    }

    var localAuth: AuthFile?? { try? directory.get().local.readAuth().value }

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

    private static func choice(
        _ context: Context, _ directory: ConfigDirectory?, _ config: ConfigFile?
    ) -> Result<ServerChoice, ServerChoiceProblem> {
        do throws(ServerChoiceProblem) {
            return .success(
                try ServerChoice.resolve(
                    flag: context.options.server, local: context.options.local, environment: context.environment,
                    config: config?.server, localAddress: try? directory?.local.readAuth().value?.server))
        } catch {
            return .failure(error)
        }
    }
}
