// Every screen in every state, with sample data: for the golden tests, the README's picture, designers and translators.
// Each is reached as a person would reach it, through the reducer. To add one: a line in `all`.

import Canvas
import FlowEngine
public import Localization
import MeshAPI
public import Watch
import Widgets

/// A state that shows a screen.
public struct SampleScreen: Sendable {
    /// `watch.offline`; unique.
    public let name: String
    public var state: WatchState

    /// All of them.
    public static func all(_ language: Language) -> [SampleScreen] { Samples(language: language).all }
}

/// Makes sample states.
struct Samples {
    let language: Language

    var all: [SampleScreen] {
        places
            + (cards + decisions + edges).map { sample in
                SampleScreen(name: "watch.\(sample.name)", state: sample.state)
            }
    }

    private var places: [SampleScreen] {
        let bo = Action.write("bo/docs")
        return [
            sample("watch", [bo]),
            sample("watch.lists", [.go(.lists), .move(.down)]),
            sample("watch.for-you", [bo, .go(.forYou), .move(.down)]),
            sample("watch.answering", [.answer("m5"), type("Yes, drop it.")]),
            sample("watch.completing", [type("@re")]),
            sample("watch.once", [bo, type("@ana/reviewer thanks, no hurry")]),
            sample("watch.filter", [bo, .filter, .edit(.filter, TextInput("retry"))]),
            sample("watch.nothing-fits", [.filter, .edit(.filter, TextInput("zzz"))]),
            sample("watch.in-topic", [.said("#ci")]),
            sample("watch.scrolled", [bo, .scroll(.to(Viewport.Anchor(id: "m1", line: 0)))]),
            sample("watch.waits", [bo, offline(), type("Yes, drop it."), .send]),
            sample("watch.offline", [bo, offline()], after: 42),
            sample("watch.secret", [bo, type("cm_pat_" + String(repeating: "a", count: 43)), .send]),
            sample("watch.nobody", [bo, type("@bos hi"), .send, .arrived(.unsent("run-1", Self.noRecipient))]),
            sample("watch.after-put-out", [.arrived(.done(.putOut("ana/reviewer")))]),
        ]
    }

    private var cards: [SampleScreen] {
        [
            sample("peer", [.show(.peer("p2"))]), sample("peer.own", [.show(.peer("p1"))]),
            sample("peer.away", [.show(.peer("p7"))]), sample("person", [.show(.person("ana"))]),
            sample("topic", [.show(.topic("ci"))]), sample("message", [.show(.message("m5"))]),
            sample("meshes.loading", [.show(.meshes)]),
            sample("meshes", [.show(.meshes), .arrived(.meshes(Self.meshes))]),
        ]
    }

    private var decisions: [SampleScreen] {
        [
            sample("first-word", [.show(.firstWord(Self.held))]), sample("contact", [.show(.contact("ana"))]),
            sample("put-out", [.show(.putOut("p2"))]), sample("put-out.own", [.show(.putOut("p1"))]),
            sample("ban", [.show(.ban("ana")), .arrived(.ends("ana", BanEnds(invites: 3, keys: 1)))]),
            sample("ban.uncounted", [.show(.ban("ana"))]),
            sample("ban.other-name", [.show(.ban("ana")), .edit(.name, TextInput("Bo")), .confirmName]),
            sample("attention", [.show(.attention)]),
        ]
    }

    private var edges: [SampleScreen] {
        [
            SampleScreen(name: "opening", state: run(fresh, [.started])),
            SampleScreen(name: "empty", state: run(fresh, Self.opened)),
            sample("help", [.help]), sample("help.lists", [.go(.lists), .help]),
            sample("help.for-you", [.go(.forYou), .help]),
            sample("quit", [type("half a"), .interrupt]),
            sample("ended", [.arrived(.ended(.said(.banned)))]),
            sample("too-small", [.resized(Size(width: 32, height: 8))]),
        ]
    }

    // MARK: Making

    /// Before anything came: what was typed is all that is known.
    var fresh: WatchState {
        let facts = Facts(runID: "run", host: "mesh.example.com", machine: "ws-1")
        return WatchState(
            facts: facts, settings: Settings(language: language),
            mesh: MeshName(id: "", slug: "planning", name: "planning"), now: Self.now)
    }

    func run(_ state: WatchState, _ actions: [Action]) -> WatchState {
        var state = state
        for action in actions { _ = reduce(&state, action, at: state.now) }
        return state
    }

    /// The mesh as it is in the drawings.
    var mesh: WatchState { run(fresh, Self.opened + Self.filled + [.arrived(.event(.message(Self.toMe)))]) }

    private func sample(_ name: String, _ actions: [Action], after seconds: Int = 0) -> SampleScreen {
        var state = run(mesh, actions)
        state.now.boot += seconds * 1000
        state.now.wall += seconds
        return SampleScreen(name: name, state: state)
    }

    private func type(_ text: String) -> Action { .edit(.line, TextInput(text)) }

    private func offline() -> Action { .arrived(.interrupted(.unreachable(.refused), seconds: 50)) }
}
