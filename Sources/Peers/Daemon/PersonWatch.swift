// What comes for the person themself in a mesh in which this machine has sessions of theirs: words to them, told at the next
// turn, and first messages that wait to be let in, asked about in Claude Code's own dialog. By their own sign-in: a session's
// token reads neither.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshClient

/// A person's place in one mesh.
struct PersonPlace: Sendable, Hashable, Codable {
    var server: String
    var accountID: String
    var meshID: String

    init(_ facts: SessionFacts) { (server, accountID, meshID) = (facts.server, facts.accountID, facts.meshID) }
}

extension Daemon {
    /// Follows what comes for a person there, until nobody is there any more.
    func follow(_ place: PersonPlace) async {
        var cursor: String?
        var failures = 0
        while !Task.isCancelled {
            guard let client = await personClient(place) else {
                // Signed in by a variable or a flag alone: what is theirs is told elsewhere.
                guard (try? await Task.sleep(for: .seconds(60))) != nil else { return }
                continue
            }
            do throws(APIFailure) {
                guard let known = cursor else {
                    let now = try await client.events(in: place.meshID, after: nil, wait: 0)
                    let held = try await client.messages(in: place.meshID, held: true)
                    for message in held.items.reversed() { await hold(message, place) }
                    await words(
                        try await client.messages(in: place.meshID, unread: true).items.reversed(), place, isNew: false)
                    cursor = now.cursor
                    continue
                }
                let page = try await client.heldEvents(in: place.meshID, after: known, wait: 25)
                cursor = page.reset == true ? nil : page.cursor
                for event in page.events { await take(event, place) }
                failures = 0
            } catch {
                failures += 1
                let isRefused = [401, 403, 404].contains(error.status)
                let pause = isRefused ? 60 : min(30, Double(1 << min(failures, 5)))
                try? await Task.sleep(for: .seconds(max(pause, Double(error.retryAfter ?? 0))))
            }
            await askIfDue(place)
        }
    }

    func personClient(_ place: PersonPlace) async -> APIClient? {
        guard let token = await world.signIn(place.server, place.accountID),
            let server = try? ServerAddress(place.server)
        else { return nil }
        return APIClient(server: server, credential: .bearer(token), transport: world.transport)
    }

    private func take(_ event: Event, _ place: PersonPlace) async {
        switch event {
        case .held(let message): await hold(message, place)
        case .message(let message):
            firstWords[place]?.removeAll { $0.id == message.id }
            if message.mailbox?.kind == .member { await words([message], place, isNew: true) }
        case .withdrawn(let id):
            firstWords[place]?.removeAll { $0.id == id }
            await forget([id], place)
        case .receipt(let receipt):
            guard !receipt.state.isWaiting else { return }
            firstWords[place]?.removeAll { $0.id == receipt.messageId }
            if receipt.kind == .member, receipt.id == place.accountID { await forget([receipt.messageId], place) }
        case .peer, .topic, .member, .ended: break
        }
    }

    private func hold(_ message: Message, _ place: PersonPlace) async {
        guard firstWords[place]?.contains(where: { $0.id == message.id }) != true else { return }
        firstWords[place, default: []].append(message)
    }

    /// Messages to the person: their sessions know of them, one tells them.
    private func words(_ messages: [Message], _ place: PersonPlace, isNew: Bool) async {
        let mine = messages.filter { $0.mailbox?.kind == .member && $0.state?.isWaiting ?? true }
        guard !mine.isEmpty else { return }
        for session in sessions(at: place) { await session.hearsForPerson(mine) }
        guard isNew, let session = await lastTyped(at: place) else { return }
        for message in mine { await session.tellPerson(of: message) }
    }

    private func forget(_ ids: [String], _ place: PersonPlace) async {
        for session in sessions(at: place) { await session.forgetForPerson(ids) }
    }

    private func sessions(at place: PersonPlace) -> [PeerSession] {
        carriedSessions.filter { PersonPlace($0.facts) == place }
    }

    /// The one that the person typed in last; nil where they have typed in none.
    func lastTyped(at place: PersonPlace, canAsk: Bool = false) async -> PeerSession? {
        var found: (session: PeerSession, at: Date)?
        for session in sessions(at: place) {
            guard let at = await session.turns.typedAt, at > found?.at ?? .distantPast else { continue }
            if canAsk, await !session.canAsk { continue }
            found = (session, at)
        }
        return found?.session
    }
}
