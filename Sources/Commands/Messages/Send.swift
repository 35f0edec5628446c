// `claudemesh send TO TEXT…`: says something to a session, a person, a role, everybody or a topic.

import ArgumentParser
import Connect
import Console
import FoundationEssentials
import Localization
import MeshAPI
import MeshClient
import Text

struct Send: MeshCommand {
    static let configuration = CommandConfiguration(
        commandName: "send", abstract: about(.sendHelp),
        discussion: """
            claudemesh send bo/api "May I drop the old quick start?"
            claudemesh send @reviewer "Have a look at branch login"
            claudemesh send '#ci' "build 4711 is green"
            git diff | claudemesh send bo -
            claudemesh send @reviewer "Is this right?" --wait 5m
            """)

    @OptionGroup var options: GlobalOptions

    /// TO first, unless `--topic` says it.
    @Argument(help: help(.sendWords, value: .text))
    var words: [String] = []

    @Option(name: .customLong("topic"), help: help(.sendTopic, value: .topic))
    var topic: String?

    @Option(name: .customLong("reply-to"), help: help(.sendReplyTo, value: .id))
    var replyTo: String?

    @Option(name: .customLong("wait"), defaultAsFlag: TimeSpan(seconds: 600), help: help(.sendWait, value: "10m"))
    var wait: TimeSpan?

    @Option(name: .customLong("within"), help: help(.sendWithin, value: "2h"))
    var within: TimeSpan?

    @Option(name: .customLong("id"), help: help(.sendID, value: .id))
    var id: String?

    @Flag(name: .customLong("wake"), help: help(.sendWake))
    var wake = false

    @Flag(name: .customLong("anyway"), help: help(.sendAnyway))
    var anyway = false

    @OptionGroup var mesh: MeshOption

    func run(in context: Context) async throws -> Ending {
        let (to, text) = try addressed(context)
        try check(context)
        let place = try await NothingSent.before { try await InMesh.one(mesh.name, context) }
        if wake, place.isSession { throw PersonOnly() }
        let given = try GivenMessage(text, anyway: anyway, isSession: place.isSession, place.context)
        if wake, let to, try await !place.agreesToWake(to) { return .exit(.declined) }
        // Whoever asks for ten minutes does not want it seen in the eleventh.
        let seconds = within?.seconds ?? wait.map { max($0.seconds, SendMessage.within.lowerBound) }
        let message = SendMessage(
            to: to.map { [$0] }, body: given.text, clientId: id ?? UUID().uuidString.lowercased(), replyTo: replyTo,
            within: seconds, wake: wake ? true : nil)
        guard let wait else {
            try await place.sendAndSay(message)
            return .exit(.done)
        }
        return try await AnswerWait(place: place, limit: wait).run(message)
    }

    /// Whom it goes to, and its words. An answer needs no address.
    private func addressed(_ context: Context) throws -> (to: String?, text: [String]) {
        if let topic {
            try context.given(topic, as: "--topic")
            return ("#" + (topic.hasPrefix("#") ? String(topic.dropFirst()) : topic), words)
        }
        if replyTo != nil, words.count == 1 { return (nil, words) }
        guard let to = words.first else { throw Unsent.noAddress }
        try context.given(to, as: "TO")
        return (to, Array(words.dropFirst()))
    }

    private func check(_ context: Context) throws {
        try context.given(replyTo, as: "--reply-to")
        if let id, !(1...64).contains(id.utf8.count) || !id.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) {
            throw Failure.invalid(field: "--id", reason: context.strings(MessageText.idForm))
        }
        if let within, !SendMessage.within.contains(within.seconds) {
            let bounds = ["least": "10s", "most": "7d"]
            throw Failure.invalid(field: "--within", reason: context.strings(ErrorText.notBetween, bounds))
        }
        if let wait, wait.seconds > SendMessage.within.upperBound {
            let bounds = ["least": "1s", "most": "7d"]
            throw Failure.invalid(field: "--wait", reason: context.strings(ErrorText.notBetween, bounds))
        }
    }
}

extension InMesh {
    /// Whether a person means to wake all whom an address reaches. Asked about where somebody can be asked.
    fileprivate func agreesToWake(_ address: String) async throws -> Bool {
        guard context.interactivity == .interactive, address.hasPrefix("@") || address.hasPrefix("#") else {
            return true
        }
        let peers = try await ask { client throws(APIFailure) in try await client.peers(in: mesh.id) }
        let name = address.dropFirst().lowercased().folded()
        let isEverybody = address.hasPrefix("#") || ["all", "todos"].contains(name)
        let woken = peers.filter { peer in
            peer.receives == .wake && peer.attention != .quiet
                && (isEverybody || peer.handle == name || peer.role.map { Self.isRole($0, name) } ?? false)
        }
        guard !woken.isEmpty else { return true }
        let people = Set(woken.map { $0.member?.id ?? "" }).count
        let question = context.strings(
            MessageText.wakeQuestion,
            [
                "sessions": context.strings(MessageText.sessionCount, count: woken.count),
                "people": context.strings(MessageText.personCount, count: people),
            ])
        return try context.agrees(to: question)
    }

    /// Whether a role is called so, in whichever language.
    private static func isRole(_ role: String, _ name: String) -> Bool {
        ([role] + Language.allCases.map { Strings($0)(role: role) }).contains { $0.folded() == name }
    }
}
