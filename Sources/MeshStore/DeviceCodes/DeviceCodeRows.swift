// Device codes, as stored. Every change of state is one UPDATE with the former state in its WHERE: whoever changed one
// row did it, everybody else came too late.

internal import FoundationEssentials
internal import GRDB
internal import MeshAPI

struct DeviceCodeRow: Sendable {
    enum State: String, Sendable {
        case pending, approved, denied, claimed, withdrawn
    }

    var id: String
    /// Under which a poller waits.
    var deviceDigest: String
    var deviceName: String
    var deviceOs: String
    var deviceArch: String
    var state: State
    var createdAt: Date
    var expiresAt: Date
    var ownerID: String?
    var claimUntil: Date?
    var decidedAt: Date?

    /// Seconds a code lives.
    static let lifetime = 600
    /// Seconds an approved code can be claimed.
    static let claimSeconds: Double = 60

    /// What a poller is told, the claim apart.
    func status(at now: Date) -> DeviceCodeStatus.Status {
        switch state {
        case .pending: expiresAt > now ? .pending : .expired
        case .approved: (claimUntil ?? expiresAt) > now ? .approved : .expired
        case .claimed: .approved
        case .denied: .denied
        case .withdrawn: .expired
        }
    }
}

extension DeviceCodeRow {
    /// What `init` reads, in its order: every poll reads one, and to look for names is half of that.
    static let columns = """
        id, device_digest, device_name, device_os, device_arch, state, created_at, expires_at, owner_id, claim_until,
        decided_at
        """

    init(_ row: Row) {
        func date(_ milliseconds: Int64?) -> Date? { milliseconds.map(Date.init(milliseconds:)) }
        id = row[0]
        deviceDigest = row[1]
        deviceName = row[2]
        deviceOs = row[3]
        deviceArch = row[4]
        state = State(rawValue: row[5]) ?? .withdrawn
        createdAt = Date(milliseconds: row[6])
        expiresAt = Date(milliseconds: row[7])
        ownerID = row[8]
        claimUntil = date(row[9])
        decidedAt = date(row[10])
    }
}

struct DeviceCodeRows {
    let transaction: Transaction

    func insert(_ code: DeviceCodeRow, userCodeHMAC: String) throws {
        try transaction.run(
            """
            INSERT INTO device_codes
                (id, device_digest, user_code_hmac, device_name, device_os, device_arch, state, created_at, expires_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'pending', ?7, ?8)
            """, code.id, code.deviceDigest, userCodeHMAC, code.deviceName, code.deviceOs, code.deviceArch,
            code.createdAt.milliseconds, code.expiresAt.milliseconds)
    }

    func code(deviceDigest: String) throws -> DeviceCodeRow? {
        try transaction.first(
            "SELECT \(DeviceCodeRow.columns) FROM device_codes WHERE device_digest = ?1", deviceDigest,
            as: DeviceCodeRow.init)
    }

    func code(userCodeHMAC: String) throws -> DeviceCodeRow? {
        try transaction.first(
            "SELECT \(DeviceCodeRow.columns) FROM device_codes WHERE user_code_hmac = ?1", userCodeHMAC,
            as: DeviceCodeRow.init)
    }

    /// How many can still be approved, or were and can still be claimed.
    func liveCount(at now: Date) throws -> Int { try transaction.count(Self.liveCount, now.milliseconds) }

    /// Two indexes hold such codes alone.
    static let liveCount = """
        SELECT (SELECT count(*) FROM device_codes WHERE state = 'pending' AND expires_at > ?1)
            + (SELECT count(*) FROM device_codes WHERE state = 'approved' AND claim_until > ?1)
        """

    /// Makes the code `accountID`'s, where it is nobody's yet.
    func own(id: String, accountID: String, at now: Date) throws -> Bool {
        try transaction.run(
            """
            UPDATE device_codes SET owner_id = ?2
            WHERE id = ?1 AND owner_id IS NULL AND state = 'pending' AND expires_at > ?3
            """, id, accountID, now.milliseconds) == 1
    }

    /// Nobody's again.
    func disown(id: String, accountID: String) throws -> Bool {
        try transaction.run(
            "UPDATE device_codes SET owner_id = NULL WHERE id = ?1 AND owner_id = ?2 AND state = 'pending'",
            id, accountID) == 1
    }

    /// The owner's decision.
    /// - Parameter floor: the last change of their password: the decision stands behind it, though the clock was set back.
    func decide(
        id: String, accountID: String, state: DeviceCodeRow.State, at now: Date, notBefore floor: Date = .distantPast
    ) throws -> Bool {
        try transaction.run(
            """
            UPDATE device_codes SET state = ?3, decided_at = ?6, claim_until = ?5
            WHERE id = ?1 AND owner_id = ?2 AND state = 'pending' AND expires_at > ?4
            """, id, accountID, state.rawValue, now.milliseconds,
            now.addingTimeInterval(DeviceCodeRow.claimSeconds).milliseconds,
            max(now, floor).milliseconds) == 1
    }

    /// True for one caller alone.
    func claim(id: String, at now: Date) throws -> Bool {
        try transaction.run(
            "UPDATE device_codes SET state = 'claimed' WHERE id = ?1 AND state = 'approved' AND claim_until > ?2",
            id, now.milliseconds) == 1
    }

    func withdraw(id: String) throws -> Bool {
        try transaction.run(
            "UPDATE device_codes SET state = 'withdrawn' WHERE id = ?1 AND state IN ('pending', 'approved')", id) == 1
    }

    /// Removes those that ended a week ago.
    func sweep(at now: Date) throws {
        try transaction.run(
            "DELETE FROM device_codes WHERE expires_at < ?1", now.addingTimeInterval(-7 * 86_400).milliseconds)
    }
}

extension Transaction {
    var deviceCodes: DeviceCodeRows { DeviceCodeRows(transaction: self) }
}
