// `claudemesh keys`: what scripts speak with in a mesh; lists, makes and revokes them.

import ArgumentParser
import Connect
import Console
import FoundationEssentials
import Localization
import MeshAPI
import MeshClient

struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: about(.keysHelp),
        subcommands: [KeysList.self, KeysCreate.self, KeysRevoke.self],
        defaultSubcommand: KeysList.self)

    @OptionGroup var options: GlobalOptions
}

struct KeysList: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: about(.keysListHelp))

    @OptionGroup var options: GlobalOptions

    @OptionGroup var mesh: MeshOption

    struct Answer: Encodable { var keys: [MeshKey] }

    func run(in context: Context) async throws -> Ending {
        let place = try await InMesh.person(mesh.name, context)
        let (keys, context) = (try await place.keys(), place.context)
        let strings = context.strings
        try place.output.table(
            keys.map { key in
                [
                    key.id, key.label, key.may, key.by.name, context.moment(key.lastUsedAt), context.day(key.expiresAt),
                ]
            },
            header: [
                "ID", strings[.name], strings(ModerationText.may), strings(ModerationText.bannedBy),
                strings(CommandText.lastUsed), strings[.expires],
            ], names: 1)
        if keys.isEmpty { place.output.hint(strings(ModerationText.noKeys, ["mesh": place.mesh.name])) }
        if options.json { try place.output.json(Answer(keys: keys)) }
        return .exit(.done)
    }
}

/// How long a key lives: `30d`, `1y`, `never`.
struct KeyLife: ExpressibleByArgument, Hashable, Sendable {
    /// nil is until it is revoked.
    var days: Int?

    init?(argument: String) {
        guard argument != "never" else { return }
        guard let unit = ["d": 1, "y": 365][argument.last ?? " "], let count = Int(argument.dropLast()),
            (1...3650).contains(count), (1...3650).contains(count * unit)
        else { return nil }
        days = count * unit
    }
}

/// `--can send,read`.
struct Abilities: ExpressibleByArgument, Hashable, Sendable {
    var all: [Ability]

    init?(argument: String) {
        let words = argument.split(separator: ",").map { Ability(rawValue: String($0)) }
        guard !words.isEmpty, !words.contains(nil) else { return nil }
        all = words.compactMap { $0 }
    }
}

struct KeysCreate: MeshCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: about(.keysCreateHelp),
        discussion: """
            claudemesh keys create ci --topic ci
            claudemesh keys create deploy --can send,read --expires 90d
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.keyLabel, value: .name))
    var label: String

    @Option(name: .customLong("can"), help: help(.keyCan, value: "send,read,topics"))
    var can: [Abilities] = []

    @Option(name: .customLong("topic"), help: help(.keyTopic, value: .name))
    var topics: [String] = []

    @Option(name: .customLong("expires"), help: help(.keyExpires, value: "30d|1y|never"))
    var expires: KeyLife?

    @OptionGroup var mesh: MeshOption

    /// The key alone stands on standard output: `KEY=$(claudemesh keys create ci)`.
    func run(in context: Context) async throws -> Ending {
        let label = try context.valid(label, as: .label, field: "LABEL")
        for topic in topics { try context.given(topic.topicName, as: "--topic") }
        let place = try await InMesh.person(mesh.name, context)
        guard try place.agrees(.keyQuestion, ["label": label]) else { return .exit(.declined) }
        let wanted = CreateKey(
            label: label, can: can.isEmpty ? nil : can.flatMap(\.all),
            topics: topics.isEmpty ? nil : topics.map(\.topicName), expiresInDays: expires?.days)
        let made = try await place.ask { client throws(APIFailure) in
            try await client.createMeshKey(wanted, in: place.mesh.id)
        }
        do {
            try place.output.token(made.key ?? "", in: made)
        } catch {
            // Nobody saw it: it must not live on.
            try? await place.access.client.revokeMeshKey(made.id, in: place.mesh.id)
            throw error
        }
        place.output.hint(place.context.strings(ModerationText.keyShownOnce))
        if made.expiresAt == nil {
            place.output.hint(place.context.strings(ModerationText.keyNeverExpires, ["mesh": place.mesh.name]))
        }
        return .exit(.done)
    }
}

struct KeysRevoke: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "revoke", abstract: about(.keysRevokeHelp))

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.keyID, value: .id))
    var id: String

    @OptionGroup var mesh: MeshOption

    func run(in context: Context) async throws -> Ending {
        try context.given(id, as: "ID")
        let place = try await InMesh.person(mesh.name, context)
        let all = try await place.keys().map { Meant(id: $0.id, names: [$0.label], shown: $0.label) }
        let one = try Meant.find(id, among: all, mesh: place.mesh.name, none: .noKey)
        guard try place.agrees(.keyRevokeQuestion, ["label": one.shown]) else { return .exit(.declined) }
        try await place.ask { client throws(APIFailure) in
            try await client.revokeMeshKey(one.id, in: place.mesh.id)
        }
        return try place.done(.keyRevoked, ["label": one.shown, "id": one.id], RevokedAnswer(id: one.id))
    }
}

extension InMesh {
    fileprivate func keys() async throws -> [MeshKey] {
        try await ask { client throws(APIFailure) in try await client.meshKeys(in: mesh.id) }
    }
}

extension MeshKey {
    /// `send #ci`.
    fileprivate var may: String { Self.may(can, topics) }

    static func may(_ can: [Ability], _ topics: [String]?) -> String {
        (can.map(\.rawValue) + (topics ?? []).map { "#\($0)" }).joined(separator: " ")
    }
}
