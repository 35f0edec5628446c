// What Claude Code says of itself, and the gate that every message passes.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

extension PeerSession {
    /// The answer to an event of Claude Code's.
    package func hook(_ event: HookEvent) async -> HookAnswer {
        let now = world.now()
        lanes.session.lapse(at: now)
        spokenAt = now
        if let path = event.transcript, !path.isEmpty, path != transcript { await remember(transcript: path) }
        if let mode = event.permissionMode, !mode.isEmpty { lanes.session.bypasses = mode == "bypassPermissions" }
        // Not at the gate itself: what passes there now is in the record before it is anywhere else.
        if event.name != .promptSubmitted, lanes.isUnconfirmed(at: now) { await recognizeDelivered() }
        var answer = HookAnswer()
        var effects: [LaneEffect] = []
        switch event.name {
        case .promptSubmitted:
            let (gate, steps) = lanes.submitted(prompt: event.prompt ?? "", turn: event.promptID, at: now)
            effects = steps
            guard !gate.isBlocked else {
                await keep(effects)
                return HookAnswer(isBlocked: true, blockReason: words.readAlready)
            }
            if gate.isOwn { turns.typedAt = now }
            // The last of a request: it is not answered, and a person has to say how to go on.
            for id in gate.passed {
                guard let last = messages[id], last.hop >= SendMessage.mostHops else { continue }
                toPerson.append(words.limit(between: address ?? facts.displayName, and: last.from.address))
            }
            // A summons is itself the notice, and no person's word.
            let isSummons = !gate.isOwn && gate.passed.isEmpty
            turns.prompt(id: event.promptID, messages: heard(gate.passed), at: now)
            if isSummons {
                turns.found(.other)
                lanes.summonsCame()
            }
            let parts = [gate.needsInstructions ? instructions : nil, notice(.within, at: now)]
            answer.context = parts.compactMap(\.self).joined(separator: "\n\n").nonEmpty
        case .toolsDone:
            effects = lanes.toolsDone(turn: event.promptID)
            answer.context = notice(.within, at: now)
        case .stopped:
            effects = lanes.stopped(at: now)
            answer.context = notice(.end, at: now)
        case .asks:
            effects = lanes.asks()
            asks = event.toolName?.nonEmpty
        case .sessionBegan:
            lanes.session.wasInstructed = false
            lanes.wentOn()
        case .sessionEnded, nil: break
        }
        // A question has no place for words to the person.
        if event.name == .promptSubmitted || event.name == .toolsDone || event.name == .stopped, !toPerson.isEmpty {
            answer.toPerson = toPerson.joined(separator: "\n")
            toPerson = []
        }
        if event.name == .promptSubmitted {
            let (id, turns) = (id, turns)
            await keep(effects, also: { try $0.daemon.setTurns(turns, of: id) })
        } else {
            await keep(effects)
        }
        outgoing.happened()
        changes.happened()
        return answer
    }

    var instructions: String {
        SessionIdentity(address: address ?? facts.displayName, member: facts.memberName, mesh: facts.meshSlug)
            .instructions(wakes: lanes.session.hasInbox)
    }

    /// What waits, in one line and its ids; nil where nothing is to be told here.
    func notice(_ place: Lanes.Place, at now: Date) -> String? {
        let told = lanes.notice(place, at: now)
        guard !told.isEmpty else { return nil }
        return noticeText(of: told, at: now)
    }

    func noticeText(of items: [LaneItem], at now: Date) -> String? {
        let topics = unreadInTopics.sorted { $0.key < $1.key }.map { (name: $0.key, unread: $0.value) }
        unreadInTopics = [:]
        return WaitingNotice(
            mesh: facts.meshSlug,
            items: items.map { item in
                let message = item.message
                return .init(
                    id: message.id, address: message.address, answersOwn: message.answersOwn,
                    age: Age(seconds: Int(now.timeIntervalSince(message.createdAt))))
            }, topics: topics
        ).text
    }

    private func remember(transcript path: String) async {
        transcript = path
        let id = id
        try? await world.store.write(.nothing) { try $0.daemon.setTranscript(path, of: id) }
    }
}

extension String {
    var nonEmpty: String? { isEmpty ? nil : self }
}
