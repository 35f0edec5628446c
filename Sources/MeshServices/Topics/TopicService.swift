// Topics: listing, making, renaming, deleting, joining, muting and reading them, and who was named there.

internal import FoundationEssentials
package import MeshAPI
package import MeshStore

package struct TopicService: Sendable {
    let database: any Store
    let changes: MeshChanges
    let now: @Sendable () -> Date

    /// What a topic is about, at most.
    static let about = FieldRule(maxCharacters: 200)

    package func list(_ reader: Reader, meshID: String, page: PageRequest) async throws -> Page<Topic> {
        let rows = try await database.read { transaction in
            try reader.require(meshID, in: transaction)
            let viewer = Viewer(reader, meshID: meshID)
            try viewer.speaker.require(.read)
            return try transaction.topics.list(viewer, page: page)
        }
        return page.page(rows) {
            Cursor(time: $0.createdAt.milliseconds, id: $0.id)
        } item: {
            $0
        }
    }

    /// Makes a topic, with its maker in it, unless that is a script. Throws `invalid`, 403, `topic_taken`,
    /// `too_many_topics`.
    package func create(_ wanted: CreateTopic, by reader: Reader, meshID: String) async throws -> Topic {
        try Self.check(name: wanted.name)
        let about = try Self.checked(about: wanted.about)
        return try await write(reader, meshID) { transaction, viewer, now in
            if let key = viewer.speaker.key, key.topics != nil { throw key.refusal }
            guard try transaction.topics.topic(named: wanted.name, meshID: meshID) == nil else {
                throw Refusal.topicTaken
            }
            guard try transaction.topics.count(meshID: meshID) < Topic.most else {
                throw Refusal.conflict("too_many_topics", "A mesh has at most \(Topic.most) topics.")
            }
            let id = Identifier.make()
            try transaction.topics.insert(
                id: id, meshID: meshID, name: wanted.name, about: about, by: viewer.accountID, at: now)
            let topic = try Self.require(wanted.name, meshID, in: transaction)
            if viewer.party != .key { try transaction.topics.join(topic, accountID: viewer.accountID, at: now) }
            try transaction.changes.note(.topicCreated, meshID: meshID, subject: id, by: viewer.accountID, at: now)
            return try Self.wire(topic, viewer, in: transaction)
        }
    }

    /// For its maker, owners and admins. Throws `invalid`, `topic_taken`, 403, 404.
    package func change(_ name: String, _ wanted: ChangeTopic, by reader: Reader, meshID: String) async throws -> Topic
    {
        guard wanted.name != nil || wanted.about != nil else { throw Refusal.invalid("name", "name is missing.") }
        if let name = wanted.name { try Self.check(name: name) }
        let about = try Self.checked(about: wanted.about)
        return try await write(reader, meshID) { transaction, viewer, now in
            let topic = try Self.requireOwn(name, viewer, in: transaction)
            let newName = wanted.name ?? topic.name
            let isRenamed = newName != topic.name
            if isRenamed, try transaction.topics.topic(named: newName, meshID: meshID) != nil {
                throw Refusal.topicTaken
            }
            try transaction.topics.change(
                id: topic.id, name: newName, former: isRenamed ? topic.name : nil,
                about: wanted.about == nil ? topic.about : about)
            try transaction.changes.note(
                .topicChanged, meshID: meshID, subject: topic.id, by: viewer.accountID,
                detail: isRenamed ? topic.name : nil, at: now)
            return try Self.wire(topic, viewer, in: transaction)
        }
    }

    package func delete(_ name: String, by reader: Reader, meshID: String) async throws {
        try await write(reader, meshID, .everything) { transaction, viewer, now in
            let topic = try Self.requireOwn(name, viewer, in: transaction)
            try transaction.topics.delete(id: topic.id, at: now)
            try transaction.changes.note(
                .topicDeleted, meshID: meshID, subject: topic.id, by: viewer.accountID, at: now)
            try transaction.audit.record(
                .topicDeleted, actor: viewer.accountID, subject: "\(meshID)/\(topic.id)", at: now)
        }
    }

    /// Everybody is in #general.
    package func join(_ name: String, by reader: Reader, meshID: String) async throws -> Topic {
        try await write(reader, meshID) { transaction, viewer, now in
            let topic = try Self.require(name, meshID, in: transaction)
            try transaction.topics.join(topic, accountID: viewer.accountID, at: now)
            return try Self.wire(topic, viewer, in: transaction)
        }
    }

    /// Throws 403 of #general.
    package func leave(_ name: String, by reader: Reader, meshID: String) async throws {
        try await write(reader, meshID) { transaction, viewer, _ in
            let topic = try Self.require(name, meshID, in: transaction)
            guard !topic.isGeneral else { throw Refusal.ofGeneral }
            try transaction.topics.leave(id: topic.id, accountID: viewer.accountID)
        }
    }

    /// Throws `not_joined`.
    package func mute(_ name: String, _ isMuted: Bool, by reader: Reader, meshID: String) async throws -> Topic {
        try await write(reader, meshID) { transaction, viewer, now in
            let topic = try Self.require(name, meshID, in: transaction)
            guard try transaction.topics.mute(topic, isMuted, accountID: viewer.accountID, at: now) else {
                throw Refusal.conflict("not_joined", "Join the topic first.")
            }
            return try Self.wire(topic, viewer, in: transaction)
        }
    }

    /// Up to that message everything is read, and who was named there too.
    package func read(_ name: String, upTo messageID: String, by reader: Reader, meshID: String) async throws {
        try await write(reader, meshID, needs: .read) { transaction, viewer, now in
            let topic = try Self.require(name, meshID, in: transaction)
            guard let seq = try transaction.topics.seq(ofMessage: messageID, topicID: topic.id) else {
                throw Refusal.invalid("up_to", "up_to is no message of this topic.")
            }
            try transaction.topics.read(id: topic.id, upTo: seq, viewer)
            try transaction.notifications.read(topicID: topic.id, upTo: seq, viewer, at: now)
        }
    }

    private func write<Value: Sendable>(
        _ reader: Reader, _ meshID: String, _ scope: WriteScope? = nil, needs ability: Ability = .topics,
        _ body: @escaping @Sendable (Transaction, Viewer, Date) throws -> Value
    ) async throws -> Value {
        let now = now()
        let value = try await database.write(scope ?? .one(meshID)) { transaction in
            try reader.require(meshID, in: transaction)
            let viewer = Viewer(reader, meshID: meshID)
            try viewer.speaker.require(ability)
            return try body(transaction, viewer, now)
        }
        changes.post(meshID)
        return value
    }
}

extension TopicService {
    private static func require(_ name: String, _ meshID: String, in transaction: Transaction) throws -> TopicRow {
        guard let topic = try transaction.topics.topic(named: name, meshID: meshID) else { throw Refusal.notFound }
        return topic
    }

    /// One that the viewer's member may change.
    private static func requireOwn(_ name: String, _ viewer: Viewer, in transaction: Transaction) throws -> TopicRow {
        let topic = try require(name, viewer.meshID, in: transaction)
        guard !topic.isGeneral else { throw Refusal.ofGeneral }
        if topic.createdBy != viewer.accountID {
            try transaction.meshes.require(viewer.meshID, for: viewer.accountID, atLeast: .admin)
        }
        return topic
    }

    private static func wire(_ topic: TopicRow, _ viewer: Viewer, in transaction: Transaction) throws -> Topic {
        let page = PageRequest(of: .topics, limit: 1)
        guard let topic = try transaction.topics.list(viewer, page: page, id: topic.id).first else {
            throw Refusal.notFound
        }
        return topic
    }

    private static func check(name: String) throws {
        guard Topic.isName(name) else {
            throw Refusal.invalid("name", "name has 1 to \(Topic.longestName) of a-z, 0-9, - and _.")
        }
    }

    /// Nil where it says nothing.
    private static func checked(about: String?) throws -> String? {
        guard let text = about?.trimmingWhitespace(), !text.isEmpty else { return nil }
        guard Self.about.problem(of: text) == nil else {
            throw Refusal.invalid("about", "about has at most \(Self.about.maxCharacters) characters and no controls.")
        }
        return text
    }
}
