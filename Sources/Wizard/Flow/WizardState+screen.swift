// What has the focus on the screen that is up, and whether Esc does something there.

public import Canvas
import FlowEngine
import Widgets

extension WizardState {
    /// The smallest window that shows content; below it there is a notice.
    public static let minimumSize = Room.smallest

    public var isTooSmall: Bool { size.width < Self.minimumSize.width || size.height < Self.minimumSize.height }

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
