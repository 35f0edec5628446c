// Which screen the state asks for, what has the focus on it, and whether Esc does something.

public import Canvas
import FlowEngine
import Widgets

extension WizardState {
    /// The smallest window that shows content; below it there is a notice.
    public static let minimumSize = Room.smallest

    public var isTooSmall: Bool { size.width < Self.minimumSize.width || size.height < Self.minimumSize.height }

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

    /// The field that takes what is typed or pasted on the current screen.
    public var focusedField: FieldID? {
        switch screen {
        case .server: .server
        case .token: .token
        case .joinLink: .invite
        case .joinPreview: .joinName
        case .meshList: .meshFilter
        case .meshCreate: .meshName
        case .meshRename: .meshRename
        case .name: .name
        case .roleOther: .role
        case .directory: .directory
        default: nil
        }
    }

    /// Whether Esc does something here; else the key bar does not show it.
    public var canGoBack: Bool {
        if isTooSmall || outcome != nil { return false }
        switch overlays.top {
        case .help, .quit, .error, .settings: return true
        case .sessionExpired, .nested, .elsewhere, .launches: return false
        // The sign-in that Esc would lead to is on this very screen.
        case nil where stepScreen == .signInApproved: return false
        case nil: return hasDraftToDrop || hasAccountAside || wizardFlow.canGoBack(self)
        }
    }

    /// Another account is asked for: Esc leads back to the one there was, or to what ended it.
    private var hasAccountAside: Bool { aside.map { $0.why != .otherServer } ?? false }

    /// Esc first drops what was opened inside the step: a draft, a filter, a check on its way.
    var hasDraftToDrop: Bool {
        switch stepScreen {
        case .meshList: !(inputs[.meshFilter]?.isEmpty ?? true)
        case .server, .meshCreate, .meshActions, .meshRename, .meshInvite, .meshLeave, .directory, .roleOther,
            .tokenChecked, .joinPreview, .joinOtherServer:
            true
        case .token: tokenEntry.phase == .checking
        case .joinLink: join?.phase == .lookingUp || aside?.why == .otherServer
        case .signInWaiting: signIn.hasPastedToken
        default: false
        }
    }
}
