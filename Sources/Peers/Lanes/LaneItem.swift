// One message on its way into a session: what decides its way, and how far it has come.

package import FoundationEssentials
package import MeshAPI

/// What of a message decides how it is put before Claude.
package struct LaneMessage: Sendable, Hashable, Codable {
    package var id: String
    /// Its place in the mesh.
    package var seq: Int
    /// Of its sender.
    package var address: String
    /// Whether it comes from the receiver's own account.
    package var isOwn: Bool
    /// Whether a person wrote it.
    package var isPersons: Bool
    /// Whether it answers what this session sent.
    package var answersOwn: Bool
    /// Whether it may wake, as the server decided with the message.
    package var wakes: Bool
    /// Whether its text does not fit into a lane.
    package var isLong: Bool
    package var createdAt: Date

    package init(
        id: String, seq: Int, address: String, isOwn: Bool = false, isPersons: Bool = false, answersOwn: Bool = false,
        wakes: Bool = true, isLong: Bool = false, createdAt: Date
    ) {
        self.id = id
        self.seq = seq
        self.address = address
        self.isOwn = isOwn
        self.isPersons = isPersons
        self.answersOwn = answersOwn
        self.wakes = wakes
        self.isLong = isLong
        self.createdAt = createdAt
    }

    /// Whether it may wake a session with this attention.
    package func wakes(_ attention: Attention) -> Bool {
        switch attention {
        case .open: wakes
        case .focus: wakes && (answersOwn || isPersons)
        case .quiet: false
        }
    }
}

/// A message of a session, and how far it has come.
package struct LaneItem: Sendable, Hashable, Codable {
    package enum State: String, Sendable, Codable {
        /// With us.
        case waiting
        /// Written to a lane.
        case handed
        /// Given by a tool: seen as soon as Claude Code speaks to us again.
        case given
        /// It came before the model, and nobody has more to do.
        case seen
        /// It waits no more: answered, settled, withdrawn or expired.
        case over
    }

    /// What ties a text that was handed to its coming back through the gate.
    package struct Claim: Sendable, Hashable, Codable {
        package var mark: ClaimMark
        /// Whether the gate lets it pass: it has neither passed before nor been given in another way.
        package var isOpen: Bool
        package var handedAt: Date
        /// The session's boundaries when it was handed.
        package var boundary: Int
        /// The process that was to write it, and the Claude Code it is a child of.
        package var writer: Int32?
        package var agent: Int32?
    }

    package var message: LaneMessage
    package var state: State
    package var claim: Claim?
    package var lane: Lane?
    /// The turn in which a notice told of it, and whether the end of a turn did.
    var toldIn: String?
    var wasToldAtEnd = false
    /// An idle session did not take it up.
    var isStale = false
    /// When it passed the gate; nil again as soon as Claude Code went on from there, and so has written it down.
    var passedAt: Date?
    /// It passed the gate of a Claude Code that was killed before it could write it down: who resumes the session gets it.
    var isReopened = false
    /// It came in a heap, after the machine was away: told of, not posted; and whether a notice woke for it.
    var isLapsed = false
    var wasSummoned = false

    package init(message: LaneMessage) {
        self.message = message
        state = .waiting
    }

    /// Whether nothing can come of it any more.
    var isDone: Bool {
        switch state {
        case .seen, .over: passedAt == nil
        case .waiting, .handed, .given: false
        }
    }

    /// Whether it is still to come before the model.
    package var isPending: Bool {
        switch state {
        case .waiting, .handed: true
        case .given, .seen, .over: false
        }
    }
}
