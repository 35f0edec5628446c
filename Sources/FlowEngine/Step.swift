// A step of a flow: an id, and two questions about the state, each answered with a reason.
// The flow's order is the order of an array; a step knows nothing of its neighbours.

/// A yes or a no that says why, as a value that somebody else turns into words.
public enum Verdict<Reason: Sendable>: Sendable {
    case yes(Reason)
    case no(Reason)

    public var isYes: Bool {
        if case .yes = self { true } else { false }
    }

    public var reason: Reason {
        switch self {
        case .yes(let reason), .no(let reason): reason
        }
    }
}

extension Verdict: Equatable where Reason: Equatable {}

/// What a state must carry so that a flow can run over it.
public protocol FlowState: Sendable {
    associatedtype StepID: Hashable & Sendable
    /// Which steps were seen and which are open again. Only the engine changes it.
    var history: History<StepID> { get set }
}

/// One question of the flow. Pure: it asks the state and nothing else.
public struct Step<State: FlowState, Reason: Sendable>: Sendable {
    public let id: State.StepID
    /// Whether the step belongs to this run at all.
    public let isShown: @Sendable (State) -> Verdict<Reason>
    /// Whether it needs nothing more.
    public let isComplete: @Sendable (State) -> Verdict<Reason>
    /// What Esc takes back where this step, left as it is, would stand in the way of the one it leads to.
    public let leave: @Sendable (inout State) -> Void

    public init(
        _ id: State.StepID,
        isShown: @escaping @Sendable (State) -> Verdict<Reason>,
        isComplete: @escaping @Sendable (State) -> Verdict<Reason>,
        leave: @escaping @Sendable (inout State) -> Void = { _ in }
    ) {
        self.id = id
        self.isShown = isShown
        self.isComplete = isComplete
        self.leave = leave
    }
}
