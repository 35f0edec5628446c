// A person's side of a device code: the first account that is shown the card owns the code; to any other it looks
// unknown. Codes that can't be used look alike, whatever the reason, and wrong ones are counted.

internal import FoundationEssentials
internal import MeshAPI
package import MeshStore

package struct ApprovalService: Sendable {
    let database: any Store
    let hub: EventHub
    let limits: RateLimiter
    let now: @Sendable () -> Date

    /// What the card shows.
    package struct Card: Sendable {
        /// `XXXX-XXXX`
        package var code: String
        package var device: DeviceCodeRow
    }

    /// The card of a code as typed, which is `account`'s from now on; nil where it can't be used. Throws 429.
    package func open(_ text: String, account: AccountRow, caller: Caller) async throws -> Card? {
        try await countGuess(account: account, caller: caller)
        let now = now()
        if let code = ReadableCode.normalize(text, length: ReadableCode.userCodeLength) {
            let found = try await database.write { transaction -> (row: DeviceCodeRow, isNew: Bool)? in
                let hmac = transaction.key.hmac(.userCode, code)
                guard let row = try transaction.deviceCodes.code(userCodeHMAC: hmac), row.status(at: now) == .pending
                else { return nil }
                let isNew = try transaction.deviceCodes.own(id: row.id, accountID: account.id, at: now)
                guard isNew || row.ownerID == account.id else { return nil }
                return (row, isNew)
            }
            if let found {
                await forgive(account: account, caller: caller)
                if found.isNew { hub.post(found.row.deviceDigest) }
                return Card(code: code, device: found.row)
            }
        }
        return nil
    }

    /// Approves or denies; the same decision again, by a second press, is the same answer. Throws 404 where `account` does not own the code or it can't be used, and 429.
    package func decide(_ text: String, account: AccountRow, approve: Bool, caller: Caller) async throws {
        try await countGuess(account: account, caller: caller)
        let now = now()
        let digest = try await withCode(text) { transaction, row in
            guard
                try transaction.deviceCodes.decide(
                    id: row.id, accountID: account.id, state: approve ? .approved : .denied, at: now,
                    notBefore: account.passwordChangedAt)
            else { return row.ownerID == account.id && row.status(at: now) == (approve ? .approved : .denied) }
            try transaction.audit.record(
                approve ? .sessionApproved : .sessionDenied, actor: account.id, subject: row.id,
                address: caller.address, userAgent: caller.userAgent, at: now)
            return true
        }
        guard let digest else { throw Refusal.codeUnusable }
        await forgive(account: account, caller: caller)
        hub.post(digest)
    }

    /// The owner gives the code up for another account to open; false where it is none of theirs.
    package func release(_ text: String, account: AccountRow) async throws -> Bool {
        let digest = try await withCode(text) { transaction, row in
            try transaction.deviceCodes.disown(id: row.id, accountID: account.id)
        }
        if let digest { hub.post(digest) }
        return digest != nil
    }

    /// The device's digest, where `change` changed the row of the code.
    private func withCode(
        _ text: String, _ change: @escaping @Sendable (Transaction, DeviceCodeRow) throws -> Bool
    ) async throws -> String? {
        guard let code = ReadableCode.normalize(text, length: ReadableCode.userCodeLength) else { return nil }
        return try await database.write { transaction in
            let hmac = transaction.key.hmac(.userCode, code)
            guard let row = try transaction.deviceCodes.code(userCodeHMAC: hmac), try change(transaction, row) else {
                return nil
            }
            return row.deviceDigest
        }
    }

    /// Every guess counts before it is judged, so that many at once are no more than one after the other.
    private func countGuess(account: AccountRow, caller: Caller) async throws {
        try await limits.take(.wrongCodesByAccount, account.id)
        do {
            try await limits.take(.wrongCodesByAddress, AddressKey.of(caller.address))
        } catch {
            await limits.giveBack(.wrongCodesByAccount, account.id)
            throw error
        }
    }

    /// It was no wrong one.
    private func forgive(account: AccountRow, caller: Caller) async {
        await limits.giveBack(.wrongCodesByAccount, account.id)
        await limits.giveBack(.wrongCodesByAddress, AddressKey.of(caller.address))
    }
}
