// Every screen: its name, and what it is made by. To add one, six files: its case and its line here, its file in Screens, what
// shows it in Flow/WizardState+screen.swift, its texts in assets/l10n/en.json and es.json, its state in
// Tests/Screens/WizardSamples, of which `CLAUDEMESH_RENEW_GOLDEN=1` draws its golden.

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
