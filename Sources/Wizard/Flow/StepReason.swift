// Why a step is where it is, as values; `launch --explain` turns them into words.

/// A reason of `isShown` or `isComplete`.
public enum StepReason: Sendable, Hashable {
    // Shown, or not.
    case always
    case noIdentity
    case signedIn(name: String, TokenSource)
    /// By `--token`, a variable, or `--local`.
    case wayInGiven(Request.WayIn)
    case inviteAsked
    case inviteGiven
    case noInvite
    /// "Sign in first, then join".
    case signsInFirst
    case wayIn(WayIn)
    case noWayIn
    /// `-y`.
    case skippedByYes

    // Complete, or not.
    case joined(mesh: String)
    case notJoined
    case notSignedIn
    case mesh(name: String, AnswerSource)
    case noMesh(count: Int?)
    case meshNotice(MeshNotice)
    case waitsForLocalServer
    case name(String, AnswerSource)
    case noName
    /// nil is "No role".
    case role(String?, AnswerSource)
    case noRole
    case confirmed
    case notConfirmed
    case agentMissing(name: String)
    case endsTheFlow
}
