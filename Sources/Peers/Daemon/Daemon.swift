// All sessions of this machine and user, by id and by token. A session's process that is gone is noticed at once by its open
// connection, and within five seconds without one.

internal import FoundationEssentials
package import Logging
internal import MeshAPI
internal import MeshClient
internal import MeshStore
internal import Platform

package actor Daemon {
    /// Without a session it ends after this.
    static let idleLimit = Duration.seconds(3600)

    let version: String
    let world: SessionWorld
    let logger: Logger
    private var sessions: [String: PeerSession] = [:]
    /// By what a session's token becomes under SHA-256: one look-up a call.
    private var byToken: [String: PeerSession] = [:]
    /// Sessions that are over, with something still to tell or to send.
    private var leaving: [String: PeerSession] = [:]
    /// What is followed for persons, while a session of theirs is there.
    private var following: [PersonPlace: Task<Void, Never>] = [:]
    /// First messages that wait to be let in.
    var firstWords: [PersonPlace: [Message]] = [:]
    /// The dialogs that are open, by their ids.
    var dialogs: [String: FirstWordDialog] = [:]
    private var idleSince = ContinuousClock.now

    package init(version: String, world: SessionWorld, logger: Logger) {
        self.version = version
        self.world = world
        self.logger = logger
    }

    /// Takes up what a former daemon carried.
    package func takeUp() async {
        let now = world.now()
        try? await world.store.write(.nothing) { try $0.daemon.forgetOldToSend(at: now) }
        let stored = (try? await world.store.read { try $0.daemon.sessions() }) ?? []
        let open = (try? await world.store.read { try $0.daemon.dialogs() }) ?? []
        dialogs = Dictionary(uniqueKeysWithValues: open.map { ($0.id, $0) })
        for facts in stored {
            guard facts.owner.life() != .elsewhere else { continue }
            do {
                let session = try await PeerSession(facts, world: world, logger: logger)
                carry(session)
                if !facts.isAlive { await end(facts.sessionID) }
            } catch {
                // Its folder is gone, and with it the session.
                try? await world.store.write(.nothing) { try $0.daemon.endSession(facts.sessionID) }
            }
        }
        for dialog in dialogs.values where sessions[dialog.sessionID] == nil { await close(dialog) }
    }

    /// A launcher has begun a session.
    package func register(_ facts: SessionFacts) async throws {
        if let former = sessions[facts.sessionID] {
            // Another launch of it: the Claude Code of the former one has ended, and its launcher could not say so.
            if former.facts.owner != facts.owner { await end(facts.sessionID) }
            await former.stop()
            forget(former)
        }
        await leaving.removeValue(forKey: facts.sessionID)?.stop()
        try await world.store.write(.nothing) { try $0.daemon.saveSession(facts) }
        carry(try await PeerSession(facts, world: world, logger: logger))
        logger.notice("carries", metadata: ["session": "\(facts.sessionID)", "mesh": "\(facts.meshSlug)"])
    }

    /// A session is over.
    package func end(_ id: String) async {
        guard let session = sessions[id] else { return }
        forget(session)
        // Its dialog went with its screen.
        for dialog in dialogs.values where dialog.sessionID == id { await close(dialog) }
        if await session.end() { leaving[id] = session }
        logger.notice("ended", metadata: ["session": "\(id)"])
    }

    package func session(token: String) -> PeerSession? {
        SessionToken.parse(token).flatMap { byToken[SecretDigest.of($0)] }
    }

    package func session(id: String) -> PeerSession? { sessions[id] }

    /// The session in which a process runs: the nearest of its ancestors that launched one. A launcher itself is outside.
    package func session(around pid: Int32) -> PeerSession? {
        let ancestors = ProcessTree.ancestors(of: pid)
        let launchers = Dictionary(sessions.values.map { ($0.facts.owner.pid, $0) }) { one, _ in one }
        return ancestors.lazy.compactMap { launchers[$0] }.first { $0.facts.isAlive }
    }

    package func carried() async -> CarriedSessions {
        // At once: of one whose server hangs nothing comes for two seconds.
        let all = await withTaskGroup(of: CarriedSession.self) { group in
            for session in sessions.values { group.addTask { await session.carried(asksMesh: true) } }
            var all: [CarriedSession] = []
            for await one in group { all.append(one) }
            return all
        }
        return CarriedSessions(sessions: all.sorted { $0.sessionID < $1.sessionID })
    }

    /// Looks every five seconds whose processes are gone; returns when nobody has needed the daemon for an hour.
    package func watch() async {
        var looks = 0
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(5))
            // Who is there all day holds no memory for what it did at its start.
            if looks % 12 == 0 { giveBackCode() }
            looks += 1
            for session in sessions.values {
                if !session.facts.isAlive {
                    await endedUnasked(session)
                } else if let holder = await session.holder, !ProcessTree.lives(holder) {
                    await session.laneIsGone()
                } else {
                    await session.lookAtRegistry()
                }
            }
            for session in leaving.values where await session.hasNothingLeft {
                leaving[session.id] = nil
                await session.stop()
            }
            guard sessions.isEmpty, leaving.isEmpty else {
                idleSince = .now
                continue
            }
            if ContinuousClock.now - idleSince > Self.idleLimit { return }
        }
    }

    /// The connection of its launcher is gone: so is the launcher, in a moment, or it will connect again.
    func lostSight(of session: PeerSession) async {
        for _ in 0..<20 {
            guard sessions[session.id] === session else { return }
            if !session.facts.isAlive { return await endedUnasked(session) }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Its launcher was killed: nobody else tells the mesh.
    private func endedUnasked(_ session: PeerSession) async {
        await end(session.id)
        try? await session.client.within(.seconds(5)).endSession(session.id, in: session.facts.meshID)
    }

    package func stopAll() async {
        for task in following.values { task.cancel() }
        for session in Array(sessions.values) + Array(leaving.values) { await session.stop() }
    }

    private func carry(_ session: PeerSession) {
        sessions[session.id] = session
        byToken[session.tokenHash] = session
        Task { await session.start() }
        let place = PersonPlace(session.facts)
        if following[place] == nil { following[place] = Task { await follow(place) } }
    }

    var carriedSessions: [PeerSession] { Array(sessions.values) }

    private func forget(_ session: PeerSession) {
        sessions[session.id] = nil
        byToken[session.tokenHash] = nil
        let place = PersonPlace(session.facts)
        guard !sessions.values.contains(where: { PersonPlace($0.facts) == place }) else { return }
        following.removeValue(forKey: place)?.cancel()
        firstWords[place] = nil
    }
}
