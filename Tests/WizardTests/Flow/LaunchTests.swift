// The end of the flow: confirm, `-y`, the missing agent, what is remembered.

import Canvas
import FlowEngine
import Localization
import MeshAPI
import Testing
import Widgets

@testable import Wizard

@Suite("Confirm and hand-off")
struct LaunchTests {
    private static let access = Access(server: Sample.server.baseURL, token: Sample.identity().token)
    private static let list = Action.arrived(.meshes(Sample.meshes))
    private static let withoutPlatform = Action.arrived(
        .meshes(Sample.meshes.filter { $0 != Sample.platform }))

    private func plan(_ run: Run) -> LaunchAnswers? {
        if case .launch(let plan) = run.state.outcome { plan } else { nil }
    }

    @Test("Enter on confirm launches what is on the screen")
    func launch() {
        var run = Run.returning(request: Request(agentArguments: ["--model", "x"]))
        run.send(Self.list)
        #expect(run.send(.confirm(.launch)) == [.loadMeshes(Self.access)], "whether it is still there")
        #expect(run.screen == .handOff && run.state.outcome == nil)
        run.send(Self.list)
        #expect(
            plan(run)
                == LaunchAnswers(
                    sessionID: Sample.facts.sessionID, isResumed: false, mesh: MeshName(Sample.platform),
                    displayName: "Ada", role: "reviewer", program: "/usr/bin/claude",
                    access: Self.access, user: Sample.ada))
        #expect(
            run.effects.last
                == .saveAnswers(
                    AnswersToSave(
                        server: Sample.server.baseURL, userID: "u1", mesh: MeshName(Sample.platform), isUsed: true)),
            "nothing new but that it was used, maybe after another that this run knows nothing of")
    }

    @Test("what the person lets wake all of their sessions is said of the one that starts")
    func attentionOfThePerson() {
        var run = Run.returning()
        run.state.messages = .wake
        let quiet = Sample.meshes.map { mesh in
            var mesh = mesh
            mesh.attention = .quiet
            return mesh
        }
        run.send(.arrived(.meshes(quiet)))
        #expect(run.text.contains(Strings(.en)[.messagesQuiet]))
        run.send(.arrived(.meshes(Sample.meshes)))
        #expect(run.text.contains(Strings(.en)[.messagesWake]))
    }

    @Test("a look at the mesh changes nothing but what is known of who is there")
    func watch() {
        var run = Run.returning()
        let watched = Watched(
            access: Self.access, mesh: MeshName(Sample.platform), membership: .owner, user: Sample.ada)
        #expect(run.send(.confirm(.watch)) == [.watch(watched)])
        #expect(run.send(.cameBack) == [], "the list is on its way")
        run.send(Self.list)
        #expect(run.send(.confirm(.watch), .cameBack) == [.loadMeshes(Self.access)])
        #expect(run.screen == .confirm && run.state.meshes.phase == .loaded)
        var lively = Sample.meshes
        lively[0].here = PeersHere(count: 1, names: ["api"])
        run.send(.arrived(.meshes(lively)))
        #expect(run.text.contains("Here now      api"))
    }

    @Test("a mesh of the list is looked at from its row, which is open again afterwards")
    func watchFromTheRow() {
        var run = Run.onMeshList([Sample.mesh("1", "red"), Sample.mesh("2", "blue")])
        run.send(.mesh(.open(id: "2")))
        let effects = run.send(.mesh(.watch))
        guard case .watch(let watched) = effects.first else {
            Issue.record("\(effects)")
            return
        }
        #expect(watched.mesh.id == "2" && effects.count == 1)
        run.send(.cameBack)
        #expect(run.screen == .meshActions && run.state.openedMesh?.id == "2" && run.state.answers.mesh == nil)
    }

    @Test("what was answered is remembered, the mesh as the last used one")
    func remembered() {
        var run = Run.onMeshList()
        run.state.memory.recent = ["m2", "m1"]
        run.send(.mesh(.choose(id: "m1")), .name(.submit), .role(.choose(nil)), .confirm(.launch), Self.list)
        #expect(plan(run) != nil && plan(run)?.role == nil)
        #expect(
            run.effects.last
                == .saveAnswers(
                    AnswersToSave(
                        server: Sample.server.baseURL, userID: "u1", mesh: MeshName(Sample.platform), isUsed: true,
                        keepsPrefilledName: true, role: .some(nil))))
    }

    @Test("leaving on confirm remembers the answers, and asks nothing since nothing is lost")
    func leaving() {
        var run = Run.onMeshList()
        run.send(.mesh(.choose(id: "m1")), .name(.submit), .role(.choose("lead")), .quit)
        #expect(run.state.outcome == .exit(.quit(status: 1)))
        guard case .saveAnswers(let saved) = run.effects.last else {
            Issue.record("not saved: \(run.effects)")
            return
        }
        #expect(saved.mesh?.id == "m1" && saved.keepsPrefilledName && saved.role == "lead")
        #expect(!saved.isUsed, "only a launch makes a mesh the last used one")
    }

    @Test("leaving remembers nothing that flags said for this run alone")
    func leavingWithFlags() {
        let request = Request(
            mesh: Answer("planning", .flag("--mesh")), name: Answer("Zed", .flag("--name")),
            role: Answer("tester", .variable("CLAUDEMESH_ROLE")))
        var run = Run.returning(request: request)
        run.send(.arrived(.meshes(Sample.meshes)))
        var changed = run
        #expect(run.send(.interrupt) == [])
        changed.send(.confirm(.changeRole), .role(.choose("lead")), .interrupt)
        #expect(
            changed.effects == [
                .saveAnswers(AnswersToSave(server: Sample.server.baseURL, userID: "u1", role: .some("lead")))
            ])
    }

    @Test("offline with all answers: launches, the server's row says so")
    func offline() {
        var run = Run.returning()
        run.send(.arrived(.identityCheckFailed(.down)))
        run.send(.arrived(.failed(.loadingMeshes, .api(.down))))
        #expect(run.screen == .confirm)
        #expect(run.state.identity?.check == .offline(.nameNotResolved))
        run.send(.confirm(.launch))
        #expect(plan(run) != nil)
    }

    @Test("-y waits for the check at most 1.5 s, and launches whatever became of it but a 401")
    func yesWaits() {
        var run = Run.returning(request: Request(yes: true))
        #expect(run.step == .handOff)
        #expect(run.state.outcome == nil)
        #expect(run.state.nextTick == Sample.start.boot + 200 && run.state.isHandOffUnseen)
        run.pass(200)
        run.send(.tick)
        #expect(run.state.nextTick == Sample.start.boot + 1500 && !run.state.isHandOffUnseen)
        run.pass(1299)
        run.send(.tick)
        #expect(run.state.outcome == nil)
        run.pass(1)
        run.send(.tick)
        #expect(plan(run) != nil)
        #expect(run.state.identity?.check == .offline(.noAnswer(seconds: 1)), "and it is said")

        var checked = Run.returning(request: Request(yes: true))
        checked.send(.arrived(.identityChecked(Sample.who())))
        #expect(checked.state.outcome == nil, "who one is says nothing of the mesh")
        checked.send(Self.list)
        #expect(plan(checked) != nil)

        var down = Run.returning(request: Request(yes: true))
        down.send(.arrived(.identityCheckFailed(.down)))
        #expect(down.state.outcome == nil)
        down.send(.arrived(.failed(.loadingMeshes, .api(.down))))
        #expect(plan(down) != nil)

        var ended = Run.returning(request: Request(yes: true))
        ended.send(.arrived(.identityCheckFailed(.unauthorized)))
        ended.pass(5000)
        ended.send(.tick)
        #expect(ended.state.outcome == nil)
        #expect(ended.screen == .sessionExpired)
    }

    @Test("-y never launches into a mesh that the list, once it is here, has not", arguments: [false, true])
    func yesAndGone(isResumed: Bool) {
        var request = Request(yes: true)
        if isResumed {
            request.resume = Resume(sessionID: "s", mesh: MeshName(Sample.platform), name: "Ada", role: nil)
        }
        for isCheckedFirst in [false, true] {
            var run = Run.returning(request: request)
            if isCheckedFirst { run.send(.arrived(.identityChecked(Sample.who()))) }
            run.send(Self.withoutPlatform)
            #expect(run.screen == .meshList && run.state.outcome == nil)
            guard case .missing(.mesh(.gone(name: "platform-team"), _)) = run.state.standing else {
                Issue.record("\(run.state.standing)")
                continue
            }
        }
    }

    @Test("what --mesh names and the list has not is unknown, whatever was on disk")
    func yesAndUnknown() {
        var run = Run.returning(request: Request(mesh: Answer("platform-team", .flag("--mesh")), yes: true))
        #expect(run.state.answers.mesh?.value.id == "m1")
        run.send(.arrived(.identityChecked(Sample.who())), Self.withoutPlatform)
        guard case .missing(.mesh(.unknown(query: "platform-team", _), _)) = run.state.standing else {
            Issue.record("\(run.state.standing)")
            return
        }
    }

    @Test("a mesh that went away since the list came is told on Enter")
    func goneAtEnter() {
        var run = Run.returning()
        run.send(Self.list, .confirm(.launch), Self.withoutPlatform)
        #expect(run.state.outcome == nil && run.screen == .meshList)
        #expect(run.text.contains("platform-team is no longer yours. Pick another."))
        run.send(.mesh(.choose(id: "m2")))
        #expect(run.screen == .confirm, "what is asked anew is confirmed anew")
        run.send(.confirm(.launch), Self.withoutPlatform)
        #expect(plan(run)?.mesh.id == "m2")
    }

    @Test("one that was made in this run too")
    func madeAndGone() {
        var run = Run.onMeshList([])
        run.send(.mesh(.create))
        run.type("fresh")
        run.send(.mesh(.submit), .arrived(.meshCreated(Sample.mesh("m8", "fresh", .owner))))
        run.send(.name(.submit), .role(.choose(nil)), .confirm(.launch), .arrived(.meshes([])))
        #expect(run.state.outcome == nil && run.screen == .meshList)
    }

    @Test("of a long list the newest come first: the rest puts right what was taken for granted")
    func newestFirst() {
        let granted = RememberedAnswers(
            mesh: MeshName(id: "m2", slug: "", name: "planning"), name: "Ada", role: .some(nil))
        func run() -> Run {
            var run = Run(memory: granted, identity: Sample.identity())
            run.send(.arrived(.recalled(granted, meshes: [Sample.platform], savedAt: nil)))
            return run
        }
        var there = run()
        #expect(there.state.answers.mesh?.source == .lastTime && there.screen == .confirm)
        var memory = granted
        memory.mesh = MeshName(Sample.planning)
        there.send(.arrived(.recalled(memory, meshes: Sample.meshes, savedAt: 1)))
        #expect(there.state.answers.mesh?.value == MeshName(Sample.planning) && there.screen == .confirm)
        #expect(there.state.meshes.rows.count == 3)

        var gone = run()
        (memory.mesh, memory.formerMesh) = (nil, FormerMesh(id: "m2", name: "planning"))
        gone.send(.arrived(.recalled(memory, meshes: Sample.meshes.filter { $0.id != "m2" }, savedAt: 1)))
        #expect(gone.screen == .meshList && gone.state.meshes.notice == .gone(name: "planning"))
    }

    @Test("while only the newest are known nothing counts them, and one alone is not the only one")
    func newestAreNotAll() {
        var run = Run(identity: Sample.identity())
        run.send(.arrived(.recalled(RememberedAnswers(), meshes: [Sample.platform], savedAt: nil)))
        #expect(run.screen == .meshList && run.text.contains("pick a mesh") && !run.text.contains("pick a mesh ·"))
        run.send(.arrived(.recalled(RememberedAnswers(), meshes: Sample.meshes, savedAt: 1)))
        #expect(run.text.contains("pick a mesh · 3") && run.state.selections[.meshList] == .mesh(Sample.platform.id))
    }

    @Test("the runs after it say too why the mesh is asked, until another is taken")
    func goneBefore() {
        let memory = RememberedAnswers(formerMesh: FormerMesh(id: "m0", name: "Apollo"), name: "Ada", role: .some(nil))
        let saved = Sample.meshes
        var run = Run(memory: memory, identity: Sample.identity(), saved: saved)
        run.send(.arrived(.recalled(memory, meshes: saved, savedAt: 1_700_000_000)))
        #expect(run.screen == .meshList && run.text.contains("Apollo is no longer yours. Pick another."))
        run.send(Self.list)
        #expect(run.state.meshes.notice == .gone(name: "Apollo"))
        run.send(.mesh(.choose(id: "m1")))
        #expect(run.state.meshes.notice == nil)

        var only = Run(memory: memory, identity: Sample.identity())
        only.send(.arrived(.meshes([Sample.platform])))
        #expect(only.state.answers.mesh?.source == .onlyOne, "one alone is taken, as ever")

        var unknown = Run(memory: memory, identity: Sample.identity())
        #expect(unknown.state.meshes.notice == nil, "it is not known yet")
        unknown.send(.arrived(.meshes(Sample.meshes + [Sample.mesh("m0", "Apollo")])))
        #expect(unknown.state.answers.mesh?.source == .lastTime, "it was the disk that had lost it")
    }

    @Test("no answer to Enter, a bad one, or the first list still on its way: it launches, after 1.5 s at most")
    func silentAtEnter() {
        for isFirst in [true, false] {
            var run = Run.returning()
            if !isFirst { run.send(Self.list) }
            run.pass(60_000)
            run.send(.confirm(.launch))
            #expect(run.state.outcome == nil && run.state.isHandOffUnseen)
            var (down, broken, long) = (run, run, run)
            long.send(.arrived(.meshesSoFar(100)))
            long.tick(2)
            #expect(plan(long) != nil && long.state.identity?.check == .checked, "a part of the list came")
            down.send(.arrived(.failed(.loadingMeshes, .api(.down))))
            #expect(plan(down) != nil && down.state.identity?.check == .offline(.nameNotResolved))
            broken.send(.arrived(.failed(.loadingMeshes, .api(.broken))))
            #expect(plan(broken) != nil)
            run.tick(2)
            #expect(plan(run) != nil && run.now.boot == Sample.start.boot + 61_500)
            #expect(run.state.identity?.check == .offline(.noAnswer(seconds: 1)))
        }
    }

    @Test("an ended sign-in is told on Enter")
    func endedAtEnter() {
        var run = Run.returning()
        run.send(Self.list, .confirm(.launch), .arrived(.failed(.loadingMeshes, .api(.unauthorized))))
        #expect(run.state.outcome == nil && run.screen == .sessionExpired)
    }

    @Test("a missing agent stands on confirm with Look again; the answers are kept")
    func agentMissing() {
        var run = Run.returning(agent: Sample.noAgent)
        #expect(run.screen == .agentMissing)
        #expect(run.send(.confirm(.launch)) == [.lookForAgent])
        #expect(run.send(.confirm(.lookAgain)) == [.lookForAgent])
        #expect(!run.text.contains("Looked again"))
        run.send(.arrived(.agent(Sample.noAgent)))
        #expect(run.screen == .agentMissing && run.text.contains("Looked again at 08:00:00."))
        run.pass(1000)
        run.send(.confirm(.lookAgain), .arrived(.agent(Sample.noAgent)))
        #expect(run.text.contains("Looked again at 08:00:01."))
        run.send(.arrived(.agent(Sample.agent)))
        #expect(run.screen == .confirm)
        #expect(run.state.answers.name?.value == "Ada")
        #expect(run.state.outcome == nil, "it was found by itself: Enter is still a person's")
    }

    @Test("a missing agent with -y ends with its own failure")
    func agentMissingYes() {
        var run = Run.returning(request: Request(yes: true), agent: Sample.noAgent)
        run.pass(1500)
        run.send(.tick)
        #expect(run.state.outcome == .failed(.agentMissing(name: "claude", places: ["~/.local/bin"])))
    }

    @Test("Ctrl-C while the launch is being prepared stops it; nothing else changes an outcome")
    func stop() {
        var run = Run.returning()
        run.send(Self.list, .confirm(.launch), Self.list)
        run.send(.confirm(.launch), .back, .quit, .confirm(.changeMesh), .arrived(.identityCheckFailed(.unauthorized)))
        #expect(plan(run) != nil)
        #expect(run.screen == .handOff)
        run.send(.interrupt)
        #expect(run.state.outcome == .exit(.interrupted))
    }

    @Test("inside a session it asks; -y refuses")
    func nested() {
        var facts = Sample.facts
        facts.nestedMesh = "platform-team"
        var run = Run(facts: facts, memory: Sample.memory, identity: Sample.identity(), saved: Sample.meshes)
        #expect(run.screen == .nested)
        #expect(!run.state.canGoBack)
        run.send(.confirm(.launch))
        #expect(run.state.outcome == nil, "what lies under the question is out of reach")
        run.send(.goOnNested)
        #expect(run.screen == .confirm)

        let yes = Run(facts: facts, request: Request(yes: true), identity: Sample.identity())
        #expect(yes.state.outcome == .failed(.nested(mesh: "platform-team")))
        #expect(yes.effects == [])
    }

    @Test("who keeps the directory's name gets each directory's, who types one keeps theirs")
    func namesOfDirectories() {
        func run(in name: String?, _ memory: RememberedAnswers = RememberedAnswers(), yes: Bool = false) -> Run {
            var facts = Sample.facts
            facts.directoryName = name
            var memory = memory
            memory.mesh = MeshName(Sample.platform)
            memory.role = .some(nil)
            var run = Run(
                facts: facts, request: Request(yes: yes), memory: memory, identity: Sample.identity(),
                saved: Sample.meshes)
            run.send(Self.list)
            return run
        }
        func saved(_ run: Run) -> AnswersToSave? {
            if case .saveAnswers(let saved) = run.effects.last { saved } else { nil }
        }
        var kept = run(in: "api")
        #expect(kept.screen == .name && kept.state.inputs[.name]?.text == "api")
        kept.send(.name(.submit), .quit)
        #expect(saved(kept)?.keepsPrefilledName == true && saved(kept)?.name == nil)
        let other = run(in: "web", RememberedAnswers(keepsPrefilledName: true))
        #expect(other.screen == .confirm && other.text.contains("web · from this directory"))
        #expect(
            run(in: nil, RememberedAnswers(keepsPrefilledName: true)).state.answers.name
                == Answer("Ada Lovelace", .account))

        var typed = run(in: "api")
        typed.type("Zed")
        typed.send(.name(.submit), .quit)
        #expect(saved(typed)?.name == "Zed" && saved(typed)?.keepsPrefilledName == false)
        #expect(run(in: "web", RememberedAnswers(name: "Zed")).state.answers.name == Answer("Zed", .lastTime))
        #expect(plan(run(in: "web", yes: true))?.displayName == "web")
    }

    @Test("a session of another directory asks where; -y goes there, and ends where that is gone")
    func elsewhere() {
        let place = Resume.Place(path: "/src/api", shown: "~/src/api")
        func run(_ place: Resume.Place, yes: Bool = false, own: Bool = false) -> Run {
            let resume = Resume(
                sessionID: "s", mesh: MeshName(Sample.platform), name: "Ada", role: nil, elsewhere: place)
            return .returning(request: Request(resume: resume, yes: yes, choosesConversation: own))
        }
        for (action, directory) in [(Action.goThere, "/src/api"), (.startHere, nil)] {
            var asked = run(place)
            #expect(asked.screen == .elsewhere && !asked.state.canGoBack)
            asked.send(.confirm(.launch))
            #expect(asked.state.outcome == nil, "what lies under the question is out of reach")
            asked.send(action, Self.list, .confirm(.launch), Self.list)
            #expect(plan(asked) != nil && plan(asked)?.directory == directory)
        }
        var yes = run(place, yes: true)
        yes.send(Self.list)
        #expect(plan(yes)?.directory == "/src/api")
        let gone = run(Resume.Place(path: "/src/api", shown: "~/src/api", isGone: true), yes: true)
        #expect(gone.state.outcome == .failed(.directoryGone(path: "~/src/api")))
        #expect(run(place, own: true).screen == .confirm, "the user's own conversation may be anywhere")
    }

    @Test("what takes no Enter the next time, and what makes this machine the default")
    func nextTime() {
        func run(_ change: (inout Facts) -> Void) -> Run {
            var facts = Sample.facts
            facts.isLocalByFlag = true
            change(&facts)
            var request = Request(name: Answer("Ada", .flag("--name")), role: Answer(nil, .flag("--role")))
            request.wayIn = .local
            var run = Run(facts: facts, server: Sample.localServer, request: request)
            run.send(
                .arrived(.localServer(Sample.localServer, Sample.identity(source: .local, check: .checked))),
                .arrived(.meshes([Sample.platform])))
            return run
        }
        var local = run { _ in }
        #expect(local.screen == .confirm && local.state.nextCommand == "claudemesh -y")
        local.send(.confirm(.launch), .arrived(.meshes([Sample.platform])))
        #expect(local.effects.contains(.saveServer("local")))

        var elsewhere = run { $0.isSignedInAnywhere = true }
        #expect(elsewhere.state.nextCommand == "claudemesh --local -y")
        elsewhere.send(.confirm(.launch), .arrived(.meshes([Sample.platform])))
        #expect(plan(elsewhere) != nil && !elsewhere.effects.contains(.saveServer("local")))

        var left = run { _ in }
        left.send(.quit)
        #expect(!left.effects.contains(.saveServer("local")), "it was not finished")
        var own = run { _ in }
        own.state.request.agentArguments = ["--continue"]
        #expect(own.state.nextCommand == nil, "it would start another conversation")
        let flag = Run(identity: Sample.identity(source: .flag("--token")))
        #expect(flag.state.nextCommand == nil, "its token will not be there")
    }

    @Test("F2 leaves for line mode with the same answers, and it goes on there")
    func lineMode() {
        var run = Run.onMeshList()
        run.send(.mesh(.choose(id: "m1")))
        #expect(run.send(.plainText) == [.savePlain(true)])
        #expect(run.state.outcome == .exit(.lineMode))
        run.send(.frontEndChanged)
        #expect(run.state.outcome == nil)
        #expect(run.step == .name)
        #expect(run.state.answers.mesh?.value.name == "platform-team")
    }

    @Test func ascii() {
        var run = Run()
        #expect(run.send(.toggleASCII) == [.saveASCII(true)])
        #expect(run.send(.toggleASCII) == [.saveASCII(false)])
    }
}
