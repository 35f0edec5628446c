// /api/my/meshes/{id}/topics and /notifications.

internal import Hummingbird
internal import MeshAPI
internal import MeshServices
internal import MeshStore

struct TopicController {
    let topics: TopicService
    let notifications: NotificationService

    func addRoutes(to read: RouterGroup<ReaderContext>) {
        read.get("meshes/:id/topics", use: list)
        read.post("meshes/:id/topics", use: create)
        read.patch("meshes/:id/topics/:name", use: change)
        read.delete("meshes/:id/topics/:name", use: delete)
        read.put("meshes/:id/topics/:name/members/me", use: join)
        read.delete("meshes/:id/topics/:name/members/me", use: leave)
        read.put("meshes/:id/topics/:name/attention", use: mute)
        read.post("meshes/:id/topics/:name/read", use: readTopic)
        read.get("meshes/:id/notifications", use: listMentions)
        read.post("meshes/:id/notifications/read", use: readMentions)
    }

    @Sendable func list(_ request: Request, context: ReaderContext) async throws -> Response {
        let page = try await topics.list(
            context.reader, meshID: try context.meshID, page: try PageRequest(request, of: .topics))
        return try WireAnswer.list(Routes.listTopics, page)
    }

    @Sendable func create(_ request: Request, context: ReaderContext) async throws -> Response {
        let wanted = try await request.decode(as: CreateTopic.self, context: context)
        let topic = try await topics.create(wanted, by: context.reader, meshID: try context.meshID)
        return try WireAnswer.json(topic, status: .created)
    }

    @Sendable func change(_ request: Request, context: ReaderContext) async throws -> Response {
        let wanted = try await request.decode(as: ChangeTopic.self, context: context)
        return try WireAnswer.json(
            try await topics.change(try context.topic, wanted, by: context.reader, meshID: try context.meshID))
    }

    @Sendable func delete(_ request: Request, context: ReaderContext) async throws -> Response {
        try await topics.delete(try context.topic, by: context.reader, meshID: try context.meshID)
        return WireAnswer.noContent
    }

    @Sendable func join(_ request: Request, context: ReaderContext) async throws -> Response {
        try WireAnswer.json(try await topics.join(try context.topic, by: context.reader, meshID: try context.meshID))
    }

    @Sendable func leave(_ request: Request, context: ReaderContext) async throws -> Response {
        try await topics.leave(try context.topic, by: context.reader, meshID: try context.meshID)
        return WireAnswer.noContent
    }

    @Sendable func mute(_ request: Request, context: ReaderContext) async throws -> Response {
        let wanted = try await request.decode(as: MuteTopic.self, context: context)
        return try WireAnswer.json(
            try await topics.mute(try context.topic, wanted.mute, by: context.reader, meshID: try context.meshID))
    }

    @Sendable func readTopic(_ request: Request, context: ReaderContext) async throws -> Response {
        let wanted = try await request.decode(as: ReadTopic.self, context: context)
        try await topics.read(try context.topic, upTo: wanted.upTo, by: context.reader, meshID: try context.meshID)
        return WireAnswer.noContent
    }

    @Sendable func listMentions(_ request: Request, context: ReaderContext) async throws -> Response {
        var page = try PageRequest(request, of: .notifications)
        if request.uri.queryParameters.get("cursor") == nil { page.after = .end }
        let mentions = try await notifications.list(
            context.reader, meshID: try context.meshID, unreadOnly: try request.flag("unread"), page: page)
        return try WireAnswer.list(Routes.listNotifications, mentions)
    }

    @Sendable func readMentions(_ request: Request, context: ReaderContext) async throws -> Response {
        let wanted = try await request.decode(as: ReadMentions.self, context: context)
        let count = try await notifications.read(wanted, by: context.reader, meshID: try context.meshID)
        return try WireAnswer.json(MentionsRead(read: count))
    }
}

private extension ReaderContext {
    /// The name of the topic that the path is about.
    var topic: String { get throws { try decoded("name") } }
}
