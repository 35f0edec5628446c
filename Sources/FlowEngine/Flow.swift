// An ordered list of steps. The current one is the first that is shown and not complete: recomputed, stored nowhere.
// Nothing in here says "go to": a reducer changes the state and calls `settle`, and the next step follows.

/// The steps in their order, and the way back through them.
public struct Flow<State: FlowState, Reason: Sendable>: Sendable {
    public typealias ID = State.StepID

    public let steps: [Step<State, Reason>]

    /// The ids must differ.
    public init(_ steps: [Step<State, Reason>]) {
        self.steps = steps
    }

    /// The first step that is shown and not complete, nil where all are done.
    public func current(_ state: State) -> ID? {
        // A loop: over types that a caller chooses, the library's own costs a search through all types of the program.
        for step in steps where isPending(step, in: state) { return step.id }
        return nil
    }

    private func isPending(_ step: Step<State, Reason>, in state: State) -> Bool {
        guard step.isShown(state).isYes else { return false }
        return state.history.opened.contains(step.id) || !step.isComplete(state).isYes
    }

    /// To be called after every change: where the flow moved on by itself, remembers the step it left.
    public func settle(_ state: inout State) {
        let now = current(state)
        guard now != state.history.last else { return }
        if let last = state.history.last {
            if isAfter(now, last) { state.history.opened = state.history.opened.filter { isAfter($0, last) } }
            if state.history.opened.isEmpty, let origin = state.history.origin {
                state.history.seen = origin
                state.history.origin = nil
            }
            state.history.push(last)
        }
        state.history.seen.removeAll { $0 == now }
        state.history.last = now
    }

    private func place(of id: ID) -> Int? { steps.firstIndex { $0.id == id } }

    private func isAfter(_ id: ID?, _ other: ID) -> Bool {
        guard let id else { return true }
        return place(of: id) ?? 0 > place(of: other) ?? 0
    }

    /// The person answered the open step: the later ones that were opened with it close again.
    public func answered(_ state: inout State) {
        state.history.opened = []
    }

    /// The step was left before anybody could answer it: it is none to come back to.
    public func forget(_ id: ID, _ state: inout State) {
        state.history.seen.removeAll { $0 == id }
    }

    /// Opens a complete step again, as a row "Change mesh" does. Esc leads back to where it was asked for.
    public func open(_ id: ID, _ state: inout State) {
        settle(&state)
        guard let before = state.history.last, before != id else { return }
        let way = state.history.seen
        state.history.opened.insert(id)
        guard current(state) == id else { return }
        state.history.origin = state.history.origin ?? way
        state.history.push(before)
        state.history.seen.removeAll { $0 == id }
        state.history.last = id
    }

    /// Whether `back` would do something.
    public func canGoBack(_ state: State) -> Bool {
        afterBack(state) != nil
    }

    /// Leads to the nearest step seen before that can be current; its answer is still there. False where there is none.
    @discardableResult
    public func back(_ state: inout State) -> Bool {
        guard let changed = afterBack(state) else { return false }
        state = changed
        return true
    }

    private func afterBack(_ state: State) -> State? {
        guard let now = current(state), let place = place(of: now) else { return nil }
        for index in state.history.seen.indices.reversed() {
            let id = state.history.seen[index]
            var trial = state
            trial.history.origin = trial.history.origin ?? state.history.seen
            trial.history.seen.removeSubrange(index...)
            if isAfter(id, now) { trial.history.opened.remove(now) } else { trial.history.opened.insert(id) }
            if current(trial) != id { steps[place].leave(&trial) }
            guard current(trial) == id else { continue }
            trial.history.seen.removeAll { $0 == id }
            trial.history.last = id
            if trial.history.opened.isEmpty { trial.history.origin = nil }
            return trial
        }
        return nil
    }
}
