// `claudemesh messages`: what was said, one message with what became of it, and taking one back.

import ArgumentParser
import Connect
import Console
import Localization
import MeshAPI
import MeshClient

struct Messages: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "messages", abstract: about(.messagesHelp),
        subcommands: [MessagesList.self, MessagesShow.self, MessagesWithdraw.self],
        defaultSubcommand: MessagesList.self)

    @OptionGroup var options: GlobalOptions
}

struct MessagesList: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: about(.messagesListHelp))

    @OptionGroup var options: GlobalOptions

    @Option(name: .customLong("with"), help: help(.messagesWith, value: .name))
    var with: String?

    @Option(name: .customLong("topic"), help: help(.messagesTopic, value: .topic))
    var topic: String?

    @OptionGroup var mesh: MeshOption

    /// As the server has it: newest first.
    struct Answer: Encodable {
        var messages: [Message]
        var nextCursor: String?
    }

    func validate() throws {
        if with != nil && topic != nil { throw Clash(first: "--with", second: "--topic") }
    }

    func run(in context: Context) async throws -> Ending {
        try context.given(with, as: "--with")
        try context.given(topic, as: "--topic")
        let place = try await InMesh.one(mesh.name, context)
        let topic = topic.map(\.topicName)
        let subject: MessageFailure.Subject = topic.map { .topic($0) } ?? .nothing
        let page = try await place.ask(subject) { client throws(APIFailure) in
            try await client.messages(in: place.mesh.id, with: with, topic: topic)
        }
        for message in page.items.reversed() {
            try place.show(try await place.addressed(message, among: page.items), isOwn: true)
        }
        if page.items.isEmpty { place.output.hint(place.context.strings(MessageText.noMessages)) }
        if options.json { try place.output.json(Answer(messages: page.items, nextCursor: page.nextCursor)) }
        if let topic, let newest = page.items.first {
            try await place.ask(subject) { client throws(APIFailure) in
                try await client.readTopic(topic, upTo: newest.id, in: place.mesh.id)
            }
        }
        return .exit(.done)
    }
}

struct MessagesShow: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: about(.messagesShowHelp))

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.messageID, value: .id))
    var id: String

    @OptionGroup var mesh: MeshOption

    func run(in context: Context) async throws -> Ending {
        try context.given(id, as: "ID")
        let (_, places) = try await InMesh.all(mesh.name, context)
        let (place, message) = try await InMesh.find(id, in: places)
        let context = place.context
        try place.show(try await place.addressed(message), isOwn: true)
        let receipts = message.receipts ?? []
        try place.output.table(
            receipts.map { receipt in
                [
                    receipt.name, context.strings(receipt.state.text), context.moment(receipt.at),
                    context.words(of: receipt.reason),
                ]
            },
            header: [context.strings[.name], context.strings(MessageText.status), "", ""], names: 0)
        if options.json { try place.output.json(message) }
        // A person's own is seen by `inbox`; a session has it before the model now.
        if place.session != nil, message.state?.isWaiting == true { try await place.report([message], .seen) }
        return .exit(.done)
    }
}

struct MessagesWithdraw: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "withdraw", abstract: about(.messagesWithdrawHelp))

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.messageID, value: .id))
    var id: String

    @OptionGroup var mesh: MeshOption

    func run(in context: Context) async throws -> Ending {
        try context.given(id, as: "ID")
        let (_, places) = try await InMesh.all(mesh.name, context)
        let (place, found) = try await InMesh.find(id, in: places)
        let message: Message
        do {
            message = try await place.ask(.message(id)) { client throws(APIFailure) in
                try await client.withdrawMessage(found.id, in: place.mesh.id)
            }
        } catch let failure as MessageFailure where failure.failure.code == "seen" {
            throw SeenAlready(names: (found.receipts ?? []).filter(\.state.isRead).map(\.name))
        }
        try place.output.success(place.context.strings(MessageText.takenBack, ["id": message.shortID]))
        if options.json { try place.output.json(message) }
        return .exit(.done)
    }
}

/// What was seen is not taken back.
private struct SeenAlready: Explained {
    /// Who did; nobody known where it was while we asked.
    var names: [String]

    func explanation(_ words: Words) -> Explanation {
        let strings = words.context.strings
        return Explanation(
            code: "seen",
            message: names.isEmpty
                ? strings(MessageText.seenAlready)
                : strings(MessageText.seenBy, ["names": names.joined(separator: ", ")], count: names.count),
            exit: .exists)
    }
}

extension String {
    /// Of a topic as it is typed: `#ci` is `ci`.
    var topicName: String { hasPrefix("#") ? String(dropFirst()) : self }
}
