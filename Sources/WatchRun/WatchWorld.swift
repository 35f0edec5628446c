// What the effects of watching act upon: the network, the files, the machine. One value, so that a runner is a loop.

import Canvas
import Console
import FoundationEssentials
import LocalState
import Localization
package import MeshAPI
package import MeshClient
import Platform
import Watch
import FlowEngine

/// What a run is asked for.
package struct WatchRequest: Sendable {
    /// The mesh as it was typed, or nothing.
    package var mesh: String?
    package var bell: Bool
    /// Another screen of the program is behind it, and there again afterwards.
    package var isVisit: Bool
    /// Finds the mesh, and who looks there.
    package var open: @Sendable () async throws -> (mesh: Mesh, me: Member)
    package var client: APIClient
    package var host: String

    package init(
        mesh: String?, bell: Bool, client: APIClient, host: String, isVisit: Bool = false,
        open: @escaping @Sendable () async throws -> (mesh: Mesh, me: Member)
    ) {
        self.mesh = mesh
        self.bell = bell
        self.isVisit = isVisit
        self.client = client
        self.host = host
        self.open = open
    }
}

struct WatchWorld: Sendable {
    var context: Context
    var request: WatchRequest
    var directory: ConfigDirectory

    var client: APIClient { request.client }

    /// Milliseconds on the clock that goes on while the machine sleeps, and the time of day.
    func moment() -> Moment {
        let boot = BootClock.system.now().components
        return Moment(
            boot: Int(boot.seconds) * 1000 + Int(boot.attoseconds / 1_000_000_000_000_000),
            wall: Int(context.now().timeIntervalSince1970))
    }

    private var config: ConfigFile? { (try? directory.readConfig())?.value }

    /// The colour that the person has chosen.
    var accent: Accent { config?.accent.flatMap(Accent.init) ?? .blue }

    func state() -> WatchState {
        let config = config
        let settings = Watch.Settings(
            language: context.strings.language, ascii: context.mustBeASCII || config?.ascii == true, bell: request.bell)
        let facts = Watch.Facts(
            runID: String(UUID().uuidString.lowercased().prefix(13)), host: request.host, machine: context.hostName,
            utcOffset: context.zoneOffset(context.now()), isVisit: request.isVisit)
        let name = request.mesh ?? ""
        return WatchState(
            facts: facts, settings: settings, mesh: MeshName(id: "", slug: name, name: name), now: moment())
    }

    var prefersLines: Bool {
        if context.options.fullScreen { return false }
        let config = config
        return context.options.plain || context["ACCESSIBLE"] == "1" || config?.plain == true
    }
}
