// The names of things: steps, screens, rows, fields. A new screen adds a case to `ScreenID`, a new field one to `FieldID`.

public import Widgets

/// The steps of the flow, in its order. The raw values are what `--explain` prints.
public enum StepID: String, Sendable, Hashable, CaseIterable {
    case welcome, join
    case signIn = "sign-in"
    case pasteToken = "paste-token"
    case mesh, name, role, confirm
    case handOff = "hand-off"
}

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

/// The wizard's screens.
public enum WizardVocabulary: Vocabulary {
    public typealias Screen = ScreenID
    public typealias Field = FieldID
    public typealias Action = Wizard.Action
}

// Inside the wizard these are its own.
typealias ScreenModel = Widgets.ScreenModel<WizardVocabulary>
typealias Block = Widgets.Block<WizardVocabulary>
typealias Field = Widgets.Field<WizardVocabulary>
typealias Menu = Widgets.Menu<WizardVocabulary>
typealias MenuItem = Widgets.MenuItem<WizardVocabulary>
typealias MenuList = Widgets.MenuList<WizardVocabulary>
typealias KeyBinding = Widgets.KeyBinding<WizardVocabulary>
typealias Layout = Widgets.Layout<WizardVocabulary>

extension RowID {
    /// A mesh of the list.
    public static func mesh(_ id: String) -> RowID { RowID(rawValue: "mesh:\(id)") }

    /// The mesh's id, where the row is one.
    public var meshID: String? {
        rawValue.hasPrefix("mesh:") ? String(rawValue.dropFirst(5)) : nil
    }

    // Rows the reducer itself knows: the primary ones, and those it moves a selection to.
    public static let signIn: RowID = "sign-in"
    public static let pasteToken: RowID = "paste-token"
    public static let join: RowID = "join"
    public static let createAccount: RowID = "create-account"
    public static let local: RowID = "local"
    public static let changeServer: RowID = "change-server"
    public static let exit: RowID = "exit"
    public static let createMesh: RowID = "create-mesh"
    public static let clearFilter: RowID = "clear-filter"
    public static let retry: RowID = "retry"
    public static let back: RowID = "back"
    public static let launch: RowID = "launch"
    public static let noRole: RowID = "no-role"
    public static let otherRole: RowID = "other-role"
    public static func role(_ label: String) -> RowID { RowID(rawValue: "role:\(label)") }
}

/// A place where text is typed.
public enum FieldID: String, Sendable, Hashable, CaseIterable {
    case server, token, invite, joinName, meshFilter, meshName, meshRename, name, role, directory
}
