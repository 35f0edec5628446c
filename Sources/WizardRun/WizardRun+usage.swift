// What the wizard tells of its use, and that it says so first: the notice stands on the welcome screen, and a run that
// shows it sends nothing.

import Connect
import Console
import FlowEngine
import LocalState
import MeshAPI
import MeshClient
import Wizard

extension WizardRun {
    /// Sends what waits, behind the first frame. Where nobody was told yet, nothing is begun.
    func beginUsage() async {
        let state = session.state
        let world = session.world
        guard !state.facts.showsTelemetryNotice, let client = try? world.client(state.access) else { return }
        // Telling is on, off or forbidden here: none of these says anything.
        try? await world.onDisk {
            try world.context.usage.begin(
                world.context, directory: world.directory, config: try world.directory.readConfig().value,
                isLocal: state.server.isLocal, client: client.with(nil), isSignedIn: state.identity != nil)
        }
    }

    /// Keeps in mind that the notice stood on the screen.
    func rememberNotice() {
        guard session.state.wasTelemetryNoticeSeen else { return }
        // What cannot be kept is shown again.
        try? session.world.directory.updateState { $0.markShown(TelemetryChoice.notice) }
    }
}

extension EffectRunner {
    /// An attempt to sign in began, or ended without success.
    func note(_ event: PollEvent) {
        switch event {
        case .denied: noteFailure(.deviceCode, "sign_in_denied")
        case .expired: noteFailure(.deviceCode, "login_timed_out")
        case .lost: noteFailure(.deviceCode, "token_lost")
        case .pending, .approved, .trouble, .slowedDown, .clockFast: break
        }
    }

    func noteStart(_ method: TelemetryEvent.Method) {
        world.context.usage.add(.loginStarted(method, at: world.context.now()))
    }

    func noteFailure(_ method: TelemetryEvent.Method, _ reason: String) {
        world.context.usage.add(.loginFailed(method, reason: reason, at: world.context.now()))
    }

    func noteSuccess(_ record: SignInRecord) {
        let method: TelemetryEvent.Method =
            switch record.source {
            case .deviceCode: .deviceCode
            case .pat: .pat
            case .invite: .invite
            }
        world.context.usage.add(.loginSucceeded(method, userID: record.user.id, at: world.context.now()))
    }
}
