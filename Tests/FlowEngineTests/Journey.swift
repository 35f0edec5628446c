// A small flow to test the engine with: five questions, one of them optional, one that an action before it depends on.

import FlowEngine

enum Question: String, CaseIterable {
    case account, invite, place, name, confirm
}

struct Journey: FlowState, Equatable {
    var account: String?
    var wantsInvite = false
    var place: String?
    var name: String?
    var isConfirmed = false
    var history = History<Question>()

    static func == (left: Journey, right: Journey) -> Bool {
        left.account == right.account && left.wantsInvite == right.wantsInvite && left.place == right.place
            && left.name == right.name && left.isConfirmed == right.isConfirmed && left.history == right.history
    }

    var current: Question? { journey.current(self) }

    /// Changes the state as a reducer would: the change, then the engine.
    mutating func change(_ change: (inout Journey) -> Void) {
        change(&self)
        journey.settle(&self)
    }

    /// Answers the current question.
    mutating func answer(_ text: String = "x") {
        change { state in
            switch journey.current(state) {
            case .account:
                if state.account != text { state.place = nil }
                state.account = text
            case .invite: state.wantsInvite = false
            case .place: state.place = text
            case .name: state.name = text
            case .confirm: state.isConfirmed = true
            case nil: break
            }
            journey.answered(&state)
        }
    }

    /// Settled, with as many answers as named.
    static func started(account: String? = nil, place: String? = nil, name: String? = nil) -> Journey {
        var state = Journey(account: account, place: place, name: name)
        state.change { _ in }
        return state
    }
}

let journey = Flow<Journey, String>([
    Step(.account, isShown: { _ in .yes("always") }, isComplete: { given($0.account) }),
    Step(
        .invite, isShown: { $0.wantsInvite ? .yes("asked") : .no("not asked") },
        isComplete: { _ in .no("not claimed") }, leave: { $0.wantsInvite = false }),
    Step(.place, isShown: { _ in .yes("always") }, isComplete: { given($0.place) }),
    Step(.name, isShown: { _ in .yes("always") }, isComplete: { given($0.name) }),
    Step(
        .confirm, isShown: { _ in .yes("always") },
        isComplete: { $0.isConfirmed ? .yes("confirmed") : .no("not confirmed") }),
])

private func given(_ value: String?) -> Verdict<String> {
    value.map { .yes("given: \($0)") } ?? .no("nobody said")
}
