// The README's moving picture of the wizard: a first run, from a fresh terminal to the last look. Every frame is the screen of
// a state that the reducer came to.

import Canvas
public import Localization
public import Pictures
import FlowEngine
import MeshAPI
import Wizard

extension SampleScreen {
    /// The first run.
    public static func film(_ strings: Strings) -> Film {
        var reel = Reel(Samples(language: strings.language), strings)
        reel.show(1800)
        reel.does(.welcome(.signIn), 400)
        reel.does(Samples.code(), 2600)
        reel.does(.arrived(.poll(.pending(opened: true))), 1800)
        let token = Secret("cm_session_sample")
        reel.does(.arrived(.poll(.approved(token: token, user: Samples.person, expiresAt: nil))), 900)
        reel.does(.arrived(.meshes(Samples.lively)), 1800)
        for (text, time) in [("p", 220), ("pl", 220), ("pla", 900)] {
            reel.does(reel.samples.type(text, in: .meshFilter), time)
        }
        reel.does(.mesh(.choose(id: "m1")), 1300)
        reel.does(.name(.submit), 1200)
        reel.does(.role(.choose("reviewer")), 4000)
        return Film(reel.shots, still: reel.shots.count - 1)
    }

    private struct Reel {
        let samples: Samples
        let strings: Strings
        var state: WizardState
        var shots: [Film.Shot] = []

        init(_ samples: Samples, _ strings: Strings) {
            (self.samples, self.strings) = (samples, strings)
            state = samples.run(samples.fresh { $0.messages = .wake }, [])
        }

        mutating func show(_ milliseconds: Int) {
            shots.append(Film.Shot(frame(for: state, strings: strings), milliseconds: milliseconds))
        }

        mutating func does(_ action: Action, _ milliseconds: Int) {
            let passed = shots.last?.milliseconds ?? 0
            state.now = Moment(boot: state.now.boot + passed, wall: state.now.wall + passed / 1000)
            _ = reduce(&state, action, at: state.now)
            show(milliseconds)
        }
    }
}
