// What a reader of a mailbox is told of a message there.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

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
