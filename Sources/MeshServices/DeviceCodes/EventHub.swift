// Wakes who waits for a row to change, here and, where others share the database, there; what is true is in it, so whoever
// wakes reads it again. One waiter per key: a second ends the first.

internal import Synchronization

package final class EventHub: Sendable {
    /// Why a wait ended.
    package enum Wake: Sendable {
        case changed, replaced, timedOut, stopped, left
    }

    /// A place in the line. Take it before reading the state that is waited on, so that no change is missed.
    package final class Ticket: Sendable {
        private enum State {
            case open
            case waiting(CheckedContinuation<Wake, Never>)
            case over(Wake)
        }

        let key: String
        private let knownMark = Mutex<String?>(nil)
        private let state = Mutex<State>(.open)

        init(key: String) { self.key = key }

        /// What its waiter knows of the row: another state of it is news.
        var known: String? { knownMark.withLock { $0 } }

        func know(_ mark: String) { knownMark.withLock { $0 = mark } }

        package func end(_ wake: Wake) {
            let waiter = state.withLock { state -> CheckedContinuation<Wake, Never>? in
                switch state {
                case .over: return nil
                case .open:
                    state = .over(wake)
                    return nil
                case .waiting(let continuation):
                    state = .over(wake)
                    return continuation
                }
            }
            waiter?.resume(returning: wake)
        }

        func wait() async -> Wake {
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let early = state.withLock { state -> Wake? in
                        if case .over(let wake) = state { return wake }
                        state = .waiting(continuation)
                        return nil
                    }
                    if let early { continuation.resume(returning: early) }
                }
            } onCancel: {
                end(.left)
            }
        }
    }

    private struct Line {
        var tickets: [String: Ticket] = [:]
        var isStopped = false
    }

    private let line = Mutex(Line())
    private let after: @Sendable (Duration, @escaping @Sendable () -> Void) -> @Sendable () -> Void
    private let most: Int
    /// Tells the other servers that something about a key changed.
    private let tell: @Sendable (_ key: String) -> Void

    /// `most` is how many may wait at once.
    init(most: Int, surroundings: Surroundings, tell: @escaping @Sendable (_ key: String) -> Void = { _ in }) {
        self.most = most
        self.tell = tell
        after = surroundings.after
    }

    package var count: Int { line.withLock { $0.tickets.count } }

    /// Puts a ticket in the line; false where there are too many or the server stops: then nothing is waited for.
    func enter(_ ticket: Ticket) -> Bool {
        let (isIn, former) = line.withLock { line -> (Bool, Ticket?) in
            let former = line.tickets[ticket.key]
            if line.isStopped || (former == nil && line.tickets.count >= most) { return (false, nil) }
            line.tickets[ticket.key] = ticket
            return (true, former)
        }
        former?.end(.replaced)
        return isIn
    }

    /// Waits until something happens to the ticket's key, at most `limit`.
    func wait(_ ticket: Ticket, limit: Duration) async -> Wake {
        let cancel = after(limit) { ticket.end(.timedOut) }
        let wake = await ticket.wait()
        cancel()
        return wake
    }

    /// Gives the ticket back.
    func leave(_ ticket: Ticket) {
        line.withLock { line in
            if line.tickets[ticket.key] === ticket { line.tickets[ticket.key] = nil }
        }
    }

    /// Something about `key` changed. Call it after the commit.
    func post(_ key: String) {
        wake(key)
        tell(key)
    }

    /// As `post`, of what another server told.
    package func wake(_ key: String) {
        line.withLock { $0.tickets[key] }?.end(.changed)
    }

    /// Who waits, and knows what it waits on.
    func waiting() -> [(ticket: Ticket, known: String)] {
        line.withLock { Array($0.tickets.values) }.compactMap { ticket in
            ticket.known.map { (ticket, $0) }
        }
    }

    /// Everybody has to look again.
    package func wakeAll() {
        for ticket in line.withLock({ Array($0.tickets.values) }) { ticket.end(.changed) }
    }

    /// Ends every wait, and lets nobody wait again: the server stops.
    package func stop() {
        let waiting = line.withLock { line in
            line.isStopped = true
            return Array(line.tickets.values)
        }
        for ticket in waiting { ticket.end(.stopped) }
    }
}
