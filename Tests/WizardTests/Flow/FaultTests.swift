// Faults that people met, each with the right value: what a screen says and does where it once misled.

import Canvas
import FlowEngine
import Localization
import MeshAPI
import Testing
import Widgets

@testable import Wizard

@Suite("What once misled")
struct FaultTests {
    private static let requestCode = Effect.requestDeviceCode(server: Sample.server.baseURL)

    @Test("the code there is lives until another one is here")
    func renewing() {
        var run = Run.waiting()
        #expect(run.send(.signIn(.newCode)) == [Self.requestCode], "and nothing is given up")
        #expect(run.send(.signIn(.newCode)) == [], "once is enough")
        var refused = run
        refused.send(.arrived(.failed(.requestingCode, .api(.refused(429, "slow_down")))))
        #expect(refused.screen == .signInWaiting && refused.state.signIn.code == run.state.signIn.code)
        #expect(refused.text.contains("Too many tries") && refused.text.contains("stays valid"))
        let effects = run.send(.arrived(.deviceCode(Sample.deviceCode("JKLM-NPQR"))))
        #expect(effects.contains { if case .giveUpCode = $0 { true } else { false } })
        #expect(run.state.signIn.code?.userCode == "JKLM-NPQR" && run.screen == .signInWaiting)

        var approved = Run.waiting()
        approved.send(.signIn(.newCode))
        approved.approve()
        #expect(approved.effects.contains(.cancel(.deviceCode)) && approved.state.identity != nil)
    }

    @Test("creating an account opens its own page, though the code is the same")
    func createAccount() {
        var run = Run.waiting()
        #expect(run.send(.painted(whole: true)) == [.openBrowser(url: run.state.signInAddress)])
        #expect(run.send(.painted(whole: true)) == [])
        run.send(.back, .welcome(.createAccount))
        #expect(run.screen == .signInWaiting && run.state.signInAddress.contains("/register"))
        #expect(run.send(.painted(whole: true)) == [.openBrowser(url: run.state.signInAddress)])
        #expect(run.text.contains("create an account"))
    }

    @Test("the newest notice is the one that is said; a dead Enter says why")
    func notices() {
        var run = Run.waiting()
        run.send(.arrived(.copied(.copied(program: "xclip"))), .signIn(.enter), .arrived(.browser(.failed)))
        #expect(run.text.contains("The browser did not start.") && !run.text.contains("Copied"))
        run.send(.arrived(.copied(.copied(program: "xclip"))))
        #expect(run.text.contains("Copied with xclip") && !run.text.contains("did not start"))
        run.send(.arrived(.browser(.opened)))
        #expect(run.text.contains("Opened in your browser."))

        var facts = Sample.facts
        facts.canOpenBrowser = false
        var dead = Run.waiting(facts: facts)
        #expect(dead.send(.signIn(.enter)) == [])
        #expect(dead.text.contains("No browser on this machine: open the address elsewhere."))
    }

    @Test("the cursor is on the row that was moved to, and in the field again once something is typed")
    func cursor() {
        func cursor(_ run: Run) -> Point? { frame(for: run.state, strings: Strings(.en)).cursor }
        var run = Run.onMeshList()
        let field = cursor(run)
        run.send(.select(.meshList, .mesh("m2")))
        #expect(cursor(run) != field && cursor(run)?.x == 4)
        run.type("p")
        #expect(cursor(run)?.y == field?.y)
    }

    @Test("whoever is signed in without a way back can change the account, and sees how to quit")
    func wayOut() {
        var list = Run.onMeshList()
        #expect(!list.state.canGoBack && list.text.contains("Use another account"))
        #expect(list.text.contains("Ctrl-C quit"))
        list.send(.signIn(.anotherAccount))
        #expect(list.screen == .welcome)
        let none = Run.onMeshList([])
        #expect(none.text.contains("a another account") && none.text.contains("q quit"))
    }

    @Test("another token is hidden again")
    func hidden() {
        var run = Run()
        run.send(.welcome(.pasteToken))
        run.type("cm_pat_a")
        run.send(.token(.toggleReveal))
        #expect(run.state.tokenEntry.isRevealed)
        run.type("")
        #expect(!run.state.tokenEntry.isRevealed)
        run.send(.token(.toggleReveal), .paste(Sample.token))
        #expect(!run.state.tokenEntry.isRevealed)
    }

    @Test("a mesh that was being made may be made all the same, which is said")
    func stoppedCreating() {
        var run = Run.onMeshList([])
        run.send(.mesh(.create))
        run.type("slowly")
        run.send(.mesh(.submit), .back)
        #expect(run.screen == .meshCreate && run.text.contains("slowly may be created all the same"))
    }

    @Test("offline the list counts its matches, and its warning has its sign")
    func offline() {
        var run = Run(identity: Sample.identity(), saved: Sample.meshes)
        run.send(.arrived(.failed(.loadingMeshes, .api(.down))))
        run.type("plat")
        #expect(run.text.contains("1 of \(Sample.meshes.count)"))
        #expect(run.text.contains("⚠ Can't reach") && run.text.contains("·  Ada Lovelace · not checked"))
    }

    @Test("after 400 ms of a wait a sign moves and the seconds are counted, where something may move")
    func signsOfLife() {
        var still = Run()
        still.send(.welcome(.signIn))
        still.pass(3000)
        still.send(.tick)
        #expect(still.state.nextTick == nil && still.text.contains("Getting a code from \(Sample.server.host)…\n"))

        var run = Run()
        run.send(.moving, .welcome(.signIn))
        #expect(run.state.nextTick == run.now.boot + 400 && !run.text.contains(" s\n"))
        run.tick()
        #expect(run.text.contains("… ⠼ 0 s"))
        run.tick(10)
        #expect(run.text.contains("… ⠼ 1 s") && run.state.nextTick == run.now.boot + 100)
        run.send(.arrived(.deviceCode(Sample.code)))
        #expect(!run.text.contains("⠼"))

        var loading = Run(identity: Sample.identity())
        loading.send(.arrived(.meshesSoFar(3000)))
        #expect(loading.text.contains("loading your meshes · 3,000 so far"))
        run.send(.plainText, .frontEndChanged)
        #expect(!run.state.wait.moves, "nothing moves in lines")
    }

    @Test("in a tall window the keys stand two rows under the content")
    func tallWindows() {
        func rows(_ height: Int) -> (last: Int, bar: Int) {
            var state = Run().state
            state.size = Size(width: 200, height: height)
            let lines = frame(for: state, strings: Strings(.en)).lines
            let bar = lines.lastIndex { $0.contains("Enter choose") } ?? 0
            return (lines[..<bar].lastIndex { !$0.isEmpty } ?? 0, bar)
        }
        #expect(rows(30).bar == 29)
        #expect(rows(60).bar <= rows(60).last + 3 && rows(60).bar > rows(60).last)
    }
}
