// How a flow ends, as data: somebody else carries it out.

/// The end of a flow.
public enum Outcome<Plan: Sendable, Reason: Sendable, Failure: Sendable>: Sendable {
    case launch(Plan)
    case exit(Reason)
    case failed(Failure)
}

extension Outcome: Equatable where Plan: Equatable, Reason: Equatable, Failure: Equatable {}
extension Outcome: Hashable where Plan: Hashable, Reason: Hashable, Failure: Hashable {}
