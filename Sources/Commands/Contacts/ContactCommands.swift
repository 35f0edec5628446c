// `allow`, `block`, `unblock`, `grant`, `revoke`: what one lets somebody in a mesh do. A person's alone; on a terminal they are
// shown who it is, and asked.

public import ArgumentParser
import Console
import FoundationEssentials
import Localization
public import MeshAPI

extension GrantAbility: ExpressibleByArgument {}

/// Whom it is about, and in which of one's meshes.
struct NamedContact: ParsableArguments, Sendable {
    @Argument(help: help(.contactArgument, value: .name))
    var who: String

    @OptionGroup var mesh: MeshOption

    func find(_ context: Context) async throws -> Contact {
        try await Contact.find(who, mesh: mesh.name, context)
    }
}

struct Allow: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "allow", abstract: about(.allowHelp))

    @OptionGroup var options: GlobalOptions

    @OptionGroup var named: NamedContact

    func run(in context: Context) async throws -> Ending {
        let contact = try await named.find(context)
        guard try contact.agrees(to: .allowQuestion) else { return .exit(.declined) }
        let now = try await contact.put(Set(GrantAbility.allCases))
        let waited = contact.held.count
        return try contact.said(now, waited == 0 ? .allowed : .allowedHeld, count: waited == 0 ? nil : waited)
    }
}

struct BlockCommand: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "block", abstract: about(.blockHelp))

    @OptionGroup var options: GlobalOptions

    @OptionGroup var named: NamedContact

    func run(in context: Context) async throws -> Ending {
        let contact = try await named.find(context)
        guard try contact.agrees(to: .blockQuestion) else { return .exit(.declined) }
        return try contact.said(try await contact.put([]), .blockedDone)
    }
}

struct Unblock: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "unblock", abstract: about(.unblockHelp))

    @OptionGroup var options: GlobalOptions

    @OptionGroup var named: NamedContact

    func run(in context: Context) async throws -> Ending {
        let contact = try await named.find(context)
        // What was let in is not taken back by it.
        guard contact.grant.state == .blocked else { return try contact.said(contact.grant, .notBlocked) }
        guard try contact.agrees(to: .unblockQuestion) else { return .exit(.declined) }
        let now = try await contact.forget()
        return try contact.said(now, now?.state == .open ? .unblockedOpen : .unblocked)
    }
}

struct GrantCommand: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "grant", abstract: about(.grantHelp))

    @OptionGroup var options: GlobalOptions

    @OptionGroup var named: NamedContact

    @Argument(help: help(.grantAbilities, value: "dm|broadcast"))
    var abilities: [GrantAbility] = []

    func run(in context: Context) async throws -> Ending {
        let contact = try await named.find(context)
        let wanted = Set(abilities.isEmpty ? GrantAbility.allCases : abilities).union(contact.grant.can)
        guard try contact.agrees(to: .allowQuestion) else { return .exit(.declined) }
        let now = try await contact.put(wanted)
        return try contact.said(now, .granted, ["what": GrantAbility.words(now.can)])
    }
}

struct RevokeCommand: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "revoke", abstract: about(.revokeHelp))

    @OptionGroup var options: GlobalOptions

    @OptionGroup var named: NamedContact

    @Argument(help: help(.grantAbilities, value: "dm|broadcast"))
    var abilities: [GrantAbility] = []

    func run(in context: Context) async throws -> Ending {
        let contact = try await named.find(context)
        if contact.isByMessage || abilities.isEmpty && !contact.held.isEmpty { return try await refuse(contact) }
        let taken = abilities.isEmpty ? GrantAbility.allCases : abilities
        guard try contact.agrees(to: .revokeQuestion, ["what": GrantAbility.words(taken)]) else {
            return .exit(.declined)
        }
        let left = Set(contact.grant.can).subtracting(taken)
        if !left.isEmpty {
            let now = try await contact.put(left)
            return try contact.said(now, .granted, ["what": GrantAbility.words(now.can)])
        }
        // A block stays one: to revoke lets nobody in.
        guard contact.grant.state != .blocked else { return try contact.said(contact.grant, .blockedDone) }
        let now = try await contact.forget()
        return try contact.said(now, now?.state == .open ? .revokedOpen : .revoked)
    }

    /// What waits is not taken: they are told, and may ask again.
    private func refuse(_ contact: Contact) async throws -> Ending {
        guard try contact.agrees(to: .refuseQuestion) else { return .exit(.declined) }
        return try contact.said(try await contact.refuse(), .refusedDone)
    }
}

extension GrantAbility {
    fileprivate static func words(_ can: [GrantAbility]) -> String { can.map(\.rawValue).joined(separator: ", ") }
}
