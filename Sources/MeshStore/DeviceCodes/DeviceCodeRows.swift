// Device codes, as stored. Every change of state is one UPDATE with the former state in its WHERE: whoever changed one
// row did it, everybody else came too late.

package import FoundationEssentials
package import MeshAPI

package struct DeviceCodeRow: Sendable {
    package enum State: String, Sendable {
        case pending, approved, denied, claimed, withdrawn
    }

    package var id: String
    /// Under which a poller waits.
    package var deviceDigest: String
    package var deviceName: String
    package var deviceOs: String
    package var deviceArch: String
    package var state: State
    package var createdAt: Date
    package var expiresAt: Date
    package var ownerID: String?
    package var claimUntil: Date?
    package var decidedAt: Date?

    package init(
        id: String, deviceDigest: String, deviceName: String, deviceOs: String, deviceArch: String, state: State,
        createdAt: Date, expiresAt: Date, ownerID: String? = nil, claimUntil: Date? = nil, decidedAt: Date? = nil
    ) {
        self.id = id
        self.deviceDigest = deviceDigest
        self.deviceName = deviceName
        self.deviceOs = deviceOs
        self.deviceArch = deviceArch
        self.state = state
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.ownerID = ownerID
        self.claimUntil = claimUntil
        self.decidedAt = decidedAt
    }

    /// Seconds a code lives.
    package static let lifetime = 600
    /// Seconds an approved code can be claimed.
    package static let claimSeconds: Double = 60

    /// What a poller is told, the claim apart.
    package func status(at now: Date) -> DeviceCodeStatus.Status {
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
    package static let columns = """
        id, device_digest, device_name, device_os, device_arch, state, created_at, expires_at, owner_id, claim_until,
        decided_at
        """

    package init(_ row: Row) throws {
        id = try row[0]
        deviceDigest = try row[1]
        deviceName = try row[2]
        deviceOs = try row[3]
        deviceArch = try row[4]
        state = try State(rawValue: row[5]) ?? .withdrawn
        createdAt = try row.date(6)
        expiresAt = try row.date(7)
        ownerID = try row[8]
        claimUntil = try row.dateIfAny(9)
        decidedAt = try row.dateIfAny(10)
    }
}

package struct DeviceCodeRows {
    package let transaction: Transaction

    package func insert(_ code: DeviceCodeRow, userCodeHMAC: String) throws {
        try transaction.run(
            """
            INSERT INTO device_codes
                (id, device_digest, user_code_hmac, device_name, device_os, device_arch, state, created_at, expires_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'pending', ?7, ?8)
            """, code.id, code.deviceDigest, userCodeHMAC, code.deviceName, code.deviceOs, code.deviceArch,
            code.createdAt.milliseconds, code.expiresAt.milliseconds)
    }

    package func code(deviceDigest: String) throws -> DeviceCodeRow? {
        try transaction.first(
            "SELECT \(DeviceCodeRow.columns) FROM device_codes WHERE device_digest = ?1", deviceDigest,
            as: DeviceCodeRow.init)
    }

    package func code(userCodeHMAC: String) throws -> DeviceCodeRow? {
        try transaction.first(
            "SELECT \(DeviceCodeRow.columns) FROM device_codes WHERE user_code_hmac = ?1", userCodeHMAC,
            as: DeviceCodeRow.init)
    }

    /// How many can still be approved, or were and can still be claimed.
    package func liveCount(at now: Date) throws -> Int { try transaction.count(Self.liveCount, now.milliseconds) }

    /// Two indexes hold such codes alone.
    package static let liveCount = """
        SELECT (SELECT count(*) FROM device_codes WHERE state = 'pending' AND expires_at > ?1)
            + (SELECT count(*) FROM device_codes WHERE state = 'approved' AND claim_until > ?1)
        """

    /// Makes the code `accountID`'s, where it is nobody's yet.
    package func own(id: String, accountID: String, at now: Date) throws -> Bool {
        try transaction.run(
            """
            UPDATE device_codes SET owner_id = ?2
            WHERE id = ?1 AND owner_id IS NULL AND state = 'pending' AND expires_at > ?3
            """, id, accountID, now.milliseconds) == 1
    }

    /// Nobody's again.
    package func disown(id: String, accountID: String) throws -> Bool {
        try transaction.run(
            "UPDATE device_codes SET owner_id = NULL WHERE id = ?1 AND owner_id = ?2 AND state = 'pending'",
            id, accountID) == 1
    }

    /// The owner's decision.
    /// - Parameter floor: the last change of their password: the decision stands behind it, though the clock was set back.
    package func decide(
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
    package func claim(id: String, at now: Date) throws -> Bool {
        try transaction.run(
            "UPDATE device_codes SET state = 'claimed' WHERE id = ?1 AND state = 'approved' AND claim_until > ?2",
            id, now.milliseconds) == 1
    }

    package func withdraw(id: String) throws -> Bool {
        try transaction.run(
            "UPDATE device_codes SET state = 'withdrawn' WHERE id = ?1 AND state IN ('pending', 'approved')", id) == 1
    }

    /// Removes those that ended a week ago.
    package func sweep(at now: Date) throws {
        try transaction.run(
            "DELETE FROM device_codes WHERE expires_at < ?1", now.addingTimeInterval(-7 * 86_400).milliseconds)
    }
}

extension Transaction {
    package var deviceCodes: DeviceCodeRows { DeviceCodeRows(transaction: self) }
}
