// `claudemesh ban`, `unban` and `bans`: who may not come back into a mesh.

import ArgumentParser
import Connect
import Console
import Localization
import MeshAPI
import MeshClient

struct BanCommand: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "ban", abstract: about(.banHelp))

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.member, value: .name))
    var member: String

    @OptionGroup var mesh: MeshOption

    func run(in context: Context) async throws -> Ending {
        try context.given(member, as: "MEMBER")
        let place = try await InMesh.person(mesh.name, context)
        let members = try await place.members()
        let all = members.map { member in
            Meant(id: member.id, names: [member.handle ?? "", member.name], shown: member.name)
        }
        let one = try Meant.find(member, among: all, mesh: place.mesh.name, none: .noMember)
        try await place.requireModerated(one.id, among: members)
        guard try place.agrees(.banQuestion, ["name": one.shown]) else { return .exit(.declined) }
        try await place.ask { client throws(APIFailure) in try await client.ban(one.id, in: place.mesh.id) }
        return try place.done(.banned, ["name": one.shown], DoneTo(id: one.id, status: "banned"))
    }
}

struct Unban: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "unban", abstract: about(.unbanHelp))

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.member, value: .name))
    var member: String

    @OptionGroup var mesh: MeshOption

    func run(in context: Context) async throws -> Ending {
        try context.given(member, as: "MEMBER")
        let place = try await InMesh.person(mesh.name, context)
        let all = try await place.bans().map { Meant(id: $0.id, names: [$0.name], shown: $0.name) }
        let one = try Meant.find(member, among: all, mesh: place.mesh.name, none: .noBan)
        guard try place.agrees(.unbanQuestion, ["name": one.shown]) else { return .exit(.declined) }
        try await place.ask { client throws(APIFailure) in try await client.unban(one.id, in: place.mesh.id) }
        return try place.done(.unbanned, ["name": one.shown], DoneTo(id: one.id, status: "unbanned"))
    }
}

struct Bans: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "bans", abstract: about(.bansHelp))

    @OptionGroup var options: GlobalOptions

    @OptionGroup var mesh: MeshOption

    struct Answer: Encodable { var bans: [Ban] }

    func run(in context: Context) async throws -> Ending {
        let place = try await InMesh.person(mesh.name, context)
        let bans = try await place.bans()
        let strings = place.context.strings
        try place.output.table(
            bans.map { [$0.name, place.context.moment($0.bannedAt), $0.by.name, $0.id] },
            header: [
                strings[.name], strings(ModerationText.bannedOn), strings(ModerationText.bannedBy), "ID",
            ], names: 0)
        if bans.isEmpty { place.output.hint(strings(ModerationText.noBans, ["mesh": place.mesh.name])) }
        if options.json { try place.output.json(Answer(bans: bans)) }
        return .exit(.done)
    }
}

extension InMesh {
    fileprivate func bans() async throws -> [Ban] {
        try await ask { client throws(APIFailure) in try await client.bans(in: mesh.id) }
    }
}
