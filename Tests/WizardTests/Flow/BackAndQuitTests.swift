// Esc and leaving, along the real flow.

import Canvas
import FlowEngine
import Localization
import MeshAPI
import Testing
import Widgets

@testable import Wizard

@Suite("Back and quit")
struct BackAndQuitTests {
    /// A whole first run up to confirm.
    static func firstRun() -> Run {
        var run = Run.waiting()
        run.approve()
        run.send(
            .arrived(.saved(path: "auth.json")), .arrived(.recalled(RememberedAnswers(), meshes: [], savedAt: nil)))
        run.send(.arrived(.meshes(Sample.meshes)), .mesh(.choose(id: "m1")), .name(.submit))
        run.send(.role(.choose("lead")))
        return run
    }

    @Test(
        "a name opened from confirm keeps what was typed, as on the first run; the answer stays until it is submitted")
    func typedNameIsKept() {
        var run = Run.returning()
        run.send(.confirm(.changeName))
        run.type("Zoe")
        run.send(.back)
        #expect(run.screen == .confirm && run.state.answers.name?.value == "Ada")
        run.send(.confirm(.changeName))
        #expect(run.state.inputs[.name]?.text == "Zoe")
        run.send(.back, .confirm(.changeRole), .role(.other))
        run.type("own words")
        run.send(.back, .back, .confirm(.changeRole), .role(.other))
        #expect(run.state.inputs[.role]?.text == "own words")
        #expect(run.state.answers.role?.value == "reviewer")
    }

    @Test("from confirm Esc leads step by step to the summary of the sign-in, every answer still there")
    func allTheWay() {
        var run = Self.firstRun()
        var way: [ScreenID] = []
        while run.state.canGoBack {
            run.send(.back)
            way.append(run.screen)
        }
        #expect(way == [.role, .name, .meshList, .signInSummary])
        #expect(run.state.answers.role?.value == "lead" && run.state.answers.mesh?.value.id == "m1")
        run.send(.back)
        #expect(run.screen == .signInSummary && run.state.outcome == nil)
        run.send(.signIn(.keep))
        #expect(run.screen == .confirm, "the later ones close again: back where Esc was first pressed")
    }

    @Test("answering a reopened step returns to where Esc was first pressed")
    func returns() {
        var run = Self.firstRun()
        run.send(.back, .back, .back)
        #expect(run.screen == .meshList)
        run.send(.mesh(.choose(id: "m2")))
        #expect(run.screen == .confirm)
        #expect(run.state.answers.mesh?.value.id == "m2")
        run.send(.back)
        #expect(run.screen == .role)
    }

    @Test("another account reopens the mesh")
    func dependency() {
        var run = Self.firstRun()
        run.send(.back, .back, .back, .back, .signIn(.anotherAccount))
        #expect(run.screen == .welcome)
        run.send(.welcome(.signIn), .arrived(.deviceCode(Sample.code)))
        run.approve(Sample.bob)
        run.send(.arrived(.meshes(Sample.meshes)))
        #expect(run.screen == .meshList)
        #expect(run.state.answers.role?.value == "lead", "a role chosen by hand in this run stays")
    }

    @Test("Change account on the summary: after a look at any way in, Esc still leads back to the account")
    func changeAccountUndone() {
        var token = Run()
        token.send(.paste(Sample.token), .arrived(.tokenChecked(Secret(Sample.token), Sample.who())), .token(.use))
        token.send(.arrived(.meshes(Sample.meshes)))
        var code = Run.waiting()
        code.approve()
        code.send(.arrived(.meshes(Sample.meshes)))
        for start in [token, code] {
            for way in [WelcomeAction.signIn, .createAccount, .pasteToken, .join] {
                var run = start
                run.send(.back, .signIn(.anotherAccount), .welcome(way), .back)
                #expect(run.screen == .welcome && run.state.canGoBack)
                #expect(run.send(.back).contains(.loadMeshes(start.state.access)))
                #expect(run.screen == .signInSummary && run.state.identity == start.state.identity)
                run.send(.signIn(.keep))
                #expect(run.screen == .meshList && run.state.meshes.rows.count == 3)
            }
        }
    }

    @Test("a menu that comes up again has its primary row under Enter, and one uncovered the row it had")
    func primaryRow() {
        func selected(_ run: Run) -> RowID? {
            screenModel(for: run.state, strings: Strings(.en)).menu?.selected?.id
        }
        let checked = Action.arrived(.tokenChecked(Secret(Sample.token), Sample.who()))
        var token = Run()
        token.send(.paste(Sample.token), checked, .select(.tokenChecked, .anotherToken), .help, .back)
        #expect(token.screen == .tokenChecked && selected(token) == .anotherToken)
        token.send(.back, .back, .paste(Sample.token), checked)
        #expect(token.screen == .tokenChecked && selected(token) == .useToken)

        var link = Run.onMeshList()
        link.send(.paste("https://other.example/i/K7QD-2MXP-9WTB"), .select(.joinOtherServer, .goThere))
        link.send(.back, .back, .paste("https://evil.example/i/K7QD-2MXP-9WTB"))
        #expect(link.screen == .joinOtherServer && selected(link) == .otherLink)

        let down = Action.arrived(.failed(.creatingMesh(name: "Ada's mesh"), .api(.down)))
        var create = Run.onMeshList()
        create.send(.mesh(.create), .mesh(.submit), down, .select(.error, .back), .retry, down)
        #expect(selected(create) == .back, "it is the same one all along")
        create.send(.dismiss, .mesh(.submit), down)
        #expect(create.screen == .error && selected(create) == .retry)
        create.send(.quit, .select(.quit, .leave), .dismiss)
        #expect(create.screen == .error && selected(create) == .retry)
        create.send(.quit)
        #expect(selected(create) == .stay)

        var welcome = Run()
        welcome.send(.select(.welcome, .join), .welcome(.join), .back)
        #expect(welcome.screen == .welcome && selected(welcome) == .join, "where one was")
    }

    @Test(
        "change rows: Esc leads back to confirm and changes nothing",
        arguments: [
            (ConfirmAction.changeMesh, ScreenID.meshList), (.changeName, .name), (.changeRole, .role),
            (.changeAccount, .welcome),
        ])
    func change(action: ConfirmAction, screen: ScreenID) {
        var run = Run.returning()
        #expect(!run.state.canGoBack)
        let answers = run.state.answers
        run.send(.confirm(action))
        #expect(run.screen == screen)
        #expect(run.state.canGoBack)
        run.send(.back)
        #expect(run.screen == .confirm)
        #expect(run.state.answers == answers)
        #expect(!run.state.canGoBack)
    }

    @Test("change mesh, then an invite, then Esc: the list, then confirm")
    func joinFromChange() {
        var run = Run.returning()
        run.send(.confirm(.changeMesh), .mesh(.join), .back)
        #expect(run.screen == .meshList)
        run.send(.back)
        #expect(run.screen == .confirm)
    }

    @Test("a typed name stays in its field when one goes back from it")
    func textKept() {
        var run = Run.onMeshList()
        run.send(.mesh(.choose(id: "m1")))
        run.type("Countess")
        run.send(.back, .mesh(.choose(id: "m1")))
        #expect(run.state.inputs[.name]?.text == "Countess")
    }

    @Test("Esc closes help, and stays in the question about quitting")
    func overlays() {
        var run = Run.waiting()
        run.send(.help)
        #expect(run.screen == .help)
        run.send(.back)
        #expect(run.screen == .signInWaiting)
        run.send(.quit)
        #expect(run.screen == .quit)
        run.send(.back)
        #expect(run.screen == .signInWaiting && run.state.outcome == nil)
    }

    // MARK: Quit

    @Test(
        "leaves at once where nothing would be lost: 0 on welcome, 1 elsewhere, 130 by Ctrl-C",
        arguments: [
            (true, Action.quit, ExitReason.quit(status: 0)), (true, .interrupt, .interrupted),
            (false, .quit, .quit(status: 1)), (false, .interrupt, .interrupted),
        ])
    func leaves(onWelcome: Bool, action: Action, reason: ExitReason) {
        var run = onWelcome ? Run() : Run.returning()
        run.send(action)
        #expect(run.state.outcome == .exit(reason))
    }

    @Test("asks where something would be lost, and says what")
    func losses() {
        #expect(Run.waiting().state.losses == [.code("ABCD-EFGH")])
        #expect(Run.returning().state.losses == [])
        var meshName = Run.onMeshList()
        meshName.send(.mesh(.create))
        #expect(meshName.state.losses == [])
        meshName.type("Something else")
        #expect(meshName.state.losses == [.text(.meshName)])
        meshName.send(.mesh(.submit))
        #expect(meshName.state.losses == [.creating(name: "Something else")])
        var role = Run.onMeshList()
        role.send(.mesh(.choose(id: "m1")), .name(.submit), .role(.other))
        #expect(role.state.losses == [])
        role.type("boss")
        #expect(role.state.losses == [.text(.role)])
        var token = Run()
        token.send(.welcome(.pasteToken))
        token.type("cm_pat_a")
        #expect(token.state.losses == [.text(.token)])
        token.send(.edit(.token, TextInput(Sample.token)), .token(.check))
        #expect(token.state.losses == [.text(.token)])
        token.send(.arrived(.failed(.checkingToken, .api(.refused(status: 401, body: nil, retryAfter: nil)))))
        #expect(token.state.tokenEntry.phase == .rejected && token.state.losses == [])
        var name = Run.onMeshList()
        name.send(.mesh(.choose(id: "m1")))
        #expect(name.state.losses == [])
        name.type("X")
        #expect(name.state.losses == [.text(.name)])
    }

    @Test("quitting while waiting gives the code up; a second Ctrl-C leaves with 130")
    func quitWaiting() {
        var run = Run.waiting()
        run.send(.quit)
        #expect(run.state.outcome == nil)
        run.send(.leave)
        #expect(run.state.outcome == .exit(.quit(status: 1)))
        #expect(run.effects.contains(.giveUpCode(server: "https://claudemesh.com", Secret("secret-ABCD-EFGH"))))

        var twice = Run.waiting()
        twice.send(.quit, .interrupt)
        #expect(twice.state.outcome == .exit(.interrupted))
        var stay = Run.waiting()
        stay.send(.interrupt, .dismiss)
        #expect(stay.screen == .signInWaiting)
        stay.send(.interrupt, .interrupt)
        #expect(stay.state.outcome == .exit(.interrupted))
    }

    @Test("the code may be lost from welcome too: it lives on there, and the status is 0")
    func quitOnWelcome() {
        var run = Run.waiting()
        run.send(.back, .quit)
        #expect(run.screen == .quit)
        run.send(.leave)
        #expect(run.state.outcome == .exit(.quit(status: 0)))
    }

    // MARK: Small windows

    @Test("a small window hides everything and loses nothing")
    func tooSmall() {
        var run = Run.onMeshList()
        run.type("pla")
        let before = run.state
        run.send(.resized(Size(width: 20, height: 5)))
        #expect(run.screen == .tooSmall)
        run.send(.back, .mesh(.choose(id: "m1")), .paste("x"), .help)
        run.send(.resized(Size(width: 80, height: 24)))
        #expect(run.screen == .meshList)
        #expect(run.state.inputs == before.inputs && run.state.answers == before.answers)
        run.send(.resized(Size(width: 0, height: 0)))
        #expect(run.state.size == Size(width: 80, height: 24), "0 is unknown")
        run.send(.resized(Size(width: 39, height: 24)), .quit)
        #expect(run.state.outcome == .exit(.quit(status: 1)))
    }
}
