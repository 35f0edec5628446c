// The passing of time, and keys typed before a screen was there.

import Canvas
import FlowEngine
import Localization
import MeshAPI
import Testing
import Widgets

@testable import Wizard

@Suite("Time and type-ahead")
struct TimeTests {
    @Test(
        "a countdown stands still in tens of seconds above a minute, and never shows less than is left",
        arguments: [
            (600_000, 600), (599_999, 600), (590_001, 600), (590_000, 590), (61_001, 70), (60_000, 60), (59_001, 60),
            (59_000, 59), (1, 1), (0, 0), (-5, 0),
        ])
    func countdown(left: Int, shown: Int) {
        #expect(WizardState.secondsShown(until: 1_000_000 + left, now: 1_000_000) == shown)
    }

    @Test("the next tick is when what is shown changes: 60 + 54 times in ten minutes, and the end")
    func ticks() {
        var run = Run.waiting()
        var shown = [Int]()
        var ticks = 0
        while run.screen == .signInWaiting, let next = run.state.nextTick, ticks < 1000 {
            #expect(next > run.now.boot)
            run.tick()
            ticks += 1
            shown.append(WizardState.secondsShown(until: run.state.signIn.code?.endsAt ?? 0, now: run.now.boot))
        }
        #expect(Array(shown.prefix(3)) == [590, 580, 570])
        #expect(ticks == 54 + 60 + 1)
        #expect(shown.count { $0 == 59 } == 1)
        #expect(run.screen == .signInExpired)
        #expect(run.state.nextTick == nil, "nothing to wait for, nothing to wake up for")
    }

    @Test("a clock that is set back changes no countdown, no moving sign and no retry", arguments: [-86_400, 86_400])
    func clockSet(by seconds: Int) {
        var asking = Run()
        asking.send(.moving, .welcome(.signIn))
        var limited = asking
        limited.send(
            .arrived(.failed(.requestingCode, .api(.refused(status: 429, body: nil, retryAfter: 40)))))
        var loading = Run(identity: Sample.identity())
        loading.send(.moving, .arrived(.meshesSoFar(3000)))
        for run in [asking, limited, loading, .waiting()] {
            var (steady, set) = (run, run)
            set.now.wall += seconds
            for _ in 0..<60 {
                steady.tick()
                set.tick()
                #expect(set.text == steady.text && set.effects == steady.effects)
                #expect(set.state.nextTick == steady.state.nextTick)
            }
        }
    }

    @Test("what was found wrong with our files stands until a person goes on, not until a list arrives")
    func startNotices() {
        var run = Run(identity: Sample.identity())
        run.state.facts.notices = [.setAside(path: "~/state.json")]
        let said = { (run: Run) in
            screenModel(for: run.state, strings: Strings(.en)).blocks.contains { block in
                if case .notice(let notice) = block { notice.text.contains("~/state.json") } else { false }
            }
        }
        run.send(.arrived(.meshes([Sample.planning])))
        #expect(run.screen == .name && said(run))
        run.send(.name(.submit))
        #expect(run.screen == .role && !said(run))
    }

    @Test("idle screens need no tick at all")
    func idle() {
        #expect(Run().state.nextTick == nil)
        #expect(Run.returning().state.nextTick == nil)
        #expect(Run.onMeshList().state.nextTick == nil)
    }

    @Test("a screen that a key caused keeps type-ahead")
    func caused() {
        var run = Run.onMeshList()
        run.send(.mesh(.choose(id: "m1")))
        #expect(!run.state.appearance.isByItself)
        #expect(run.state.appearance.admits(.enter, typedAt: 0))
    }

    @Test(
        "a screen that appears by itself drops keys typed before it was painted, and Enter for 400 ms",
        arguments: [
            Arrival.poll(.denied), .poll(.expired), .poll(.lost),
            .poll(.approved(token: Secret("t"), user: Sample.ada, expiresAt: nil)),
        ])
    func byItself(arrival: Arrival) {
        var run = Run.waiting()
        run.send(.painted(whole: true), .arrived(arrival))
        let early = run.now.boot
        #expect(!run.state.appearance.admits(.character("n"), typedAt: early))
        run.pass(10)
        run.send(.painted(whole: true))
        let painted = run.now.boot
        #expect(!run.state.appearance.admits(.character("n"), typedAt: painted - 1))
        #expect(run.state.appearance.admits(.character("n"), typedAt: painted))
        #expect(!run.state.appearance.admits(.enter, typedAt: painted + 399))
        #expect(run.state.appearance.admits(.enter, typedAt: painted + 400))
        #expect(run.state.appearance.admits(.control("c"), typedAt: 0), "one can always leave")
        #expect(!run.state.appearance.admits(line: "new", typedAt: painted - 1))
        #expect(run.state.appearance.admits(line: "new", typedAt: painted), "no Enter on its way to another screen")
        #expect(!run.state.appearance.admits(line: "", typedAt: painted + 399))
        run.pass(50)
        run.send(.painted(whole: true))
        #expect(run.state.appearance.paintedAt == painted, "a repaint starts nothing anew")
    }

    @Test("rows under a filter that is being typed: letters count, Enter does not yet")
    func underTheFilter() {
        var run = Run(identity: Sample.identity())
        run.send(.painted(whole: true))
        run.type("pla")
        run.send(.arrived(.meshes(Sample.meshes)))
        #expect(run.state.appearance.admits(.character("t"), typedAt: run.now.boot))
        #expect(!run.state.appearance.admits(.enter, typedAt: run.now.boot))
        run.send(.painted(whole: true))
        #expect(!run.state.appearance.admits(.enter, typedAt: run.now.boot + 399))
    }

    @Test("behind confirm rows come and go without making Enter wait")
    func behindConfirm() {
        var run = Run(memory: Sample.memory, identity: Sample.identity())
        run.send(.painted(whole: true), .arrived(.meshes(Sample.meshes)))
        #expect(run.screen == .confirm)
        #expect(run.state.appearance.admits(.enter, typedAt: run.now.boot))
    }

    @Test("a window that was too small for a moment guards nothing")
    func resized() {
        var run = Run.returning()
        run.send(.resized(Size(width: 10, height: 5)), .resized(Size(width: 80, height: 24)))
        #expect(run.state.appearance.admits(.enter, typedAt: run.now.boot))
    }
}
