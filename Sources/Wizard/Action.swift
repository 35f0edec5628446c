// Everything that can happen to the wizard: what a person did, and what arrived. Named after that, not after what follows.
// To add one: a case in the enum of its noun, its handling in `Reducer/Reducer+Noun.swift`, a row in its test.

public import Canvas
public import FlowEngine
public import MeshAPI
public import Widgets

/// One event. Front ends send the first two groups, the runtime the rest.
public enum Action: Sendable, Hashable {
    // On any screen.
    case select(ScreenID, RowID)
    case edit(FieldID, TextInput)
    case paste(String)
    /// Esc.
    case back
    /// F1, `?`.
    case help
    /// `q`, Exit.
    case quit
    /// Ctrl-C.
    case interrupt
    /// Closes the top overlay: help's Enter, error's Back, quit's Stay.
    case dismiss
    /// In the quit overlay: leave.
    case leave
    /// Retry now, wherever something failed that is tried again.
    case retry
    /// F2.
    case plainText
    /// F4.
    case toggleASCII
    /// `,`: opens the settings.
    case settings
    /// Changes one of them to its next value.
    case change(Setting)
    /// In the nested overlay: go on though inside a session.
    case goOnNested
    /// In the elsewhere overlay: resume in the session's own directory, or here.
    case goThere, startHere
    /// In the list of former launches: take one up again, or begin a new one.
    case takeUp(id: String), startNew

    // On one screen.
    case welcome(WelcomeAction)
    case server(ServerAction)
    case join(JoinAction)
    case signIn(SignInAction)
    case token(TokenAction)
    case mesh(MeshAction)
    case name(NameAction)
    case role(RoleAction)
    case confirm(ConfirmAction)
    case expired(ExpiredAction)

    // From the runtime.
    /// The first action of a run. Nothing was painted before it.
    case started
    case tick
    /// The terminal draws in one colour, or is to.
    case colorless
    /// A screen shows it, where something may move.
    case moving
    case resized(Size)
    /// The current screen was shown; `whole`: with its fine print, to the last line.
    case painted(whole: Bool)
    /// The machine woke, or `fg`.
    case resumed
    /// The terminal was another screen's, and is ours again: what was read before may be old.
    case cameBack
    /// The other front end took over: the outcome `lineMode` is used up.
    case frontEndChanged
    case arrived(Arrival)
}

/// What a person can set.
public enum Setting: Sendable, Hashable, CaseIterable {
    case language, signs, plainText, accent, usage
}

/// Ways in.
public enum WelcomeAction: Sendable, Hashable {
    case signIn, pasteToken, join, createAccount, local
    case changeServer
}

public enum ServerAction: Sendable, Hashable {
    /// Enter in the field.
    case submit
}

public enum JoinAction: Sendable, Hashable {
    /// Enter in the link field.
    case lookUp
    /// Join MESH.
    case claim
    case signInFirst
    /// The link is of another server: go there.
    case useOtherServer
    /// The summary: keep what was joined.
    case keep
    /// Back from the preview to the link.
    case otherLink
    /// Go on without the invite.
    case giveUp
}

public enum SignInAction: Sendable, Hashable {
    /// Enter while waiting: a pasted token is used, else the browser opened, else nothing.
    case enter
    case openBrowser
    case newCode
    case copy
    /// `s`: shows the QR code, or hides it. Which of the two, the screen knows: it is not shown where it does not fit.
    case showQR(Bool)
    /// A failure screen's "Paste an access token".
    case pasteToken
    /// "Use this machine only".
    case local
    /// The summary: keep the account.
    case keep
    /// The summary, `a`: another account.
    case anotherAccount
}

public enum TokenAction: Sendable, Hashable {
    /// Enter in the field.
    case check
    case toggleReveal
    /// "Sign in with this token".
    case use
    /// "Paste another".
    case another
    /// "Sign in with the browser".
    case browser
}

public enum MeshAction: Sendable, Hashable {
    case choose(id: String)
    /// Opens the draft; the filter's text is the name if there is one.
    case create
    /// Enter in the draft.
    case submit
    case join
    case clearFilter
    /// `→` on a row: what can be done with it.
    case open(id: String)
    /// Opens the field of the new name.
    case rename
    /// Enter in that field.
    case submitRename
    /// Makes an invite at once.
    case invite
    case copyInvite
    /// A look at it.
    case watch
    /// Leave…: it is asked first.
    case askToLeave
    case leave
}

public enum NameAction: Sendable, Hashable {
    case submit
}

public enum RoleAction: Sendable, Hashable {
    /// nil is "No role".
    case choose(String?)
    case other
    /// Enter in the own words.
    case submit
}

public enum ConfirmAction: Sendable, Hashable {
    case launch
    case changeMesh, changeName, changeRole, changeAccount
    /// Another directory: opens its screen, takes what is typed there, takes one used lately.
    case changeDirectory, submitDirectory
    case useDirectory(Workplace)
    /// Look at the mesh.
    case watch
    case lookAgain
    /// The command that installs the agent, to the clipboard.
    case copyInstaller
}

public enum ExpiredAction: Sendable, Hashable {
    case signIn, pasteToken
}

/// What an effect brought back. A failure names the attempt, so that no answer is lost on the way.
public enum Arrival: Sendable, Hashable {
    /// A server of ours answers there.
    case serverChecked(String, version: String?)
    case deviceCode(DeviceCode)
    case poll(PollEvent)
    case browser(BrowserResult)
    case copied(CopyResult)
    case qr(code: String, lines: [String])

    case tokenChecked(Secret, WhoAmI)
    case identityChecked(WhoAmI)
    /// 401 on the token of this identity, or no answer.
    case identityCheckFailed(APIFailure)
    case saved(path: String)
    case recalled(RememberedAnswers, meshes: [Mesh], savedAt: Int?)
    case guestAdopted
    /// A file of ours could not be written.
    case notKept

    /// All of them.
    case meshes([Mesh])
    /// How many have come of a list that is not whole yet.
    case meshesSoFar(Int)
    case meshCreated(Mesh)
    case meshRenamed(Mesh)
    case inviteMade(mesh: String, Invite)
    case meshLeft(id: String)
    case invitePreview(code: String, InvitePreview)
    case claimed(code: String, InviteClaim)

    case localServer(Server, Identity)
    case agent(AgentLookup)
    case directories([Workplace])
    /// What a text names; nil where that is no directory.
    case directory(String, Workplace?)
    case messages(MessagesOutlook)
    case failed(Attempt, Trouble)
}

/// What the poller says, once for each change.
public enum PollEvent: Sendable, Hashable {
    case pending(opened: Bool)
    /// `expiresAt`: seconds since 1970. `user` is missing where the server does not say.
    case approved(token: Secret, user: User, expiresAt: Int?)
    case denied
    case expired
    /// Already claimed.
    case lost
    /// No answer; asked again at `retryAt` on the boot clock.
    case trouble(APIFailure, retryAt: Milliseconds)
    /// Asked too fast, and slower from now on.
    case slowedDown
    /// Still too fast for the server, however slow by this machine's clock.
    case clockFast
}
