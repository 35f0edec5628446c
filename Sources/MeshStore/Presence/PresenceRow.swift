// A peer, as the server knows it, and as the wire shows it.

package import FoundationEssentials
package import MeshAPI

package struct PresenceRow: Sendable {
    package var sessionID: String
    package var meshID: String
    package var accountID: String
    package var credentialID: String
    package var displayName: String
    package var role: String?
    package var pid: Int
    package var host: String
    package var tokenDigest: String
    package var since: Date
    package var heardAt: Date
    package var handle: String
    package var directory: String?
    package var receives: Receives
    /// What it may do; nil is all.
    package var can: [Ability]?
    package var lane: Lane?
    package var status: PeerStatus
    package var statusAt: Date
    package var asks: String?
    /// What it set, no wider than what its person chose.
    package var attention: Attention
    package var attentionChosen: Attention
    package var attentionUntil: Date?
    /// When it said that it ends.
    package var goneAt: Date?

    package init(
        sessionID: String, meshID: String, accountID: String, credentialID: String, displayName: String,
        role: String? = nil, pid: Int, host: String, tokenDigest: String, since: Date, heardAt: Date, handle: String,
        directory: String? = nil, receives: Receives, can: [Ability]? = nil, lane: Lane? = nil, status: PeerStatus,
        statusAt: Date, asks: String? = nil, attention: Attention, attentionChosen: Attention,
        attentionUntil: Date? = nil, goneAt: Date? = nil
    ) {
        self.sessionID = sessionID
        self.meshID = meshID
        self.accountID = accountID
        self.credentialID = credentialID
        self.displayName = displayName
        self.role = role
        self.pid = pid
        self.host = host
        self.tokenDigest = tokenDigest
        self.since = since
        self.heardAt = heardAt
        self.handle = handle
        self.directory = directory
        self.receives = receives
        self.can = can
        self.lane = lane
        self.status = status
        self.statusAt = statusAt
        self.asks = asks
        self.attention = attention
        self.attentionChosen = attentionChosen
        self.attentionUntil = attentionUntil
        self.goneAt = goneAt
    }

    /// Unheard for so long, it is gone.
    package static let silenceSeconds: Double = 90
    /// From a server's start those who lived when the former one stopped have so long to be heard again.
    package static let graceSeconds: Double = 60
    /// For so long after that its mailbox, its handle and its id are kept.
    package static let keptSeconds: Double = 7 * 86_400
    /// `working` unheard of for so long is `unknown`.
    package static let workingSeconds: Double = 600

    package func isLive(at now: Date) -> Bool { goneAt == nil && heardAt.milliseconds > PresenceRows.horizon(now) }

    package func isKept(at now: Date) -> Bool { heardAt.milliseconds > PresenceRows.keptHorizon(now) }

    /// Nil while it lives.
    package func awaySince(at now: Date) -> Date? { isLive(at: now) ? nil : goneAt ?? heardAt }

    package func status(at now: Date) -> PeerStatus {
        guard isLive(at: now) else { return .unknown }
        let isStale = status == .working && now.timeIntervalSince(max(statusAt, heardAt)) > Self.workingSeconds
        return isStale ? .unknown : status
    }

    /// What is in force.
    package func attention(at now: Date) -> Attention {
        if let end = attentionUntil, end <= now { return attentionChosen }
        return attention
    }

    package func may(_ ability: Ability) -> Bool { can?.contains(ability) ?? true }

    /// As `accountID` sees it: of its own all, of others' what they need.
    /// - Parameter chosen: what members chose for all their sessions.
    package func peer(
        for accountID: String, member: MemberName, chosen: [String: Attention], waiting: Int? = nil, at now: Date
    ) -> Peer {
        let isOwn = self.accountID == accountID
        var peer = Peer(
            sessionID: sessionID, handle: handle, address: "\(member.handle ?? "")/\(handle)", displayName: displayName,
            receives: receives, role: role, host: host, since: since, isSelf: isOwn, member: member,
            live: isLive(at: now), status: status(at: now), statusAt: statusAt,
            attention: attention(at: now).narrowed(by: chosen[self.accountID] ?? .open))
        peer.awaySince = awaySince(at: now)
        peer.directory = isOwn ? directory : directory.map { String($0.split(separator: "/").last ?? "/") }
        guard isOwn else { return peer }
        (peer.asks, peer.can, peer.lane, peer.waiting) = (asks, can, lane, waiting)
        return peer
    }
}

extension PresenceRow {
    /// What `init` reads, in its order, of the table or its other name: each request by a session's token reads one, and each
    /// batch of messages all of a mesh. By number, since a name is looked up for each value.
    package static func columns(of table: String = "presences") -> String {
        columns.map { "\(table).\($0)" }.joined(separator: ", ")
    }

    /// So many there are.
    package static var columnCount: Int { columns.count }

    private static let columns = [
        "session_id", "mesh_id", "account_id", "credential_id", "display_name", "role", "pid", "host", "token_digest",
        "since", "heard_at", "handle", "directory", "receives", "can", "lane", "status", "status_at", "asks",
        "attention", "attention_chosen", "attention_until", "gone_at",
    ]

    /// Of a row that begins with `columns`.
    package init(_ row: Row) throws {
        sessionID = try row[0]
        meshID = try row[1]
        accountID = try row[2]
        credentialID = try row[3]
        displayName = try row[4]
        role = try row[5]
        pid = try row[6]
        host = try row[7]
        tokenDigest = try row[8]
        since = try row.date(9)
        heardAt = try row.date(10)
        handle = try row[11]
        directory = try row[12]
        receives = Receives(rawValue: try row[13]) ?? .nothing
        let words: String? = try row[14]
        can = words.map { $0.split(separator: " ").compactMap { Ability(rawValue: String($0)) } }
        let lane: String? = try row[15]
        self.lane = lane.flatMap(Lane.init)
        status = PeerStatus(rawValue: try row[16]) ?? .unknown
        statusAt = try row.date(17)
        asks = try row[18]
        attention = Attention(rawValue: try row[19]) ?? .open
        attentionChosen = Attention(rawValue: try row[20]) ?? .open
        attentionUntil = try row.dateIfAny(21)
        goneAt = try row.dateIfAny(22)
    }
}
