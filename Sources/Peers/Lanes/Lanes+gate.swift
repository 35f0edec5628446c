// The gate: every text that goes through Claude Code's inbox passes our hook before the model, and tells us by its mark.

package import FoundationEssentials
internal import MeshAPI

/// What the gate says of a prompt.
package struct GateAnswer: Sendable, Hashable {
    /// It does not reach the model.
    package var isBlocked = false
    /// The messages that pass.
    package var passed: [String] = []
    /// Claude has not had the instructions yet: this turn began without a person.
    package var needsInstructions = false
    /// Whether a person, or Claude itself, wrote the prompt.
    package var isOwn = true
}

extension Lanes {
    /// A prompt is about to reach the model.
    package mutating func submitted(
        prompt: String, turn: String?, at now: Date
    ) -> (answer: GateAnswer, effects: [LaneEffect]) {
        session.hasGate = true
        var effects = confirm()
        let marks = FramedText.marks(in: prompt)
        var answer = GateAnswer()
        defer { if !answer.isBlocked { begins(turn, at: now) } }
        guard !marks.isEmpty else {
            // A message of another kind is no person's word either.
            answer.isOwn = !prompt.hasPrefix(FramedText.opening)
            if answer.isOwn { session.wasInstructed = true }
            return (answer, effects)
        }
        answer.isOwn = false
        for place in items.indices {
            guard let claim = items[place].claim, claim.isOpen, marks.contains(claim.mark) else { continue }
            items[place].claim?.isOpen = false
            answer.passed.append(items[place].message.id)
            // A text that was cut has not come before the model whole.
            guard !items[place].message.isLong else { continue }
            items[place].state = .seen
            items[place].passedAt = now
            effects.append(.receipt(id: items[place].message.id, .seen(.inbox)))
        }
        answer.isBlocked = answer.passed.isEmpty
        answer.needsInstructions = !answer.isBlocked && !session.wasInstructed
        if answer.needsInstructions { session.wasInstructed = true }
        return (answer, effects)
    }

    /// Tools have run, and the model goes on.
    package mutating func toolsDone(turn: String?) -> [LaneEffect] {
        session.hasGate = true
        boundary += 1
        wentOn()
        begins(turn, at: nil)
        return confirm()
    }

    /// The turn is over, where nothing makes it go on.
    package mutating func stopped(at now: Date) -> [LaneEffect] {
        session.hasGate = true
        boundary += 1
        wentOn()
        activity = .idle(since: now)
        return confirm()
    }

    /// The model has answered, or the conversation is another: what passed the gate before is written down.
    package mutating func wentOn() {
        for place in items.indices { items[place].passedAt = nil }
    }

    /// Claude Code asks its person.
    package mutating func asks() -> [LaneEffect] {
        session.hasGate = true
        wentOn()
        activity = .asking
        return confirm()
    }

    /// As Claude Code's own registry says it, after an Esc, which has no hook.
    package mutating func isIdle(at now: Date) {
        if case .idle = activity { return }
        activity = .idle(since: now)
    }

    /// What an idle session was handed and has not taken up by now is told of in this turn.
    private mutating func begins(_ turn: String?, at now: Date?) {
        if let now, case .idle(let since) = activity {
            for place in items.indices {
                guard items[place].state == .handed, let claim = items[place].claim, claim.isOpen,
                    now.timeIntervalSince(max(since, claim.handedAt)) >= Self.patience
                else { continue }
                items[place].isStale = true
            }
        }
        activity = .working
        if let turn, !turn.isEmpty { self.turn = turn }
    }
}
