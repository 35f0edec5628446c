// The whole of what is known of a mesh on the screen, as one value. `reduce` alone changes it; screens read it.
// What a part needs for itself is a type of its own, in its own file beside this one.

public import Canvas
public import FlowEngine
public import Localization
public import MeshAPI
public import Widgets

/// What is known before the first frame and does not change.
public struct Facts: Sendable, Hashable {
    /// Unique to this run: what is sent carries an id made from it.
    public var runID: String
    /// The server, as people read it.
    public var host: String
    /// This machine's name: sessions on it may have a terminal one can go to.
    public var machine: String
    /// Seconds east of UTC, for showing times.
    public var utcOffset: Int
    /// Another screen of the program is behind it: to leave is to go back there.
    public var isVisit: Bool

    public init(runID: String, host: String, machine: String, utcOffset: Int = 0, isVisit: Bool = false) {
        self.runID = runID
        self.host = host
        self.machine = machine
        self.utcOffset = utcOffset
        self.isVisit = isVisit
    }
}

public struct Settings: Sendable, Hashable {
    public var language: Language
    public var ascii: Bool
    /// Draw a person's eye when something is for them and the window is another.
    public var bell: Bool

    public init(language: Language, ascii: Bool = false, bell: Bool = false) {
        self.language = language
        self.ascii = ascii
        self.bell = bell
    }
}

/// Whether the terminal's window has the focus.
public enum Focus: Sendable, Hashable {
    /// It never said: then a text is seen once a key follows it.
    case unknown
    case here, away
}

/// How a run ends.
public enum WatchOutcome: Sendable, Hashable {
    case quit(interrupted: Bool)
    /// F2: the same in lines.
    case lines
}

public struct WatchState: Sendable, Equatable {
    public var facts: Facts
    public var settings: Settings
    public var mesh: MeshName
    /// Who looks; nil until the server has said.
    public var me: Member?
    public var link = Link()
    public var roster = Roster()
    public var log = Log()
    public var inTray = InTray()
    public var compose = Compose()
    /// The account's meshes, for going to another.
    public var meshes: [Mesh]?
    /// What a ban would end, by member, as far as it was asked.
    var banEnds: [String: BanEnds] = [:]

    // The front end.
    public var place = Place.line
    public var filter = Filter()
    public var view = Viewport()
    /// The selected rows: of the lists, of what is for one, and of menus.
    public var selections: [ScreenID: RowID] = [:]
    public var listRow: RowID?
    public var forYouRow: RowID?
    public var overlays = Overlays<Overlay>()
    public var nameInput = TextInput()
    /// The row that the text which is read begins at.
    var readFrom = 0
    /// Said once, until the next key.
    public var remark: Remark?
    public var focus = Focus.unknown
    /// Texts for one's own mailbox that stand on the screen whole and were not said to be seen.
    var onScreen: Set<String> = []
    public var size = Size(width: 80, height: 24)
    public var now: Moment
    /// Set once: the run is over.
    public var outcome: WatchOutcome?

    public init(facts: Facts, settings: Settings, mesh: MeshName, now: Moment) {
        self.facts = facts
        self.settings = settings
        self.mesh = mesh
        self.now = now
    }

    public var isTooSmall: Bool { size.width < Room.smallest.width || size.height < Room.smallest.height }

    /// The screen that is up.
    public var screen: ScreenID { isTooSmall ? .tooSmall : overlays.top?.id ?? .mesh }

    /// Whether a session, or a member's mailbox, is one's own.
    func isMine(_ mailbox: Mailbox?) -> Bool { mailbox?.kind == .member && mailbox?.id == me?.id }

    /// Whether I may put out, and ban, this member.
    func moderates(_ member: String) -> Bool {
        guard let me, let other = roster.member(member) else { return false }
        return me.bar(to: other) == nil
    }

    /// Why I may not put out, or ban, this member; nil where I may, or where the server alone knows.
    func whyNotModerated(_ member: String) -> Said? {
        guard let other = roster.member(member), let bar = me?.bar(to: other) else { return nil }
        return Said(bar, ["name": other.name, "mesh": mesh.name, "slug": mesh.slug])
    }

    /// The lines of the lists.
    var rows: [Roster.Row] { roster.rows(filter.text, without: me?.id) }

    /// What is for the person.
    public var forYou: [ForYou] { inTray.rows(roster, log, me) }

    /// How many.
    public var forYouCount: Int { inTray.count(roster, log) }
}

/// A sentence about what was just done, or could not be.
public struct Remark: Sendable, Hashable {
    public var tone: Tone?
    public var text: Said

    public init(_ tone: Tone?, _ text: Said) {
        self.tone = tone
        self.text = text
    }
}

/// A text of the catalogues with what is filled in, made a sentence where it is drawn.
public struct Said: Sendable, Hashable {
    public enum Key: Sendable, Hashable {
        case watch(WatchText)
        case bar(ModerationBar)
    }

    public var key: Key
    public var values: [String: String]
    public var count: Int?

    public init(_ key: WatchText, _ values: [String: String] = [:], count: Int? = nil) {
        self.key = .watch(key)
        self.values = values
        self.count = count
    }

    init(_ bar: ModerationBar, _ values: [String: String]) { (key, self.values) = (.bar(bar), values) }
}
