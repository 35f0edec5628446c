// Carries the effects of watching out, each in its task, and sends back what they bring. To add an effect: its case below.

import Console
import LocalState
import MeshAPI
import MeshClient
import Watch

@MainActor
final class WatchRunner {
    private let world: WatchWorld
    private let send: @MainActor (Arrival) -> Void
    private let fail: @MainActor (any Error) -> Void
    private var following: Task<Void, Never>?
    /// Behind what was told last, in the mesh that is followed: there it goes on, also where it is followed anew.
    private var place: (mesh: String, cursor: String)?
    /// What tells the server something, in the order it was asked for.
    private var telling: Task<Void, Never>?

    init(
        world: WatchWorld, send: @escaping @MainActor (Arrival) -> Void, fail: @escaping @MainActor (any Error) -> Void
    ) {
        self.world = world
        self.send = send
        self.fail = fail
    }

    /// Waits for what is being told, a second at most.
    func finish() async {
        following?.cancel()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await Task.sleep(for: .seconds(1)) }
            group.addTask { [telling] in await telling?.value }
            await group.next()
            group.cancelAll()
        }
    }

    func run(_ effect: Effect) {
        switch effect {
        case .open: Task { await open() }
        case .follow(let mesh): follow(mesh)
        case .send(let mesh, let message): tell { await self.sendMessage(message, mesh) }
        case .report(let mesh, let steps): tell { await self.report(steps, mesh) }
        case .readTopic(let mesh, let topic, let id):
            tell { try? await self.world.client.readTopic(topic, upTo: id, in: mesh) }
        case .callAttention: break
        case .saveASCII(let isASCII): keep { $0.ascii = isASCII }
        case .savePlain: keep { $0.plain = true }
        case .goToTerminal(let peer): Task { send(.terminal(await SessionTerminal(world.context).go(to: peer))) }
        default: Task { await load(effect) }
        }
    }

    private func tell(_ work: @escaping @MainActor () async -> Void) {
        let before = telling
        telling = Task {
            await before?.value
            await work()
        }
    }

    /// A choice that cannot be kept is made again the next time.
    private func keep(_ change: @escaping @Sendable (inout ConfigFile) -> Void) {
        let directory = world.directory
        Task.detached { _ = try? directory.updateConfig { change(&$0) } }
    }

    private func open() async {
        do {
            let found = try await world.request.open()
            send(.opened(MeshName(found.mesh), found.me))
        } catch { fail(error) }
    }

    // MARK: What happens

    private func follow(_ mesh: String) {
        following?.cancel()
        if place?.mesh != mesh { place = nil }
        let heard: @Sendable (EventNews) async -> Void = { news in await self.heard(news, in: mesh) }
        following = Task { [client = world.client, cursor = place?.cursor] in
            guard let end = await Self.follow(mesh, after: cursor, client, heard), !Task.isCancelled else { return }
            send(.ended(end))
        }
    }

    private nonisolated static func follow(
        _ mesh: String, after cursor: String?, _ client: APIClient, _ heard: @Sendable (EventNews) async -> Void
    ) async -> Link.End? {
        do throws(APIFailure) {
            return .said(try await client.followEvents(in: mesh, after: cursor) { await heard($0) })
        } catch {
            return error == .cancelled ? nil : .failed(error)
        }
    }

    private func heard(_ news: EventNews, in mesh: String) {
        guard !Task.isCancelled else { return }
        switch news {
        case .connected: send(.connected)
        case .event(let event, let cursor):
            place = (mesh, cursor)
            send(.event(event))
        case .reset(let cursor):
            place = (mesh, cursor)
            send(.reset)
        case .interrupted(let failure, let pause): send(.interrupted(failure, seconds: Int(pause.components.seconds)))
        }
    }

    // MARK: Telling

    private func sendMessage(_ message: SendMessage, _ mesh: String) async {
        do throws(APIFailure) {
            send(.sent(message.clientId, try await world.client.sendMessage(message, in: mesh)))
        } catch {
            send(.unsent(message.clientId, error))
        }
    }

    /// What could not be told is told when it is shown again.
    private func report(_ steps: [ReportReceipts.Step], _ mesh: String) async {
        _ = try? await world.client.reportReceipts(steps, in: mesh)
    }

    // MARK: Asking

    private func load(_ effect: Effect) async {
        let client = world.client
        switch effect {
        case .loadLists(let mesh):
            await attempt(.lists) { () throws(APIFailure) in .lists(try await client.lists(of: mesh)) }
        case .loadTopics(let mesh):
            await attempt(.lists) { () throws(APIFailure) in .topics(try await client.topics(in: mesh)) }
        case .loadMessages(let mesh, let before):
            await attempt(.history) { () throws(APIFailure) in
                let page = try await client.messages(in: mesh, cursor: before)
                return .messages(page.items, older: page.nextCursor, isOlder: before != nil)
            }
        case .loadMissed(let mesh, let before):
            await attempt(.missed) { () throws(APIFailure) in
                let page = try await client.messages(in: mesh, cursor: before)
                return .missed(page.items, older: page.nextCursor)
            }
        case .loadWaiting(let mesh):
            await attempt(.lists) { () throws(APIFailure) in
                .waiting(
                    try await client.waiting(in: mesh, held: false),
                    held: try await client.waiting(in: mesh, held: true))
            }
        case .loadMessage(let mesh, let id):
            await attempt(.lists) { () throws(APIFailure) in .message(try await client.message(id, in: mesh)) }
        case .loadMeshes: await attempt(.meshes) { () throws(APIFailure) in .meshes(try await client.meshes()) }
        case .loadEnds(let mesh, let member):
            await attempt(.ends) { () throws(APIFailure) in
                let invites = try await client.invites(to: mesh).count { $0.by?.id == member }
                let keys = try await client.meshKeys(in: mesh).count { $0.by.id == member }
                return .ends(member, BanEnds(invites: invites, keys: keys))
            }
        case .grant(let mesh, let member, let can, let deed):
            await attempt(deed) { () throws(APIFailure) in
                if let can {
                    _ = try await client.setGrant(can, to: member, in: mesh)
                } else {
                    try await client.removeGrant(to: member, in: mesh)
                }
                return .done(deed)
            }
        case .refuse(let mesh, let id, let deed):
            await attempt(deed) { () throws(APIFailure) in
                let step = ReportReceipts.Step(messageId: id, state: .refused, lane: .person)
                _ = try await client.reportReceipts([step], in: mesh)
                return .done(deed)
            }
        case .putOut(let mesh, let session, let deed):
            await attempt(deed) { () throws(APIFailure) in
                try await client.kick(session, in: mesh)
                return .done(deed)
            }
        case .ban(let mesh, let member, let deed):
            await attempt(deed) { () throws(APIFailure) in
                try await client.ban(member, in: mesh)
                return .done(deed)
            }
        case .attention(let mesh, let attention):
            await attempt(.attention(attention)) { () throws(APIFailure) in
                _ = try await client.changeMyself(ChangeMyself(attention: attention), in: mesh)
                return .done(.attention(attention))
            }
        case .mute(let mesh, let topic, let mutes):
            let deed: Deed = mutes ? .mute(topic) : .unmute(topic)
            await attempt(deed) { () throws(APIFailure) in
                _ = try await client.muteTopic(topic, mutes, in: mesh)
                return .done(deed)
            }
        case .join(let mesh, let topic, let joins):
            let deed: Deed = joins ? .join(topic) : .leave(topic)
            await attempt(deed) { () throws(APIFailure) in
                if joins {
                    _ = try await client.joinTopic(topic, in: mesh)
                } else {
                    try await client.leaveTopic(topic, in: mesh)
                }
                return .done(deed)
            }
        default: break
        }
    }

    private func attempt(_ deed: Deed, _ work: () async throws(APIFailure) -> Arrival) async {
        do throws(APIFailure) { send(try await work()) } catch { send(.failed(deed, error)) }
    }
}

extension APIClient {
    /// Everything that stands in the lists, asked for side by side.
    fileprivate func lists(of mesh: String) async throws(APIFailure) -> Lists {
        // A server that does not know contacts yet has none to show.
        async let grants = (try? await self.grants(in: mesh)) ?? []
        async let topics = (try? await self.topics(in: mesh)) ?? []
        let members = try await members(of: mesh)
        let peers = try await peersHereAndAway(in: mesh)
        return await Lists(members: members, peers: peers, topics: topics, grants: grants)
    }

    /// Every page of what waits for the person.
    fileprivate func waiting(in mesh: String, held: Bool) async throws(APIFailure) -> [Message] {
        var (found, cursor, seen) = ([Message](), String?.none, Set<String>())
        repeat {
            let page = try await messages(in: mesh, unread: !held, held: held, cursor: cursor)
            found += page.items
            cursor = page.nextCursor.flatMap { seen.insert($0).inserted ? $0 : nil }
        } while cursor != nil
        return found
    }
}
