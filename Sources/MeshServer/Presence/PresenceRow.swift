// A peer, as the server knows it, and as the wire shows it.

internal import FoundationEssentials
internal import GRDB
internal import MeshAPI

struct PresenceRow: Sendable {
    var sessionID: String
    var meshID: String
    var accountID: String
    var credentialID: String
    var displayName: String
    var role: String?
    var pid: Int
    var host: String
    var tokenDigest: String
    var since: Date
    var heardAt: Date
    var handle: String
    var directory: String?
    var receives: Receives
    /// What it may do; nil is all.
    var can: [Ability]?
    var lane: Lane?
    var status: PeerStatus
    var statusAt: Date
    var asks: String?
    /// What it set, no wider than what its person chose.
    var attention: Attention
    var attentionChosen: Attention
    var attentionUntil: Date?
    /// When it said that it ends.
    var goneAt: Date?

    /// Unheard for so long, it is gone.
    static let silenceSeconds: Double = 90
    /// For so long after that its mailbox, its handle and its id are kept.
    static let keptSeconds: Double = 7 * 86_400
    /// `working` unheard of for so long is `unknown`.
    static let workingSeconds: Double = 600

    func isLive(at now: Date) -> Bool { goneAt == nil && heardAt.milliseconds > PresenceRows.horizon(now) }

    func isKept(at now: Date) -> Bool { heardAt.milliseconds > PresenceRows.keptHorizon(now) }

    /// Nil while it lives.
    func awaySince(at now: Date) -> Date? { isLive(at: now) ? nil : goneAt ?? heardAt }

    func status(at now: Date) -> PeerStatus {
        guard isLive(at: now) else { return .unknown }
        let isStale = status == .working && now.timeIntervalSince(max(statusAt, heardAt)) > Self.workingSeconds
        return isStale ? .unknown : status
    }

    /// What is in force.
    func attention(at now: Date) -> Attention {
        if let end = attentionUntil, end <= now { return attentionChosen }
        return attention
    }

    func may(_ ability: Ability) -> Bool { can?.contains(ability) ?? true }

    /// As `accountID` sees it: of its own all, of others' what they need.
    func peer(for accountID: String, member: MemberName, waiting: Int? = nil, at now: Date) -> Peer {
        let isOwn = self.accountID == accountID
        var peer = Peer(
            sessionID: sessionID, handle: handle, address: "\(member.handle ?? "")/\(handle)", displayName: displayName,
            receives: receives, role: role, host: host, since: since, isSelf: isOwn, member: member,
            live: isLive(at: now), status: status(at: now), statusAt: statusAt, attention: attention(at: now))
        peer.awaySince = awaySince(at: now)
        peer.directory = isOwn ? directory : directory.map { String($0.split(separator: "/").last ?? "/") }
        guard isOwn else { return peer }
        (peer.asks, peer.can, peer.lane, peer.waiting) = (asks, can, lane, waiting)
        return peer
    }
}

extension PresenceRow {
    init(_ row: Row) {
        sessionID = row["session_id"]
        meshID = row["mesh_id"]
        accountID = row["account_id"]
        credentialID = row["credential_id"]
        displayName = row["display_name"]
        role = row["role"]
        pid = row["pid"]
        host = row["host"]
        tokenDigest = row["token_digest"]
        since = row.date("since")
        heardAt = row.date("heard_at")
        handle = row["handle"]
        directory = row["directory"]
        receives = Receives(rawValue: row["receives"]) ?? .nothing
        let words: String? = row["can"]
        can = words.map { $0.split(separator: " ").compactMap { Ability(rawValue: String($0)) } }
        let lane: String? = row["lane"]
        self.lane = lane.flatMap(Lane.init)
        status = PeerStatus(rawValue: row["status"]) ?? .unknown
        statusAt = row.date("status_at")
        asks = row["asks"]
        attention = Attention(rawValue: row["attention"]) ?? .open
        attentionChosen = Attention(rawValue: row["attention_chosen"]) ?? .open
        attentionUntil = row.dateIfAny("attention_until")
        goneAt = row.dateIfAny("gone_at")
    }
}
