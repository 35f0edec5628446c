// Everything that can happen: what a person did, and what arrived. Named after that, not after what follows.
// To add one: a case, its handling in `Reducer/`, a row in its test.

public import Canvas
public import MeshAPI
public import Widgets

public enum Action: Sendable, Hashable {
    // A person.
    /// Any key, before what it means.
    case touched
    case edit(FieldID, TextInput)
    case paste(String)
    case select(ScreenID, RowID)
    /// Another place, by Tab or by the key that leads there.
    case go(Place)
    /// The selected row of the lists or of what is for one.
    case move(Move)
    /// Enter on the selected row.
    case choose
    /// A click on a row of the lists or of what is for one.
    case pick(Place, RowID)
    /// Enter in the line.
    case send
    /// Tab where a word can be completed, and the next candidate.
    case take, candidate(Move)
    case scroll(Scroll)
    /// A page further in the text that is read, or back; and the row that it begins at then.
    case read(Move), readFrom(Int)
    /// Esc.
    case back
    case help, quit, interrupt, dismiss, leave
    /// `/`, and Enter in it.
    case filter, keepFilter
    case show(Overlay)
    /// Write to an address.
    case write(String)
    /// What was said with an address, or in a topic.
    case said(String)
    case answer(String)
    /// Nothing more is to be done about it.
    case settle(ForYou), settleChosen
    /// To the terminal a session of one's own runs in.
    case goTo(String)
    case openMesh(String)
    case attention(Attention)
    case decide(FirstWord, Message)
    /// Of a member: let in, block, or as the mesh has it.
    case contact(String, ContactChoice)
    case mute(String, Bool)
    case join(String, Bool)
    /// Enter under a typed name: put out, ban.
    case confirmName
    case plainText, toggleASCII

    // The runtime.
    case started
    case tick
    case resized(Size)
    case focus(Bool)
    /// The frame is on the terminal; these messages stand in it whole, in a log of so many rows.
    case painted(whole: [String], rows: Int)
    case resumed
    case arrived(Arrival)
}

/// How far the window onto what was said goes.
public enum Scroll: Sendable, Hashable {
    case pageUp, pageDown, newest
    /// Rows, negative up.
    case rows(Int)
    /// To this message in the first row, so many of its rows above it.
    case to(Viewport.Anchor?)
}

/// What becomes of a stranger's first word.
public enum FirstWord: Sendable, Hashable {
    case later, letIn, refuse, block
}

public enum ContactChoice: Sendable, Hashable {
    case letIn, block, asMesh
}

/// What an effect brought, or what happened in the mesh.
public enum Arrival: Sendable, Hashable {
    /// The mesh was found, and who looks.
    case opened(MeshName, Member)
    case connected
    case interrupted(APIFailure, seconds: Int)
    case ended(Link.End)
    /// The place in what happens was lost: everything is read anew.
    case reset
    case event(Event)
    case lists(Lists)
    case topics([Topic])
    /// A page of history, newest first, and where the one before it begins. `isOlder`: it was asked for.
    case messages([Message], older: String?, isOlder: Bool)
    /// A page of what was said while there was no connection.
    case missed([Message], older: String?)
    case waiting([Message], held: [Message])
    case message(Message)
    case sent(String, SentMessage)
    case unsent(String, APIFailure)
    case meshes([Mesh])
    /// What a ban of a member ends besides their sessions.
    case ends(String, BanEnds)
    case done(Deed)
    case failed(Deed, APIFailure)
    case terminal(RunsIn)
}

/// What ends with somebody's being banned.
public struct BanEnds: Sendable, Hashable {
    public var invites: Int
    public var keys: Int

    public init(invites: Int, keys: Int) {
        self.invites = invites
        self.keys = keys
    }
}

/// The lists of a mesh.
public struct Lists: Sendable, Hashable {
    public var members: [Member]
    public var peers: [Peer]
    public var topics: [Topic]
    public var grants: [Grant]

    public init(members: [Member], peers: [Peer], topics: [Topic], grants: [Grant]) {
        self.members = members
        self.peers = peers
        self.topics = topics
        self.grants = grants
    }
}

/// What was asked of the server by hand, for the words of its end.
public enum Deed: Sendable, Hashable {
    case letIn(String), refuse(String), block(String), asMesh(String)
    case putOut(String), ban(String)
    case attention(Attention)
    case mute(String), unmute(String), join(String), leave(String)
    case history, missed, lists, meshes, ends
}

/// Where a session runs.
public enum RunsIn: Sendable, Hashable {
    /// Its tmux pane is in front now.
    case wentThere(String)
    /// On this machine, in this terminal.
    case terminal(String, String)
    /// On another machine, or nobody knows where.
    case elsewhere(String, host: String)
}
