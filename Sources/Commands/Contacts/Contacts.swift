// `claudemesh contacts`: who may write to one, who waits, who is blocked; and whose first message waits, in a mesh or at oneself.

public import ArgumentParser
import Connect
import Console
import Localization
public import MeshAPI
import MeshClient

extension FirstContact: ExpressibleByArgument {}

struct Contacts: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "contacts", abstract: about(.contactsHelp))

    @OptionGroup var options: GlobalOptions

    @Option(name: .customLong("first-contact"), help: help(.contactsFirst, value: "open|vouched|ask"))
    var firstContact: FirstContact?

    @Flag(name: .customLong("mine"), help: help(.contactsMine))
    var mine = false

    @OptionGroup var mesh: MeshOption

    /// `mine` is one's own choice, where it is not the mesh's.
    struct Answer: Encodable {
        var grants: [Grant]
        var firstContact: FirstContact?
        var mine: FirstContact?
    }

    func run(in context: Context) async throws -> Ending {
        if mine, firstContact == nil {
            throw Failure.missing(
                flag: "--first-contact", choices: FirstContact.allCases.map(\.rawValue), kind: .none)
        }
        let access = try await ServerAccess.person(context)
        let mesh = try await access.mesh(mesh.name)
        let place = InMesh(access: access, mesh: MeshName(mesh))
        guard let firstContact else { return try await list(place, mesh) }
        return mine ? try await choose(firstContact, place, mesh) : try await set(firstContact, place)
    }

    private func list(_ place: InMesh, _ mesh: Mesh) async throws -> Ending {
        let (context, strings) = (place.context, place.context.strings)
        let contacts = try await place.contacts()
        let own = try await place.ask { client throws(APIFailure) in
            try await client.changeMyself(ChangeMyself(), in: mesh.id)
        }
        let order: [GrantState] = [.held, .open, .refused, .blocked]
        func rank(_ grant: Grant) -> Int { grant.held != nil ? -1 : order.firstIndex(of: grant.state) ?? order.count }
        let rows = contacts.map(\.grant).enumerated().sorted { left, right in
            (rank(left.element), left.offset) < (rank(right.element), right.offset)
        }.map(\.element)
        try place.output.table(
            rows.map { grant in
                [
                    grant.member.name, grant.member.handle ?? "", strings(grant.stateText, count: grant.held ?? 0),
                    context.facts(of: grant),
                ]
            },
            header: [strings[.name], strings(MessageText.address), strings(MessageText.status), ""], names: 0)
        if rows.isEmpty { place.output.hint(strings(MessageText.noContacts, ["mesh": mesh.name])) }
        if let text = (own.firstContact ?? mesh.firstContact)?.text { place.output.hint(strings(text)) }
        if options.json {
            try place.output.json(
                Answer(grants: rows, firstContact: mesh.firstContact, mine: own.firstContact))
        }
        return .exit(.done)
    }

    /// In the mesh, for all who have not chosen for themselves.
    private func set(_ first: FirstContact, _ place: InMesh) async throws -> Ending {
        let changed = try await place.ask { client throws(APIFailure) in
            try await client.setFirstContact(first, in: place.mesh.id)
        }
        try place.output.success(place.context.strings(MessageText.firstContactSet, ["mesh": changed.name]))
        place.output.hint(place.context.strings(first.text))
        if options.json { try place.output.json(changed) }
        return .exit(.done)
    }

    /// At oneself: everybody's, or as the mesh has it.
    private func choose(_ first: FirstContact, _ place: InMesh, _ mesh: Mesh) async throws -> Ending {
        guard first == .ask || first == mesh.firstContact else {
            throw Failure.invalid(
                field: "--first-contact",
                reason: place.context.strings(
                    MessageText.firstContactMine, ["own": mesh.firstContact?.rawValue ?? ""]))
        }
        let change = ChangeMyself(firstContact: .some(first == .ask ? .ask : nil))
        let member = try await place.ask { client throws(APIFailure) in
            try await client.changeMyself(change, in: mesh.id)
        }
        try place.output.success(place.context.strings(MessageText.firstContactChosen, ["mesh": mesh.name]))
        place.output.hint(place.context.strings(first.text))
        if options.json { try place.output.json(member) }
        return .exit(.done)
    }
}

extension FirstContact {
    /// Whose first message waits, in a sentence.
    fileprivate var text: MessageText {
        switch self {
        case .open: .firstContactOpen
        case .vouched: .firstContactVouched
        case .ask: .firstContactAsk
        }
    }
}
