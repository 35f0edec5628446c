// Inviting into a mesh: for its owner and admins.

internal import FoundationEssentials
package import Localization
package import Logging
internal import Mail
package import MeshAPI
package import MeshStore
internal import Platform

package struct InviteService: Sendable {
    let database: any Store
    let address: PublicAddress
    let mail: MailTransport?
    let mailFrom: String?
    let limits: RateLimiter
    let now: @Sendable () -> Date

    package static let defaultDays = 7

    /// Makes an invite and, where an address is given and mail is set up, sends it. `emailed` says whether a mail was
    /// handed over. Throws `invalid`, 403, 404, and 429 where the inviter had too many mailed.
    package func create(
        _ request: CreateInvite, meshID: String, inviter: AccountRow, language: Language, key: IdempotencyKey?,
        logger: Logger
    ) async throws -> Invite {
        let row = try row(request, meshID: meshID, inviter: inviter)
        // It counts where one is made, which only the transaction finds out.
        let isMailed = row.email != nil && mail != nil
        let over = isMailed ? try await limits.problem(.inviteMails, inviter.id) : nil
        let isCounted = isMailed && over == nil
        let (made, isNew): (Invite, Bool)
        do {
            (made, isNew) = try await insert(row, request, by: inviter, key: key, over: over)
        } catch {
            if isCounted { await limits.giveBack(.inviteMails, inviter.id) }
            throw error
        }
        if isCounted && !isNew { await limits.giveBack(.inviteMails, inviter.id) }
        var invite = made
        if isNew, let email = row.email {
            invite.emailed = await send(row, to: email, inviter: inviter, language: language, logger: logger)
        } else {
            invite.emailed = try await database.read { try $0.invites.wasMailed(id: made.id) }
        }
        return invite
    }

    /// The invite, and whether it was made now. Throws `over` where one would be made.
    private func insert(
        _ row: InviteRow, _ request: CreateInvite, by inviter: AccountRow, key: IdempotencyKey?, over: Refusal?
    ) async throws -> (Invite, Bool) {
        let now = now()
        return try await database.write { transaction in
            try transaction.meshes.require(row.meshID, for: inviter.id, atLeast: .admin)
            var isNew = false
            let fingerprint = "\(row.email ?? "")/\(row.membership)/\(request.expiresInDays ?? 0)/\(row.maxUses)"
            let invite = try transaction.idempotency.once(key, fingerprint: fingerprint, at: now) {
                isNew = true
                if let over { throw over }
                try transaction.invites.insert(row)
                try transaction.audit.record(.inviteCreated, actor: inviter.id, subject: row.id, at: now)
                return wire(row, emailed: false)
            }
            return (invite, isNew)
        }
    }

    package func list(meshID: String, for account: AccountRow, page: PageRequest) async throws -> Page<Invite> {
        let now = now()
        let (rows, makers) = try await database.read { transaction in
            try transaction.meshes.require(meshID, for: account.id, atLeast: .admin)
            let rows = try transaction.invites.list(meshID: meshID, page: page, at: now)
            let makers = try Set(rows.map(\.inviterID)).compactMap { try transaction.accounts.account(id: $0) }
                .map { ($0.id, MemberName(id: $0.id, name: $0.name)) }
            return (rows, Dictionary(uniqueKeysWithValues: makers))
        }
        return page.page(rows) {
            Cursor(time: $0.createdAt.milliseconds, id: $0.id)
        } item: { row in
            var invite = wire(row, emailed: nil)
            invite.by = makers[row.inviterID]
            return invite
        }
    }

    /// Throws 404 where there is none, or it was revoked before.
    package func revoke(_ id: String, meshID: String, by account: AccountRow) async throws {
        let now = now()
        try await database.write { transaction in
            try transaction.meshes.require(meshID, for: account.id, atLeast: .admin)
            guard try transaction.invites.revoke(id: id, meshID: meshID, at: now) else { throw Refusal.notFound }
            try transaction.audit.record(.inviteRevoked, actor: account.id, subject: id, at: now)
        }
    }

    private func row(_ request: CreateInvite, meshID: String, inviter: AccountRow) throws -> InviteRow {
        let email = request.email.map(EmailAddress.normalized)
        if let email, !EmailAddress.isPlausible(email) || !MailAddress.isAddress(email) {
            throw Refusal.invalid("email", "email is no address.")
        }
        let membership = request.role ?? .member
        guard membership != .owner else { throw Refusal.invalid("role", "role is member or admin.") }
        let days = request.expiresInDays ?? Self.defaultDays
        guard (1...CreateInvite.mostDays).contains(days) else {
            throw Refusal.invalid("expires_in_days", "expires_in_days is 1 to \(CreateInvite.mostDays).")
        }
        let uses = request.maxUses ?? 1
        guard (1...CreateInvite.mostUses).contains(uses) else {
            throw Refusal.invalid("max_uses", "max_uses is 1 to \(CreateInvite.mostUses).")
        }
        let now = now()
        return InviteRow(
            id: Identifier.make(), meshID: meshID, inviterID: inviter.id,
            code: ReadableCode.make(bytes: randomBytes(ReadableCode.inviteCodeLength)), email: email,
            membership: membership, createdAt: now, expiresAt: now.addingTimeInterval(Double(days) * 86_400),
            maxUses: uses)
    }

    private func wire(_ row: InviteRow, emailed: Bool?) -> Invite {
        Invite(
            id: row.id, code: row.code, url: "\(address.base)/i/\(row.code)", email: row.email, role: row.membership,
            expiresAt: row.expiresAt, maxUses: row.maxUses, uses: row.uses, emailed: emailed)
    }

    /// Whether a mail was handed over. A mail that does not leave makes no invite fail.
    private func send(_ row: InviteRow, to email: String, inviter: AccountRow, language: Language, logger: Logger) async
        -> Bool
    {
        guard let mail else { return false }
        let now = now()
        do {
            let mesh = try await database.read { try $0.meshes.mesh(id: row.meshID, accountID: inviter.id) }
            let message = try InviteMail(
                meshName: mesh?.name ?? "", inviterName: inviter.name, url: "\(address.base)/i/\(row.code)",
                expiresAt: row.expiresAt
            ).message(to: email, from: mailFrom ?? address.defaultSender, strings: Strings(language), now: now)
            try await mail.deliver(message)
            try await database.write(.nothing) { try $0.invites.noteMail(id: row.id, at: now) }
            return true
        } catch {
            logger.warning("mail did not leave", metadata: Self.facts(of: error))
            return false
        }
    }

    /// What tells an operator why, and nothing of the mail.
    package static func facts(of error: any Error) -> Logger.Metadata {
        switch error as? MailFailure {
        case .badAddress: ["reason": "bad address"]
        case .refused(let status): ["reason": "refused by the service", "status": "\(status)"]
        case .program(let code?): ["reason": "the program failed", "exit_code": "\(code)"]
        case .program(nil): ["reason": "the program did not start or did not end by itself"]
        case .unreachable: ["reason": "no answer from the service"]
        case nil: ["type": "\(type(of: error))"]
        }
    }
}

extension PublicAddress {
    /// The sender of mail where none is configured.
    var defaultSender: String { "claudemesh@\(Self.hostName(authority))" }
}
