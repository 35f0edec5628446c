import FlowEngine
import TestSupport
import Testing

@Suite("Flow: the current step, and the way back")
struct FlowTests {
    @Test("the current step is the first that is shown and not complete, whatever the order of answers")
    func current() {
        #expect(Journey.started().current == .account)
        #expect(Journey.started(account: "a").current == .place)
        #expect(Journey.started(account: "a", name: "n").current == .place)
        #expect(Journey.started(place: "p", name: "n").current == .account)
        #expect(Journey.started(account: "a", place: "p", name: "n").current == .confirm)
        var done = Journey.started(account: "a", place: "p", name: "n")
        done.answer()
        #expect(done.current == nil)
    }

    @Test("at the first step seen in this run, back does nothing and says so")
    func noWayBack() {
        for first in [Journey.started(), .started(account: "a"), .started(account: "a", place: "p", name: "n")] {
            var state = first
            #expect(!journey.canGoBack(state))
            #expect(!journey.back(&state))
            #expect(state == first)
        }
    }

    @Test("back reopens the step seen before with its answer; answering returns to where back was first pressed")
    func backAndForth() {
        var state = Journey.started()
        state.answer("a")
        state.answer("p")
        state.answer("n")
        #expect(state.current == .confirm)
        #expect(journey.back(&state))
        #expect(state.current == .name)
        #expect(state.name == "n")
        #expect(journey.back(&state))
        #expect(journey.back(&state))
        #expect(state.current == .account)
        #expect(!journey.canGoBack(state))
        // The same account: nothing depends on the change, so all later steps close again.
        state.answer("a")
        #expect(state.current == .confirm)
        #expect(journey.back(&state))
        #expect(state.current == .name, "the way back is the one of before")
    }

    @Test("answering a reopened step stops where what it depends on changed")
    func dependencyChanged() {
        var state = Journey.started()
        state.answer("a")
        state.answer("p")
        state.answer("n")
        for _ in 0..<3 { #expect(journey.back(&state)) }
        state.answer("b")
        #expect(state.current == .place)
        state.answer("q")
        #expect(state.current == .confirm)
        #expect(state.name == "n")
    }

    @Test("back from a step that was never answered, and forth again, returns to it")
    func backFromUnanswered() {
        var state = Journey.started()
        state.answer("a")
        state.answer("p")
        #expect(state.current == .name)
        #expect(journey.back(&state))
        state.answer("q")
        #expect(state.current == .name)
        #expect(journey.back(&state))
        #expect(state.current == .place)
    }

    @Test("a step opened on purpose: Esc leads to where it was asked for, an answer as well")
    func open() {
        let before = Journey.started(account: "a", place: "p", name: "n")
        var state = before
        journey.open(.place, &state)
        #expect(state.current == .place)
        #expect(journey.back(&state))
        #expect(state.current == .confirm)
        #expect(state == before)

        journey.open(.place, &state)
        state.answer("q")
        #expect(state.current == .confirm)
        #expect(state.place == "q")
    }

    @Test("opening the current step or one that is not shown changes nothing")
    func openNothing() {
        var state = Journey.started(account: "a", place: "p", name: "n")
        let before = state
        journey.open(.confirm, &state)
        #expect(state == before)
        journey.open(.invite, &state)
        #expect(state.current == .confirm)
        #expect(!journey.canGoBack(state))
    }

    @Test("a step asked for from a later one is left by giving it up")
    func leaveForLater() {
        var state = Journey.started(account: "a")
        state.change { $0.wantsInvite = true }
        #expect(state.current == .invite)
        #expect(journey.back(&state))
        #expect(state.current == .place)
        #expect(!state.wantsInvite)
        #expect(!journey.canGoBack(state))
    }

    @Test("a step that comes up by itself, and goes by itself, leaves the reopened ones open")
    func interrupted() {
        var state = Journey.started(account: "a")
        state.answer("p")
        state.answer("n")
        #expect(journey.back(&state))
        #expect(journey.back(&state))
        #expect(state.current == .place)
        state.change { $0.account = nil }
        #expect(state.current == .account)
        state.change { $0.account = "a" }
        #expect(state.current == .place, "back on the screen that was interrupted")
        state.answer("q")
        #expect(state.current == .confirm)
    }

    @Test("a reopened step that is no longer shown does not hold the flow")
    func reopenedVanishes() {
        var state = Journey.started(account: "a")
        state.change { $0.wantsInvite = true }
        state.change { $0.wantsInvite = false }
        #expect(state.current == .place)
        // It was seen, and is not there any more.
        #expect(!journey.canGoBack(state))
    }

    @Test("every step explains itself")
    func explain() {
        var state = Journey.started(account: "ada")
        #expect(
            journey.explain(state) == [
                StepExplanation(id: .account, status: .complete, reason: "given: ada"),
                StepExplanation(id: .invite, status: .skipped, reason: "not asked"),
                StepExplanation(id: .place, status: .current, reason: "nobody said"),
                StepExplanation(id: .name, status: .pending, reason: "nobody said"),
                StepExplanation(id: .confirm, status: .pending, reason: "not confirmed"),
            ])
        state.answer("p")
        #expect(journey.back(&state))
        #expect(journey.explain(state)[2] == StepExplanation(id: .place, status: .current, reason: "given: p"))
    }

    /// Whatever is pressed: there is a current step until all is answered, and back never loops for ever.
    @Test(arguments: 0..<200)
    func randomWalk(seed: UInt64) {
        var random = Random(seed: seed)
        var state = Journey.started()
        for _ in 0..<60 {
            switch random.next() % 6 {
            case 0, 1: state.answer(["a", "b"][Int(random.next() % 2)])
            case 2: _ = journey.back(&state)
            case 3: if !state.isConfirmed { state.change { $0.wantsInvite = true } }
            case 4: journey.open(Question.allCases[Int(random.next() % 5)], &state)
            default: state.change { $0.account = nil }
            }
            #expect(state.current != nil || state.isConfirmed)
            #expect(state.history.seen.count <= Question.allCases.count)
            #expect(Set(state.history.seen).count == state.history.seen.count)
            #expect(!state.history.seen.contains { $0 == state.current })
            var walker = state
            var steps = 0
            while journey.back(&walker) { steps += 1 }
            #expect(steps <= Question.allCases.count)
        }
    }
}
