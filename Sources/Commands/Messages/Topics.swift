// `claudemesh topics`: the named conversations of a mesh: lists, makes, joins, leaves and mutes them.

import ArgumentParser
import Connect
import Console
import Localization
import MeshAPI
import MeshClient

struct Topics: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topics", abstract: about(.topicsHelp),
        discussion: """
            claudemesh topics create ci
            claudemesh topics mute ci
            """,
        subcommands: [TopicsList.self, TopicsCreate.self, TopicsJoin.self, TopicsLeave.self, TopicsMute.self],
        defaultSubcommand: TopicsList.self)

    @OptionGroup var options: GlobalOptions
}

struct TopicsList: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: about(.topicsListHelp))

    @OptionGroup var options: GlobalOptions

    @OptionGroup var mesh: MeshOption

    struct Answer: Encodable { var topics: [Topic] }

    func run(in context: Context) async throws -> Ending {
        let place = try await InMesh.one(mesh.name, context)
        let topics = try await place.ask { client throws(APIFailure) in try await client.topics(in: place.mesh.id) }
        let strings = place.context.strings
        try place.output.table(
            topics.map { topic in
                let mine = topic.muted ? strings(MessageText.muted) : topic.joined ? strings(MessageText.joined) : ""
                return [
                    "#" + topic.name, mine, strings(.memberCount, count: topic.members),
                    topic.unread == 0 ? "" : strings(MessageText.unread, count: topic.unread), topic.about ?? "",
                ]
            },
            header: [strings(MessageText.topic), strings(MessageText.status), strings[.members], "", ""], names: 4)
        if options.json { try place.output.json(Answer(topics: topics)) }
        return .exit(.done)
    }
}

struct TopicsCreate: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: about(.topicsCreateHelp))

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.topicName, value: .name))
    var name: String

    @Option(name: .customLong("about"), help: help(.topicsAbout, value: .text))
    var topicAbout: String?

    @OptionGroup var mesh: MeshOption

    func run(in context: Context) async throws -> Ending {
        let name = name.topicName
        guard Topic.isName(name) else {
            throw Failure.invalid(field: "NAME", reason: context.strings(MessageText.topicForm))
        }
        let place = try await InMesh.one(mesh.name, context)
        let topic = try await place.ask(.topic(name)) { client throws(APIFailure) in
            try await client.createTopic(CreateTopic(name: name, about: topicAbout), in: place.mesh.id)
        }
        return try place.said(topic, .topicCreated)
    }
}

/// A topic that is there, by its name.
struct NamedTopic: ParsableArguments, Sendable {
    @Argument(help: help(.topicName, value: .name))
    var name: String

    @OptionGroup var mesh: MeshOption
}

/// What is done to one topic and said in a sentence. Without an answer the topic is one's own no more.
protocol TopicDeed: MeshCommand {
    var topic: NamedTopic { get }
    var done: MessageText { get }
    func act(on name: String, in mesh: String, _ client: APIClient) async throws(APIFailure) -> Topic?
}

extension TopicDeed {
    func run(in context: Context) async throws -> Ending {
        let name = topic.name.topicName
        try context.given(name, as: "NAME")
        let place = try await InMesh.one(topic.mesh.name, context)
        let changed = try await place.ask(.topic(name)) { client throws(APIFailure) in
            try await act(on: name, in: place.mesh.id, client)
        }
        if let changed { return try place.said(changed, done) }
        try place.output.success(place.context.strings(done, ["topic": name]))
        if options.json { try place.output.json(["name": name, "status": "left"]) }
        return .exit(.done)
    }
}

struct TopicsJoin: TopicDeed {
    static let configuration = CommandConfiguration(commandName: "join", abstract: about(.topicsJoinHelp))

    @OptionGroup var options: GlobalOptions
    @OptionGroup var topic: NamedTopic

    var done: MessageText { .topicJoined }

    func act(on name: String, in mesh: String, _ client: APIClient) async throws(APIFailure) -> Topic? {
        try await client.joinTopic(name, in: mesh)
    }
}

struct TopicsLeave: TopicDeed {
    static let configuration = CommandConfiguration(commandName: "leave", abstract: about(.topicsLeaveHelp))

    @OptionGroup var options: GlobalOptions
    @OptionGroup var topic: NamedTopic

    var done: MessageText { .topicLeft }

    func act(on name: String, in mesh: String, _ client: APIClient) async throws(APIFailure) -> Topic? {
        try await client.leaveTopic(name, in: mesh)
        return nil
    }
}

struct TopicsMute: TopicDeed {
    static let configuration = CommandConfiguration(commandName: "mute", abstract: about(.topicsMuteHelp))

    @OptionGroup var options: GlobalOptions
    @OptionGroup var topic: NamedTopic

    @Flag(name: .customLong("off"), help: help(.topicsMuteOff))
    var off = false

    var done: MessageText { off ? .topicHeard : .topicMuted }

    func act(on name: String, in mesh: String, _ client: APIClient) async throws(APIFailure) -> Topic? {
        try await client.muteTopic(name, !off, in: mesh)
    }
}

extension InMesh {
    fileprivate func said(_ topic: Topic, _ text: MessageText) throws -> Ending {
        try output.success(context.strings(text, ["topic": topic.name]))
        if context.options.json { try output.json(topic) }
        return .exit(.done)
    }
}
