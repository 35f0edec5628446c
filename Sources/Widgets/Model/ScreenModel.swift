// What a screen says and asks, without a place for anything: the full screen lays it out, line mode reads it aloud.
// To add a kind of content: a case of `Block`, its bands in `Blocks.swift`.

public import Canvas

/// One screen as a description.
public struct ScreenModel<V: Vocabulary>: Sendable {
    public var id: V.Screen
    /// Beside the program's name; empty on the first screen.
    public var title: String
    /// What is answered, asked and to come.
    public var status: [StatusEntry] = []
    /// The rows of the status are what the screen is about: kept in a low window, where the title goes instead.
    public var keepsStatusRows = false
    /// The content, top to bottom; a blank line between groups, none inside.
    public var groups: [[Block<V>]] = []
    /// Which key does what. The bar, help and the handling of keys are all made of it.
    public var keys: [KeyBinding<V>] = []
    /// The field that takes what is typed, where there is one.
    public var typing: V.Field?
    /// The rows have the focus, and the cursor, though a field would take what is typed.
    public var isOnRows = false
    /// What the screen is for, in two sentences.
    public var help: String
    public var signs: Signs
    /// Every label that a status row has on some screen: so they stand in one column on all.
    public var statusLabels: [String] = []
    /// The bar's word for all keys that change an answer.
    public var changeWord = ""
    /// The window is too small for a title and for anything but sentences.
    public var isNotice = false
    /// Clicks and the wheel count; off where there is something to be copied with the terminal's own mouse.
    public var usesMouse = true

    public init(_ id: V.Screen, title: String, help: String, signs: Signs = .unicode) {
        self.id = id
        self.signs = signs
        self.title = title
        self.help = help
    }

    /// Every block in order.
    public var blocks: [Block<V>] { groups.flatMap(\.self) }

    /// The rows to choose from, where there are any.
    public var menu: Menu<V>? {
        for case .menu(let menu) in blocks { return menu }
        return nil
    }

    /// The places to type in.
    public var fields: [Field<V>] {
        blocks.compactMap { if case .field(let field) = $0 { field } else { nil } }
    }

    /// The address and code of a sign-in, where this screen shows them.
    public var card: CodeCard? {
        for case .card(let card) in blocks { return card }
        return nil
    }
}

/// A row of the status.
public struct StatusEntry: Sendable, Hashable {
    public var label: String
    public var mark: StatusRow.Mark
    /// The value, and what is known of it; the last ones are left out where there is no room.
    public var pieces: [String]
    /// How the label and the value read where all rows are one line, and the value where its first piece does not fit.
    public var shortLabel: String
    public var short: String
    /// Left out of a low window before anything is scrolled.
    public var isOptional = false
    /// The value is a path, whose end says most: what is too long is cut in front.
    public var isPath = false

    public init(
        _ label: String, _ mark: StatusRow.Mark, _ pieces: [String] = [], shortLabel: String, short: String? = nil
    ) {
        self.label = label
        self.mark = mark
        self.pieces = pieces
        self.shortLabel = shortLabel
        self.short = short ?? pieces.first ?? ""
    }
}

/// A piece of content.
public enum Block<V: Vocabulary>: Sendable {
    case text(String)
    /// A text of somebody's, in a window of its own that begins at one of its rows.
    case passage(String, from: Int)
    /// What to do with the field below it; goes where there is no room.
    case lead(String)
    /// Said where there is room.
    case hint(String)
    /// Said unless there is no room at all.
    case finePrint(String)
    /// A sign, what happened, and what to do about it.
    case notice(Notice)
    /// An address on a line of its own.
    case address(String)
    case facts([Fact])
    case field(Field<V>)
    case menu(Menu<V>)
    case card(CodeCard)
    /// The rows of help.
    case keys([KeyHelp], selected: RowID?)
}

/// Something to be noticed.
public struct Notice: Sendable, Hashable {
    public var tone: Tone
    public var text: String
    /// Below it, each on a line of its own.
    public var more: [String]

    public init(_ tone: Tone, _ text: String, _ more: [String] = []) {
        self.tone = tone
        self.text = text
        self.more = more
    }
}

/// A label and what it says.
public struct Fact: Sendable, Hashable {
    public var label: String
    /// Stands before the value; where one fact of a screen has a sign, the values of all stand behind its column.
    public var sign: String?
    public var value: String

    public init(_ label: String, sign: String? = nil, _ value: String) {
        self.label = label
        self.sign = sign
        self.value = value
    }
}

/// A line to type in.
public struct Field<V: Vocabulary>: Sendable, Hashable {
    public var id: V.Field
    public var label: String
    public var input: TextInput
    /// Hidden but for its last characters.
    public var isMasked: Bool
    /// At the right end of its line, where there is room: `3 of 41`.
    public var beside: String

    public init(_ id: V.Field, _ label: String, _ input: TextInput, isMasked: Bool = false, beside: String = "") {
        self.id = id
        self.label = label
        self.input = input
        self.isMasked = isMasked
        self.beside = beside
    }
}

/// A row of help: `Esc          clear the filter, then back`.
public struct KeyHelp: Sendable, Hashable {
    public var keys: String
    public var does: String
    public var note: String

    public init(_ keys: String, _ does: String, _ note: String = "") {
        self.keys = keys
        self.does = does
        self.note = note
    }
}
