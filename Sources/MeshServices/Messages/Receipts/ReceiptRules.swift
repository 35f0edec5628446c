// Who sets a receipt, and which steps there are: forward only; steps may be left out, a step back is passed over.

internal import MeshAPI
internal import MeshStore

enum ReceiptRules {
    /// The states a mailbox may say of itself.
    static let reported: Set<MessageState> = [.fetched, .handed, .seen, .acknowledged, .queued, .refused]

    /// Whether a mailbox in `state` comes into `next` when its reader says so.
    static func isStep(from state: MessageState, to next: MessageState, byPerson: Bool) -> Bool {
        switch (state, next) {
        // Two ways back: seen after all, and a session that died before it saw.
        case (.expired, .seen), (.expired, .acknowledged), (.handed, .queued): true
        case (.held, .refused): byPerson
        default:
            if let from = rank(state), let to = rank(next), next != .queued { to > from } else { false }
        }
    }

    private static func rank(_ state: MessageState) -> Int? {
        [.queued, .fetched, .handed, .seen, .acknowledged].firstIndex(of: state)
    }
}
