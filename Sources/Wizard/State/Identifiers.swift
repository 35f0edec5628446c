// The names of things: steps, rows, fields. A new field adds a case to `FieldID`.

public import Widgets

/// The steps of the flow, in its order. The raw values are what `--explain` prints.
public enum StepID: String, Sendable, Hashable, CaseIterable {
    case welcome, join
    case signIn = "sign-in"
    case pasteToken = "paste-token"
    case mesh, name, role, confirm
    case handOff = "hand-off"
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
