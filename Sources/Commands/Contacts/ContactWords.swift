// How somebody stands with one, and how they came into the mesh, in the words of people.

import Console
import FoundationEssentials
import Localization
import MeshAPI
import MeshClient

extension Grant {
    var stateText: MessageText {
        switch state {
        case .open: can.contains(.dm) ? can.contains(.broadcast) ? .contactOpen : .contactDirect : .contactBroadcast
        case .held: held == nil ? .contactStranger : .contactWaits
        case .refused: .contactRefused
        case .blocked: .contactBlocked
        }
    }
}

extension Context {
    /// `a guest, since yesterday 09:10, by Bo Chen's link, 3 of its 10 uses`.
    func facts(of grant: Grant) -> String {
        var parts = grant.guest == true ? [strings(MessageText.contactGuest)] : []
        parts.append(strings(MessageText.contactSince, ["date": moment(grant.since)]))
        if let inviter = grant.invitedBy?.name {
            let invite = grant.invite.flatMap { $0.maxUses > 1 ? $0 : nil }
            parts.append(
                invite.map {
                    strings(
                        MessageText.contactByLink,
                        ["name": inviter, "uses": strings.number($0.uses), "n": strings.number($0.maxUses)])
                } ?? strings(MessageText.contactByInvite, ["name": inviter]))
        }
        return parts.joined(separator: ", ")
    }
}

extension Contact {
    private var context: Context { place.context }

    /// `Mallory Q. (mallory): not let in, a guest, since …`, and what waits of theirs, every line marked as theirs.
    func show() throws {
        let state = context.strings(grant.stateText, count: grant.held ?? 0)
        try place.output.sentence("\(name) (\(handle)): \(state), \(context.facts(of: grant))")
        for message in held { try place.show(message) }
    }

    /// Shows who it is, and asks. Where nobody can be asked, whoever runs it has said so.
    func agrees(to question: MessageText, _ values: [String: String] = [:]) throws -> Bool {
        guard context.interactivity == .interactive else { return true }
        try show()
        return try context.agrees(to: context.strings(question, values.merging(["name": name]) { $1 }))
    }

    func ask<Value: Sendable>(_ call: (APIClient) async throws(APIFailure) -> Value) async throws -> Value {
        try await place.ask { client throws(APIFailure) in try await call(client) }
    }

    /// Lets them do that and no more; none blocks.
    func put(_ can: Set<GrantAbility>) async throws -> Grant {
        let wanted = GrantAbility.allCases.filter(can.contains)
        return try await ask { client throws(APIFailure) in
            try await client.setGrant(wanted, to: grant.member.id, in: place.mesh.id)
        }
    }

    /// Leaves it to first contact again.
    func forget() async throws -> Grant? {
        try await ask { client throws(APIFailure) in
            try await client.removeGrant(to: grant.member.id, in: place.mesh.id)
        }
        return try await now()
    }

    /// Does not take what waits.
    func refuse() async throws -> Grant? {
        let steps = held.prefix(1).map { ReportReceipts.Step(messageId: $0.id, state: .refused) }
        _ = try await ask { client throws(APIFailure) in try await client.reportReceipts(steps, in: place.mesh.id) }
        return try await now()
    }

    /// As it is now; nil where they are not in the mesh any more.
    private func now() async throws -> Grant? {
        try await ask { client throws(APIFailure) in try await client.grants(in: place.mesh.id) }
            .first { $0.member.id == grant.member.id }
    }

    /// Says what was done, and with `--json` how they stand now.
    func said(_ now: Grant?, _ text: MessageText, _ values: [String: String] = [:], count: Int? = nil) throws -> Ending
    {
        let done = context.strings(text, values.merging(["name": name, "handle": handle]) { $1 }, count: count)
        try place.output.orWarn(of: done) {
            try place.output.success(done)
            if context.options.json { try place.output.json(now ?? grant) }
        }
        return .exit(.done)
    }
}
