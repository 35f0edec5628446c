// `claudemesh mcp`: the tools of a launched session, for Claude Code alone, which starts it.

import Console
import ArgumentParser
import FoundationEssentials
import Localization
import MeshAPI
import Peers

struct MCPCommand: MeshCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp", abstract: about(.mcpHelp), shouldDisplay: false)

    @OptionGroup var options: GlobalOptions

    func run(in context: Context) async throws -> Ending {
        let control = try DaemonControl(context)
        let session = LaunchedSessionFile(tokenFile: context["CLAUDEMESH_IPC_TOKEN_FILE"])
        let line = DaemonLine(place: control.place, token: session?.token)
        let inbox = AgentInbox(environment: context.environment)
        let wakes = inbox != nil && session?.facts.receives == .wake
        var instructions = Self.notLaunched
        if var identity = session?.identity {
            if let address = await Self.address(line) { identity.address = address }
            instructions = identity.instructions(wakes: wakes)
        }
        let server = MCPServer(version: Release.version, instructions: instructions, wakes: wakes)
        let bridge = Bridge(
            server: server, line: line, inbox: wakes ? inbox : nil,
            environment: context.environment
        ) {
            guard let session, await control.ensure(), await line.isUnknown() else { return }
            _ = await line.register(session.facts)
        }
        await bridge.run()
        return .exit(.done)
    }

    /// As the server has it, where the daemon knows that in time: Claude Code waits for its handshake.
    private static func address(_ line: DaemonLine) async -> String? {
        let end = ContinuousClock.now + .milliseconds(400)
        while let carried = await line.me() {
            if let address = carried.address { return address }
            guard ContinuousClock.now < end, (try? await Task.sleep(for: .milliseconds(20))) != nil else { break }
        }
        return nil
    }

    private static let notLaunched =
        "This Claude Code was not launched into a mesh, so nobody can be reached. `claudemesh` launches one that is."
}

/// What the launcher left in the session's folder, for its tools.
struct LaunchedSessionFile {
    let facts: SessionFacts
    let token: String

    var identity: SessionIdentity {
        SessionIdentity(address: facts.displayName, member: facts.memberName, mesh: facts.meshSlug)
    }

    /// nil outside of a launched session.
    init?(tokenFile: String?) {
        guard let tokenFile, let token = try? SessionToken.read(tokenFile) else { return nil }
        let folder = URL(filePath: tokenFile).deletingLastPathComponent().path
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(Self.name)"),
            let facts = try? JSONDecoder().decode(SessionFacts.self, from: data)
        else { return nil }
        self.facts = facts
        self.token = token
    }

    static let name = "session.json"
}
