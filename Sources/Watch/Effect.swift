// What the reducer wants done, as values. The runner in WatchRun carries them out.
// To add one: a case, its work in the runner.

public import MeshAPI

public enum Effect: Sendable, Hashable {
    /// Finds the mesh that was named and who looks; the first of a run.
    case open
    /// Follows what happens in a mesh from now on, in place of the one before.
    case follow(String)
    case loadLists(String)
    case loadTopics(String)
    /// A page of what was said; nil is the newest.
    case loadMessages(String, before: String?)
    /// A page of what was said while there was no connection.
    case loadMissed(String, before: String)
    /// What waits for the person, and what waits to be let in.
    case loadWaiting(String)
    case loadMessage(String, id: String)
    case loadMeshes
    /// What a ban of this member would end besides their sessions.
    case loadEnds(String, member: String)
    case send(String, SendMessage)
    case report(String, [ReportReceipts.Step])
    case readTopic(String, topic: String, upTo: String)
    /// nil: as the mesh has it.
    case grant(String, member: String, [GrantAbility]?, Deed)
    case refuse(String, message: String, Deed)
    case putOut(String, session: String, Deed)
    case ban(String, member: String, Deed)
    case attention(String, Attention)
    case mute(String, topic: String, Bool)
    case join(String, topic: String, Bool)
    case goToTerminal(Peer)
    /// Draws a person's eye here from another window.
    case callAttention
    case saveASCII(Bool)
    case savePlain
}
