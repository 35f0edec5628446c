// What the tools give: a text that a tool gave passes no gate any more.

internal import MeshAPI

extension Lanes {
    /// A text that a tool gives.
    package struct Given: Sendable, Hashable {
        package var id: String
        /// It was handed before, and no gate says whether it came before the model.
        package var mayBeShown: Bool
    }

    /// All that waits, for the tool `inbox`: what is in Claude Code's own queue is stopped at the gate from now on.
    package mutating func takeAll() -> [Given] {
        var given: [Given] = []
        for place in items.indices where items[place].isPending { given.append(take(place)) }
        return given
    }

    /// One, for the tool `read`. nil where it does not wait.
    package mutating func take(_ id: String) -> Given? {
        items.firstIndex { $0.message.id == id && $0.isPending }.map { take($0) }
    }

    /// The answer that carried these did not reach Claude Code: they wait as before.
    package mutating func takeBack(_ ids: [String]) {
        for id in ids {
            change(id) { item in
                guard item.state == .given else { return }
                item.state = item.claim == nil ? .waiting : .handed
            }
        }
    }

    /// Claude Code spoke to us again: what a tool gave has come before the model. Every call and every hook begins with it.
    package mutating func confirm() -> [LaneEffect] {
        var effects: [LaneEffect] = []
        for place in items.indices where items[place].state == .given {
            items[place].state = .seen
            effects.append(.receipt(id: items[place].message.id, .seen(.tool)))
        }
        return effects
    }

    /// Answered, or settled without a word.
    package mutating func settled(_ ids: [String]) {
        for id in ids { ended(id) }
    }

    private mutating func take(_ place: Int) -> Given {
        let mayBeShown = items[place].state == .handed && !session.hasGate
        items[place].claim?.isOpen = false
        items[place].state = .given
        items[place].lane = .tool
        return Given(id: items[place].message.id, mayBeShown: mayBeShown)
    }
}
