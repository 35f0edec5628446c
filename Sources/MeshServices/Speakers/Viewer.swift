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

/// What of a receipt's row a reader of its mailbox is told.
enum Delivery: Sendable, Hashable {
    case message, held, withdrawn, receipt, nothing

    /// `said` is the message, nil where it came with or before the cursor.
    static func of(
        _ receipt: ReceiptRow, _ said: MessageRow?, after cursor: EventCursor, for viewer: Viewer, at now: Date
    ) -> Delivery {
        of(
            receipt.state(at: now), isNew: said.map { $0.change > cursor.change } ?? false,
            wasHeld: receipt.times[.held] != nil, wasQueued: receipt.times[.queued] != nil, isPerson: viewer.isPerson)
    }

    /// `isNew`: the message was said after the reader's cursor. `isPerson`: held words are shown to nobody else.
    static func of(
        _ state: MessageState, isNew: Bool, wasHeld: Bool, wasQueued: Bool, isPerson: Bool
    ) -> Delivery {
        let wasSeen = wasQueued || (wasHeld && isPerson)
        switch state {
        case .queued: return .message
        case .held: return isPerson ? .held : .nothing
        case .fetched, .handed, .seen, .acknowledged: return isNew ? .message : .receipt
        case .expired: return wasQueued && isNew ? .message : wasSeen ? .receipt : .nothing
        // By a grant: it never came.
        case .refused: return wasSeen ? .receipt : .nothing
        case .withdrawn: return wasSeen ? .withdrawn : .nothing
        case .posted: return .nothing
        }
    }
}
