// The way a person took through a flow: what was seen, what is open again. A value inside the state.

/// The steps left behind in this run, and those that were reopened though they are complete.
public struct History<ID: Hashable & Sendable>: Sendable, Hashable {
    /// Steps left behind, the latest last, each once.
    public internal(set) var seen: [ID] = []
    /// Steps that count as not complete until one of them is answered.
    public internal(set) var opened: Set<ID> = []
    /// `seen` as it was where the person first turned back.
    var origin: [ID]?
    /// The step that was current when the flow last settled, to notice that it moved on.
    var last: ID?

    public init() {}

    mutating func push(_ id: ID) {
        if !seen.contains(id) { seen.append(id) }
    }
}
