// What a mesh's page shows, as the template takes it. Every text of others is made inert here, and escaped by the template.

internal import FoundationEssentials
internal import Localization
internal import MeshAPI
internal import MeshServices
internal import MeshStore
internal import Text

struct MeshPageView {
    let services: Services
    let reader: Reader
    let texts: Strings

    /// Messages on a page.
    private static let most = 50

    /// Throws 404, also where the place is none.
    func values(meshID: String, place: MeshPages.Place, before: Int?, later: LaterWords, at now: Date) async throws -> (
        title: String, values: [String: Any]
    ) {
        let mesh = try await services.meshes.mesh(meshID, for: reader)
        let topics = try await services.topics.list(
            reader, meshID: meshID, page: PageRequest(of: .topics, limit: Topic.most)
        ).items
        let peers = try await services.presence.list(
            meshID: meshID, for: reader, away: false, page: PageRequest(of: .peers, limit: 200)
        ).items
        let members = try await services.members.list(
            meshID: meshID, for: reader, page: PageRequest(of: .members, limit: 200)
        ).items
        var values: [String: Any] = [
            "path": place.path(meshID), "events": "/dashboard/meshes/\(Route.encoded(meshID))/events",
            "invites": mesh.membership == .member ? "" : MeshInvitePages.path(meshID),
            "heading": InertText.visible(place.address), "nobody": peers.isEmpty,
        ]
        values["topics"] = topics.map { row($0, isHere: place == .topic($0.name), meshID) }
        values["peers"] = peers.map { row($0, meshID) }
        values["members"] = members.map { row($0, meshID) }
        values.merge(try await forYou(meshID, place, later: later, at: now)) { $1 }
        values.merge(try await said(meshID, place, before: before, topics: topics, at: now)) { $1 }
        return (mesh.name, values)
    }

    private func row(_ topic: Topic, isHere: Bool, _ meshID: String) -> [String: Any] {
        [
            "name": topic.name, "about": InertText.visible(topic.about ?? ""), "current": isHere,
            "href": MeshPages.Place.topic(topic.name).path(meshID),
            "unread": topic.unread == 0 ? "" : texts(PageText.meshUnread, count: topic.unread),
        ]
    }

    private func row(_ peer: Peer, _ meshID: String) -> [String: Any] {
        [
            "address": InertText.visible(peer.address), "role": InertText.visible(peer.role ?? ""),
            "status": texts[Self.words(peer.status)], "href": MeshPages.Place.with(peer.address).path(meshID),
        ]
    }

    private func row(_ member: Member, _ meshID: String) -> [String: Any] {
        [
            "name": InertText.visible(member.name), "handle": member.handle ?? "",
            "membership": texts[PageText.membership(member.membership)],
            "href": MeshPages.Place.with(member.handle ?? member.id).path(meshID),
        ]
    }

    private func row(_ mention: Mention, _ meshID: String, _ now: Date) -> [String: Any] {
        [
            "href": MeshPages.Place.topic(mention.topic).path(meshID) + "#m-\(mention.messageId)",
            "words": texts(PageText.meshMention, ["name": name(mention.from), "topic": mention.topic]),
            "when": time(mention.createdAt, now),
        ]
    }

    private func row(_ message: Message, _ meshID: String, _ now: Date) -> [String: Any] {
        let all = [
            "id": message.id, "who": name(message.from), "when": time(message.createdAt, now),
            "to": message.topic == nil ? InertText.visible(message.to.joined(separator: ", ")) : "",
            "states": states(message), "body": InertText.lines(message.body),
            "href": MeshPages.Place.with(message.from.address).path(meshID) + "#m-\(message.id)",
        ]
        // A section of Mustache would take an empty text for something.
        return all.filter { !$0.value.isEmpty }
    }

    private func forYou(_ meshID: String, _ place: MeshPages.Place, later: LaterWords, at now: Date) async throws
        -> [String: Any]
    {
        var page = PageRequest(of: .notifications, limit: 20)
        page.after = .end
        let mentions = try await services.notifications.list(reader, meshID: meshID, unreadOnly: true, page: page).items
        let waiting = try await list(MessageQuery(isUnread: true, before: .max, limit: 20), meshID).messages
        let held = try await list(MessageQuery(isHeld: true, before: .max, limit: 20), meshID).messages
        let contacts = try await contacts(of: held, meshID)
        let shown = held.filter { !later.ids.contains($0.id) }
        return [
            "has_you": !(mentions.isEmpty && waiting.isEmpty && held.isEmpty),
            "mentions": mentions.map { row($0, meshID, now) },
            "waiting": waiting.filter { $0.topic == nil }.map { row($0, meshID, now) },
            "held": shown.map { self.held($0, contacts[$0.from.member.id], later, now) },
            "held_path": place.path(meshID) + "/held",
            "set_aside": held.count == shown.count
                ? []
                : [
                    [
                        "here": place.path(meshID),
                        "words": texts(PageText.meshSetAside, count: held.count - shown.count),
                    ]
                ],
        ]
    }

    private func said(_ meshID: String, _ place: MeshPages.Place, before: Int?, topics: [Topic], at now: Date)
        async throws
        -> [String: Any]
    {
        var query = MessageQuery(before: before ?? .max, limit: Self.most)
        switch place {
        case .topic(let name): query.topic = name
        case .with(let address): query.with = address
        }
        let (messages, next) = try await list(query, meshID)
        let unseen = messages.filter { message in
            message.mailbox?.kind == .member && message.mailbox?.id == reader.account.id
                && [.queued, .fetched, .handed].contains(message.state)
        }
        let isUnread = topics.contains { place == .topic($0.name) && $0.unread > 0 }
        var values: [String: Any] = [
            "silent": messages.isEmpty,
            "messages": messages.reversed().map { row($0, meshID, now) },
            "seen": !unseen.isEmpty || isUnread, "ids": unseen.map(\.id).joined(separator: " "),
            "last": before == nil ? messages.first?.id ?? "" : "",
        ]
        if let next { values["older"] = "\(place.path(meshID))?before=\(next)" }
        return values
    }

    func list(_ query: MessageQuery, _ meshID: String) async throws -> (messages: [Message], next: Int?) {
        try await services.messages.list(query, meshID: meshID, for: reader)
    }

    func name(_ sender: Sender) -> String {
        let own = InertText.visible(sender.name)
        return sender.kind == .member ? own : "\(own) (\(InertText.visible(sender.member.name)))"
    }

    func time(_ date: Date, _ now: Date) -> String { texts.dayAndTime(date, now: now, offset: 0) + PageLanguage.utc }

    /// What became of one's own: how many mailboxes are in which state; of another's nothing.
    private func states(_ message: Message) -> String {
        if let readers = message.readers { return readers == 0 ? "" : texts(PageText.meshReaders, count: readers) }
        guard let states = message.states else { return "" }
        let isOne = states.values.reduce(0, +) == 1
        return MessageState.allCases.compactMap { state in
            states[state].map { isOne ? texts[state.text] : "\(texts[state.text]) \($0)" }
        }.joined(separator: ", ")
    }

    private static func words(_ status: PeerStatus) -> PageText {
        switch status {
        case .idle: .statusIdle
        case .working: .statusWorking
        case .asking: .statusAsking
        case .deaf: .statusDeaf
        case .unknown: .statusUnknown
        }
    }
}

extension InertText {
    /// As `visible`, with its lines kept.
    static func lines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { visible(String($0)) }
            .joined(separator: "\n")
    }
}
