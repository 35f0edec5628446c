// Every screen: its name, when it is up, and what it is made by. To add one, six files: its three lines here, its file in Screens,
// its texts in assets/l10n/en.json and es.json, its state in Tests/Screens/WizardSamples, and its golden, which
// `CLAUDEMESH_RENEW_GOLDEN=1` draws.

import FlowEngine

/// What is drawn: a step has one or more screens and shows the one its state asks for; overlays have one each.
public enum ScreenID: String, Sendable, Hashable, CaseIterable {
    case welcome
    case server
    case joinLink, joinPreview, joinOtherServer, joinSummary
    /// Asking for a code, waiting for approval, and the ways that ends.
    case signInRequesting, signInWaiting, signInUnavailable, signInDenied, signInExpired, signInLost
    /// Signed in, while the meshes load.
    case signInApproved
    /// "Signed in as NAME": Keep, Change account.
    case signInSummary
    case token, tokenChecked
    case meshList, meshCreate
    /// What can be done with a row of the list.
    case meshActions, meshRename, meshInvite, meshLeave
    case name
    case role, roleOther
    case confirm, directory, agentMissing
    case handOff
    // Overlays.
    case help, quit, error, sessionExpired, nested, elsewhere, launches, settings, tooSmall
}

extension WizardState {
    /// What is drawn: the notice of a small window, else the top overlay, else the screen of the current step.
    public var screen: ScreenID {
        if isTooSmall { return .tooSmall }
        return overlays.top?.id ?? stepScreen
    }

    /// The screen of the current step, whatever lies above it.
    public var stepScreen: ScreenID {
        switch step {
        case .welcome: serverEntry == nil ? .welcome : .server
        case .join: joinScreen
        case .signIn: identity == nil ? signInScreen : .signInSummary
        case .pasteToken: identity == nil ? tokenScreen : .signInSummary
        case .mesh: meshScreen
        case .name: .name
        case .role: writesOwnRole ? .roleOther : .role
        case .confirm: !agent.isFound ? .agentMissing : directoryEntry == nil ? .confirm : .directory
        case .handOff: .handOff
        }
    }

    private var joinScreen: ScreenID {
        switch join?.phase {
        case .preview, .claiming: .joinPreview
        case .otherServer: .joinOtherServer
        case .joined: .joinSummary
        case .link, .lookingUp, .failed, nil: .joinLink
        }
    }

    private var signInScreen: ScreenID {
        switch signIn.phase {
        // Asked for again, what failed stays with its ways out.
        case .requesting where signIn.retry != nil: .signInUnavailable
        case .idle, .requesting: .signInRequesting
        case .unavailable: .signInUnavailable
        case .waiting, .approved: .signInWaiting
        case .denied: .signInDenied
        case .expired: .signInExpired
        case .lost: .signInLost
        }
    }

    private var tokenScreen: ScreenID {
        if case .checked = tokenEntry.phase { .tokenChecked } else { .token }
    }

    private var meshScreen: ScreenID {
        if meshes.draft != nil { return .meshCreate }
        if let opened = meshes.opened { return screen(of: opened) }
        let isFresh = identity?.source == .thisRun && meshes.phase == .loading && meshes.rows.all.isEmpty
        return isFresh && !history.opened.contains(.mesh) ? .signInApproved : .meshList
    }

    private func screen(of opened: OpenedMesh) -> ScreenID {
        switch opened.phase {
        case .choosing: .meshActions
        case .renaming, .sendingName: .meshRename
        case .inviting, .invited: .meshInvite
        case .askingToLeave, .leaving: .meshLeave
        }
    }
}

extension ScreenID {
    func content(of screens: Screens) -> ScreenModel {
        switch self {
        case .welcome: screens.welcome
        case .server: screens.serverScreen
        case .joinLink: screens.joinLink
        case .joinPreview: screens.joinPreview
        case .joinOtherServer: screens.joinOtherServer
        case .joinSummary: screens.joinSummary
        case .signInRequesting: screens.signInRequesting
        case .signInWaiting: screens.signInWaiting
        case .signInUnavailable: screens.signInUnavailable
        case .signInDenied: screens.signInDenied
        case .signInExpired: screens.signInExpired
        case .signInLost: screens.signInLost
        case .signInApproved: screens.signInApproved
        case .signInSummary: screens.signInSummary
        case .token: screens.token
        case .tokenChecked: screens.tokenChecked
        case .meshList: screens.meshList
        case .meshCreate: screens.meshCreate
        case .meshActions: screens.meshActions
        case .meshRename: screens.meshRename
        case .meshInvite: screens.meshInvite
        case .meshLeave: screens.meshLeave
        case .name: screens.name
        case .role: screens.role
        case .roleOther: screens.roleOther
        case .confirm: screens.confirm
        case .directory: screens.directory
        case .agentMissing: screens.agentMissing
        case .handOff: screens.handOff
        case .help: screens.help
        case .quit: screens.quit
        case .error: screens.error
        case .sessionExpired: screens.sessionExpired
        case .nested: screens.nested
        case .elsewhere: screens.elsewhere
        case .launches: screens.launches
        case .settings: screens.settings
        case .tooSmall: screens.tooSmall
        }
    }
}
