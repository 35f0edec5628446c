// Whose eyes events of a mesh are shown to.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

package struct Viewer: Sendable {
    /// What makes a request good, looked at again while it waits.
    package enum Proof: Sendable, Hashable {
        case credential(String)
        /// A browser's session, by its digest.
        case browser(String)
    }

    var speaker: Speaker
    package var meshID: String
    var proof: Proof
    /// By what waits and streams are counted: a session's own token is one, and so is a key.
    var credentialID: String

    package init(_ reader: Reader, meshID: String, proof: Proof? = nil) {
        speaker = Speaker(reader)
        self.meshID = meshID
        self.proof = proof ?? .credential(reader.peer?.credentialID ?? reader.credential.id)
        credentialID = reader.credential.id
    }

    /// Of the session, the account or the key.
    var id: String { speaker.id }
    /// The member behind it.
    var accountID: String { speaker.memberID }
    /// How mailboxes and senders are told apart.
    var party: PartyKind { speaker.kind }
    var isPerson: Bool { speaker.isPerson }
    /// Whether it may see who is there, and what is said in topics; its own mailbox it always may.
    var reads: Bool { speaker.may(.read) }
}
