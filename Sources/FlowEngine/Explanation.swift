// Where every step stands and why, as `--explain` prints it.

/// One step, explained.
public struct StepExplanation<ID: Hashable & Sendable, Reason: Sendable>: Sendable {
    public enum Status: String, Sendable, CaseIterable {
        /// Not shown in this run.
        case skipped
        case complete
        /// The first that is shown and not complete.
        case current
        /// Shown, not complete, and not its turn.
        case pending
    }

    public let id: ID
    public let status: Status
    public let reason: Reason

    public init(id: ID, status: Status, reason: Reason) {
        self.id = id
        self.status = status
        self.reason = reason
    }
}

extension StepExplanation: Equatable where Reason: Equatable {}

extension Flow {
    /// Every step in order. A skipped one says why it is not shown, any other why it is complete or not.
    public func explain(_ state: State) -> [StepExplanation<ID, Reason>] {
        let now = current(state)
        return steps.map { step in
            let shown = step.isShown(state)
            guard shown.isYes else { return StepExplanation(id: step.id, status: .skipped, reason: shown.reason) }
            let complete = step.isComplete(state)
            let status: StepExplanation<ID, Reason>.Status =
                step.id == now ? .current : complete.isYes ? .complete : .pending
            return StepExplanation(id: step.id, status: status, reason: complete.reason)
        }
    }
}
