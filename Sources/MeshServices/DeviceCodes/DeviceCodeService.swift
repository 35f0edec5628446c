// Signing a machine in: a code is asked for, a person decides in a browser, the device claims a token. The token is made
// at the claim; what waits is a row, never a secret.

internal import FoundationEssentials
package import MeshAPI
internal import MeshStore
internal import Platform
internal import Text

package struct DeviceCodeService: Sendable {
    let database: any Store
    let hub: EventHub
    let pacer: PollPacer
    let limits: RateLimiter
    package let address: PublicAddress
    let now: @Sendable () -> Date

    /// Seconds a poll is held at most.
    package static let waitMax = 25
    static let mostLive = 100_000

    /// A fresh code. Throws 429 and 503.
    package func create(_ device: DeviceCodeRequest, caller: Caller) async throws -> DeviceCode {
        try await limits.take(.newCodes, AddressKey.of(caller.address))
        let now = now()
        let deviceCode = TokenForm.base32(randomBytes(32))
        let userCode = ReadableCode.make(bytes: randomBytes(ReadableCode.userCodeLength))
        let row = DeviceCodeRow(
            id: Identifier.make(), deviceDigest: SecretDigest.of(deviceCode),
            deviceName: try Label.clean(device.deviceName, field: "device_name"),
            deviceOs: try Label.clean(device.deviceOs, field: "device_os"),
            deviceArch: try Label.clean(device.deviceArch, field: "device_arch"), state: .pending, createdAt: now,
            expiresAt: now.addingTimeInterval(Double(DeviceCodeRow.lifetime)))
        try await database.write { transaction in
            guard try transaction.deviceCodes.liveCount(at: now) < Self.mostLive else {
                throw Refusal.unavailable("Too many sign-ins are waiting. Try again in a minute.", retryAfter: 60)
            }
            try transaction.deviceCodes.insert(row, userCodeHMAC: transaction.key.hmac(.userCode, userCode))
            try transaction.audit.record(
                .sessionRequested, subject: row.id, address: caller.address, userAgent: caller.userAgent, at: now)
        }
        return DeviceCode(
            deviceCode: deviceCode, userCode: userCode, verificationUrl: "\(address.base)/cli-auth",
            verificationUrlComplete: "\(address.base)/cli-auth?code=\(userCode)", expiresAt: row.expiresAt,
            expiresIn: DeviceCodeRow.lifetime, interval: PollPacer.interval, waitMax: Self.waitMax)
    }

    /// What a poll waits with: to be ended by `.left` where its client went away.
    package func ticket(for deviceCode: String) -> EventHub.Ticket { EventHub.Ticket(key: SecretDigest.of(deviceCode)) }

    /// As below, by a client that cannot leave.
    package func poll(_ deviceCode: String, wait: Double) async throws -> DeviceCodeStatus {
        try await poll(ticket(for: deviceCode), wait: wait)
    }

    /// Where a code stands; claims the token where it was approved. With `wait`, in seconds, a pending answer is held
    /// until something changes or the ticket is ended. Throws 404 and `slow_down`.
    package func poll(_ ticket: EventHub.Ticket, wait: Double) async throws -> DeviceCodeStatus {
        let digest = ticket.key
        let start = now()
        guard let row = try await row(digest) else { throw Refusal.notFound }
        try pacer.admit(digest, at: start)
        var isPaced = true
        defer { if isPaced { pacer.answered(digest, start: start) } }
        guard wait > 0, row.status(at: start) == .pending, hub.enter(ticket) else {
            return try await answer(row)
        }
        defer { hub.leave(ticket) }
        // Read again: what changed between the first look and the ticket wakes nobody.
        if let again = try await self.row(digest), again.state == row.state, again.ownerID == row.ownerID {
            let isOpened = row.ownerID != nil
            ticket.know(row.mark)
            let left = row.expiresAt.timeIntervalSince(start)
            switch await hub.wait(ticket, limit: .seconds(min(wait, Double(Self.waitMax), left))) {
            case .changed, .timedOut: break
            // Nobody may be there any more to take a token: nothing is claimed for them.
            case .replaced, .stopped, .left: return DeviceCodeStatus(status: .pending, opened: isOpened)
            }
        }
        guard let after = try await self.row(digest) else { throw Refusal.notFound }
        var answer = try await answer(after)
        // Somebody opened the page: that was no poll of theirs, and what is decided there must not wait for the next one.
        if row.ownerID == nil, answer.status == .pending, answer.opened == true {
            (isPaced, answer.interval) = (false, 0)
        }
        return answer
    }

    /// The device gives its code up. Throws 404.
    package func withdraw(_ deviceCode: String) async throws {
        let digest = SecretDigest.of(deviceCode)
        let found = try await database.write { transaction -> Bool in
            guard let row = try transaction.deviceCodes.code(deviceDigest: digest) else { return false }
            _ = try transaction.deviceCodes.withdraw(id: row.id)
            return true
        }
        guard found else { throw Refusal.notFound }
        hub.post(digest)
    }

    private func row(_ digest: String) async throws -> DeviceCodeRow? {
        try await database.lookUp { try $0.deviceCodes.code(deviceDigest: digest) }
    }

    private func answer(_ row: DeviceCodeRow) async throws -> DeviceCodeStatus {
        switch row.status(at: now()) {
        case .pending: return DeviceCodeStatus(status: .pending, opened: row.ownerID != nil)
        case .denied: return DeviceCodeStatus(status: .denied)
        case .expired: return DeviceCodeStatus(status: .expired)
        case .approved:
            if row.state == .approved, let claimed = try await claim(row) { return claimed }
            return DeviceCodeStatus(status: .approved, alreadyClaimed: true)
        }
    }

    /// Makes the token, for the one caller whose UPDATE changed the row; nil for all others.
    private func claim(_ row: DeviceCodeRow) async throws -> DeviceCodeStatus? {
        let token = TokenForm.make(.session, bytes: randomBytes(32))
        let now = now()
        return try await database.write { transaction in
            // The account is looked at again: a password that was changed since ends what was approved before.
            let account = try row.ownerID.flatMap { try transaction.accounts.account(id: $0) }
            guard let account, account.passwordChangedAt <= (row.decidedAt ?? .distantPast) else {
                _ = try transaction.deviceCodes.withdraw(id: row.id)
                return DeviceCodeStatus(status: .expired)
            }
            guard try transaction.deviceCodes.claim(id: row.id, at: now) else { return nil }
            let credential = CredentialRow(
                id: Identifier.make(), accountID: account.id, kind: .session, name: row.deviceName, os: row.deviceOs,
                arch: row.deviceArch, createdAt: now, expiresAt: now.addingTimeInterval(CredentialRow.slidingSeconds),
                firstUseBy: now.addingTimeInterval(CredentialRow.firstUseSeconds))
            try transaction.credentials.insert(credential, digest: SecretDigest.of(token))
            try transaction.audit.record(.sessionClaimed, actor: account.id, subject: credential.id, at: now)
            return DeviceCodeStatus(
                status: .approved, token: token, expiresAt: credential.expiresAt, user: account.user)
        }
    }
}

/// Labels that come from machines: bounded, without controls and what is not seen.
package enum Label {
    /// Throws `invalid` naming `field` where nothing visible is left; what is too long is cut and ends in `…`, since a
    /// machine's name is no reason not to sign in.
    package static func clean(_ text: String, field: String) throws -> String {
        let whole = UnseenCharacters.removed(from: text).trimmingWhitespace()
        let label = whole.count > 64 ? String(whole.prefix(63)).trimmingWhitespace() + "…" : whole
        if case .nothingVisible = FieldRule.label.problem(of: label) {
            throw Refusal.invalid(field, "\(field) is empty.")
        }
        guard label.utf8.count <= 1024 else { throw Refusal.invalid(field, "\(field) is too long.") }
        return label
    }
}
