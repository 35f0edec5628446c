// The names of things: places, screens, fields, rows. A new screen adds a case to `ScreenID`.

public import Widgets

/// Where the keys go. Tab goes from one to the next.
public enum Place: String, Sendable, Hashable, CaseIterable {
    /// Printables are text.
    case line
    case lists
    case forYou
}

/// What is drawn: the mesh, or what lies above it.
public enum ScreenID: String, Sendable, Hashable, CaseIterable {
    case mesh
    // Overlays.
    case help, quit, peer, person, topic, firstWord, message, meshes, attention, contact, putOut, ban, ended, tooSmall
}

/// A place where text is typed.
public enum FieldID: String, Sendable, Hashable, CaseIterable {
    case line, filter, name
}

public enum WatchVocabulary: Vocabulary {
    public typealias Screen = ScreenID
    public typealias Field = FieldID
    public typealias Action = Watch.Action
}

// Inside this room these are its own.
typealias ScreenModel = Widgets.ScreenModel<WatchVocabulary>
typealias Block = Widgets.Block<WatchVocabulary>
typealias Menu = Widgets.Menu<WatchVocabulary>
typealias MenuItem = Widgets.MenuItem<WatchVocabulary>
typealias KeyBinding = Widgets.KeyBinding<WatchVocabulary>
typealias Layout = Widgets.Layout<WatchVocabulary>

extension RowID {
    static func peer(_ id: String) -> RowID { RowID(rawValue: "peer:\(id)") }
    static func person(_ id: String) -> RowID { RowID(rawValue: "person:\(id)") }
    static func topic(_ name: String) -> RowID { RowID(rawValue: "topic:\(name)") }
    static func mesh(_ id: String) -> RowID { RowID(rawValue: "mesh:\(id)") }

    static let later: RowID = "later"
    static let stay: RowID = "stay"
}
