// Finds, starts, replaces and stops the daemon of this configuration directory.

import Console
import FoundationEssentials
import LocalState
import Peers
import Platform

struct DaemonControl: Sendable {
    /// How long it may take to be there, and to be gone.
    private static let patience = Duration.seconds(3)
    private static let pause = Duration.milliseconds(10)
    /// What it gets of the environment: nothing of the session that happens to start it.
    private static let variables = [
        "HOME", "PATH", "LANG", "XDG_RUNTIME_DIR", "CLAUDEMESH_CONFIG_DIR", "SSL_CERT_FILE", "HTTPS_PROXY",
        "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy",
    ]

    /// So much of what former daemons wrote down stays: why one of them died is in there.
    private static let keptLog = 1 << 20

    let place: DaemonPlace
    private let directory: ConfigDirectory
    private let environment: [String: String]

    init(_ context: Context) throws {
        environment = context.environment
        directory = try ConfigDirectory(environment: environment)
        place = DaemonPlace(configuration: directory.path, runtime: environment["XDG_RUNTIME_DIR"])
    }

    /// Makes its folders, with the settings' own where nobody has any yet.
    func prepare() throws {
        try directory.make()
        do throws(SystemError) { try place.prepare() } catch {
            throw Failure.system(path: place.folder, code: error.code)
        }
    }

    /// Whether a daemon of this version, or a newer one, answers. Starts one where none does.
    func ensure() async -> Bool {
        let line = DaemonLine(place: place, token: nil)
        if let found = await line.version() {
            guard Self.isOlder(found.version) else { return true }
            await end(found.pid)
        }
        guard start() else { return false }
        let end = ContinuousClock.now + Self.patience
        while ContinuousClock.now < end {
            if FileAccess.allows(.exists, place.socket), await line.version() != nil { return true }
            do { try await Task.sleep(for: Self.pause) } catch { return false }
        }
        return false
    }

    /// False where none runs.
    func stop() async -> Bool {
        guard let found = await DaemonLine(place: place, token: nil).version() else { return false }
        await end(found.pid)
        return true
    }

    private func end(_ pid: Int32) async {
        DetachedProcess.end(pid)
        let end = ContinuousClock.now + Self.patience
        while ContinuousClock.now < end, DetachedProcess.isThere(pid) {
            do { try await Task.sleep(for: Self.pause) } catch { return }
        }
        if DetachedProcess.isThere(pid) { DetachedProcess.end(pid, atOnce: true) }
    }

    /// In a session of its own, by a process that ends at once: it is nobody's child here.
    private func start() -> Bool {
        guard (try? prepare()) != nil, let program = ownProgram() else { return false }
        let kept = environment.filter { Self.variables.contains($0.key) }
        guard
            let pid = try? DetachedProcess.start(
                program, ["claudemesh", "daemon", "run", "--detach"], environment: kept, directory: "/",
                log: place.folder + "/start")
        else { return false }
        return DetachedProcess.waitForEnd(of: pid)
    }

    /// The second half of `start`: leaves the daemon behind.
    func leaveBehind() throws -> Bool {
        guard let program = ownProgram() else { return false }
        _ = try DetachedProcess.start(
            program, ["claudemesh", "daemon", "run"], environment: environment, directory: "/", log: place.log,
            keeping: Self.keptLog)
        return true
    }

    private static func isOlder(_ version: String) -> Bool {
        func numbers(_ text: String) -> [Int] { text.split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? 0 } }
        return numbers(version).lexicographicallyPrecedes(numbers(Release.version))
    }
}
