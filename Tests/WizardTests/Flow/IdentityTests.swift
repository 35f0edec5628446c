// Identity over time: a sign-in that ends, another account, another server, this machine only.

import Canvas
import FlowEngine
import MeshAPI
import Testing
import Widgets

@testable import Wizard

@Suite("Identity over time")
struct IdentityTests {
    static let remote = "https://claudemesh.com"

    @Test(
        "a 401 lies above the flow, names what is kept, and Enter starts the device code at once",
        arguments: [
            Arrival.identityCheckFailed(.unauthorized), .failed(.loadingMeshes, .api(.unauthorized)),
        ])
    func ended(arrival: Arrival) {
        var run = Run.returning()
        run.send(.arrived(arrival))
        #expect(run.screen == .sessionExpired)
        #expect(run.state.overlays.top == .sessionExpired(SessionExpired(user: Sample.ada, source: .file)))
        #expect(run.state.answers.mesh?.value.name == "platform-team", "kept")
        #expect(!run.effects.contains { if case .saveSignIn = $0 { true } else { false } })
        #expect(!run.state.canGoBack)
        run.send(.back)
        #expect(run.screen == .sessionExpired, "Esc closes it not")
        #expect(run.send(.expired(.signIn)) == [.requestDeviceCode(server: Self.remote)])
        // The same account returns to the screen it interrupted.
        run.send(.arrived(.deviceCode(Sample.code)))
        run.approve()
        #expect(run.screen == .confirm)
        #expect(run.state.answers.mesh?.value.name == "platform-team")
        #expect(run.state.changedFrom == nil)
        #expect(run.state.outcome == nil)
        #expect(!run.effects.contains { if case .revokeSession = $0 { true } else { false } }, "it is dead already")
    }

    @Test("the screen it interrupts may be a reopened one, in the middle of typing")
    func interrupted() {
        var run = Run.returning()
        run.send(.confirm(.changeName))
        run.type("Countess")
        run.send(.arrived(.failed(.loadingMeshes, .api(.unauthorized))))
        run.send(.expired(.signIn), .arrived(.deviceCode(Sample.code)))
        run.approve()
        #expect(run.screen == .name)
        #expect(run.state.inputs[.name]?.text == "Countess")
    }

    @Test("only one is shown, however many requests come back with a 401")
    func once() {
        var run = Run.returning()
        run.send(
            .arrived(.identityCheckFailed(.unauthorized)), .arrived(.failed(.loadingMeshes, .api(.unauthorized))))
        #expect(run.state.overlays.all.count == 1)
        run.send(.expired(.signIn), .arrived(.identityCheckFailed(.unauthorized)))
        #expect(run.step == .signIn, "late answers about the old token change nothing")
    }

    @Test("from the sign-in that follows Esc leads back to the overlay")
    func escape() {
        var run = Run.returning()
        run.send(.arrived(.identityCheckFailed(.unauthorized)), .expired(.signIn), .arrived(.deviceCode(Sample.code)))
        #expect(run.state.canGoBack)
        run.send(.back)
        #expect(run.screen == .sessionExpired)
        run.send(.expired(.pasteToken))
        #expect(run.screen == .token)
    }

    @Test("while creating or joining, the 401 leaves a step that can go on")
    func whileCreating() {
        var run = Run.onMeshList()
        run.send(.mesh(.create), .mesh(.submit))
        run.send(.arrived(.failed(.creatingMesh(name: "Ada's mesh"), .api(.unauthorized))))
        #expect(run.screen == .sessionExpired)
        run.send(.expired(.signIn), .arrived(.deviceCode(Sample.code)))
        run.approve()
        #expect(run.screen == .meshCreate)
        #expect(run.state.inputs[.meshName]?.text == "Ada's mesh")
        guard case .createMesh = run.send(.mesh(.submit)).first else {
            Issue.record("cannot be sent again")
            return
        }
    }

    @Test("another account: the way in is asked, Esc brings the account back")
    func changeAccount() {
        var run = Run.returning()
        run.send(.arrived(.meshes(Sample.meshes)))
        run.send(.confirm(.changeAccount))
        #expect(run.screen == .welcome)
        #expect(run.text.contains("You stay signed in as Ada Lovelace until you finish signing in as"))
        #expect(!run.effects.contains { if case .saveSignIn = $0 { true } else { false } })
        run.send(.back)
        #expect(run.screen == .confirm)
        #expect(run.state.identity?.user == Sample.ada)
        #expect(run.effects == [.checkIdentity(run.state.access), .loadMeshes(run.state.access)])
    }

    @Test("another way in does not show the rows of the account laid aside; it brings them back")
    func rowsLaidAside() {
        var run = Run.returning()
        run.send(.confirm(.changeAccount), .welcome(.local))
        #expect(run.screen == .meshList)
        #expect(run.state.meshes.rows.all.isEmpty)
        run.send(.back, .back)
        #expect(run.screen == .confirm)
        #expect(run.state.meshes.rows.all == Sample.meshes)
    }

    @Test("approved as another account: says so, and asks the mesh anew; the old session ends once the new is saved")
    func otherAccount() {
        var run = Run.returning()
        run.send(.confirm(.changeAccount), .welcome(.signIn), .arrived(.deviceCode(Sample.code)))
        run.approve(Sample.bob)
        #expect(run.state.changedFrom == Sample.ada)
        #expect(run.state.answers.mesh == nil)
        #expect(run.state.answers.name == nil, "last time's name was the other account's")
        #expect(run.screen == .signInApproved)
        run.send(.arrived(.meshes([Sample.planning, Sample.platform])))
        #expect(run.screen == .meshList)
        #expect(
            run.send(.arrived(.saved(path: "auth.json")))
                == [.revokeSession(Access(server: Self.remote, token: Sample.sessionToken))])
        #expect(run.send(.arrived(.saved(path: "auth.json"))) == [])
    }

    @Test("the same account again keeps every answer; a token made by hand is never revoked")
    func sameAccount() {
        var run = Run(
            memory: Sample.memory, identity: Sample.identity(kind: .pat), saved: Sample.meshes)
        run.send(.confirm(.changeAccount), .welcome(.signIn), .arrived(.deviceCode(Sample.code)))
        run.approve()
        #expect(run.screen == .confirm)
        #expect(run.state.changedFrom == nil)
        #expect(run.send(.arrived(.saved(path: "auth.json"))) == [])
    }

    @Test("answers by flag outlive the account, and the mesh by flag is looked for among the new ones")
    func flagsStay() {
        var run = Run(
            request: Request(
                mesh: Answer("planning", .flag("--mesh")), name: Answer("Flag", .flag("--name")),
                role: Answer("lead", .flag("--role"))),
            identity: Sample.identity(), saved: Sample.meshes)
        #expect(run.screen == .confirm)
        run.send(.confirm(.changeAccount), .welcome(.signIn), .arrived(.deviceCode(Sample.code)))
        run.approve(Sample.bob)
        #expect(run.state.answers.name?.source == .flag("--name"))
        run.send(.arrived(.meshes([Sample.planning])))
        #expect(run.state.answers.mesh == Answer(MeshName(Sample.planning), .flag("--mesh")))
    }

    @Test("the check may only correct a row")
    func check() {
        var run = Run.returning()
        var renamed = Sample.ada
        renamed.name = "Ada King"
        let before = run.screen
        run.send(.arrived(.identityChecked(Sample.who(renamed))))
        #expect(run.state.identity?.user.name == "Ada King")
        #expect(run.state.identity?.check == .checked)
        #expect(run.screen == before)
        #expect(run.state.answers.name?.value == "Ada")
        run.send(.arrived(.identityChecked(Sample.who(Sample.bob))))
        #expect(run.state.identity?.user.name == "Ada King", "an answer about somebody else is none")
    }

    @Test("a list from the server proves the token; silence after that does not unprove it")
    func proved() {
        var run = Run.returning()
        run.send(.arrived(.meshes(Sample.meshes)), .arrived(.identityCheckFailed(.down)))
        #expect(run.state.identity?.check == .checked)
    }

    // MARK: This machine only

    static let localIdentity = Sample.identity(source: .local, check: .checked)

    @Test("this machine only: the mesh step waits for the server; once launched or left it is the default")
    func local() {
        var run = Run()
        #expect(run.send(.welcome(.local)) == [.startLocalServer])
        #expect(run.screen == .meshList)
        #expect(explain(run.state).first { $0.id == .mesh }?.reason == .waitsForLocalServer)
        run.send(.arrived(.localServer(Sample.localServer, Self.localIdentity)))
        #expect(!run.effects.contains { if case .saveSignIn = $0 { true } else { false } })
        #expect(run.state.server == Sample.localServer)
        run.send(.arrived(.meshes([Sample.mesh("l", "laptop", .owner)])))
        #expect(run.state.answers.mesh?.source == .onlyOne)
        #expect(run.screen == .name)
        var left = run
        left.send(.quit)
        #expect(left.state.outcome != nil && left.effects.contains(.saveServer("local")))
        run.send(.name(.submit), .role(.choose(nil)), .confirm(.launch))
        run.send(.arrived(.meshes([Sample.mesh("l", "laptop", .owner)])))
        #expect(run.effects.contains(.saveServer("local")))
    }

    @Test("Esc leads back to where this machine only was chosen, and makes it no default", arguments: [false, true])
    func localUndone(isOffline: Bool) {
        var run = Run()
        if isOffline {
            run.send(.welcome(.signIn), .arrived(.failed(.requestingCode, .api(.unreachable(.refused)))))
            #expect(run.screen == .signInUnavailable)
        }
        let before = isOffline ? ScreenID.signInRequesting : .welcome
        for isReady in [false, true] {
            run.send(isOffline ? .signIn(.local) : .welcome(.local))
            if isReady {
                run.send(.arrived(.localServer(Sample.localServer, Self.localIdentity)))
                run.send(.arrived(.meshes([Sample.mesh("l", "laptop", .owner)])))
                #expect(run.screen == .name)
            }
            // The server of this machine is asked for no code.
            run.pass(60_000)
            #expect(run.send(.tick) == [])
            run.send(.back)
            if isOffline { #expect(run.effects.last == .requestDeviceCode(server: Self.remote)) }
            #expect(run.screen == before && run.state.identity == nil && run.state.server == Sample.server)
            #expect(run.effects.contains(.cancel(.local)))
            // What was on its way takes nobody along.
            run.send(.arrived(.localServer(Sample.localServer, Self.localIdentity)))
            run.send(.arrived(.recalled(Sample.memory, meshes: Sample.meshes, savedAt: nil)))
            #expect(run.screen == before && run.state.answers == Answers())
        }
        run.send(.quit)
        #expect(!run.effects.contains(.saveServer("local")))
    }

    @Test("--local changes no default, and asks for no way in")
    func byFlag() {
        var run = Run(request: Request(wayIn: .local))
        #expect(run.effects == [.startLocalServer])
        #expect(run.screen == .meshList)
        run.send(.arrived(.localServer(Sample.localServer, Self.localIdentity)), .quit)
        #expect(run.state.outcome != nil && !run.effects.contains(.saveServer("local")))
    }

    @Test("its failure: Retry, or back to welcome")
    func localFails() {
        var run = Run()
        run.send(.welcome(.local), .arrived(.failed(.startingLocalServer, .localServer(reason: "port taken"))))
        #expect(run.screen == .error)
        #expect(run.send(.retry) == [.startLocalServer])
        run.send(.arrived(.failed(.startingLocalServer, .localServer(reason: "port taken"))), .back)
        #expect(run.screen == .welcome)
        run.send(.arrived(.localServer(Sample.localServer, Self.localIdentity)))
        #expect(run.screen == .welcome, "a late server takes nobody along")
        var flag = Run(request: Request(wayIn: .local))
        flag.send(.arrived(.failed(.startingLocalServer, .localServer(reason: "x"))), .dismiss)
        #expect(flag.screen == .welcome)
    }

    @Test("the telemetry notice names the server that is told, and is not there while that of this machine is in force")
    func telemetryNotice() {
        var facts = Sample.facts
        facts.showsTelemetryNotice = true
        var run = Run(facts: facts)
        #expect(run.text.contains("usage data") && run.text.contains("to claudemesh.com.\n"))
        #expect(!run.state.wasTelemetryNoticeSeen)
        var seen = run
        seen.paint()
        #expect(seen.state.wasTelemetryNoticeSeen)
        // Without its last line, which says how to turn it off, it was not told.
        for size in [Size(width: 40, height: 10), Size(width: 80, height: 12)] {
            var low = run
            low.send(.resized(size))
            low.paint()
            #expect(!low.text.contains("Turn it off") && !low.state.wasTelemetryNoticeSeen)
        }

        run.send(.welcome(.local), .arrived(.localServer(Sample.localServer, Self.localIdentity)))
        run.send(.arrived(.meshes([Sample.platform])), .name(.submit), .role(.choose(nil)))
        run.send(.confirm(.changeAccount), .painted(whole: true))
        #expect(run.screen == .welcome)
        #expect(!run.text.contains("sage data"))
        #expect(!run.state.wasTelemetryNoticeSeen, "it has to be shown another time")
    }

    @Test("Esc while it starts stops it")
    func localEscape() {
        var run = Run()
        run.send(.welcome(.local))
        #expect(run.send(.back) == [.cancel(.local)])
        #expect(run.screen == .welcome)
        #expect(run.send(.welcome(.signIn)) == [.requestDeviceCode(server: Self.remote)])
    }

    /// A person whose last run was on this machine.
    private func returning(request: Request = Request(), memory: RememberedAnswers = Sample.memory) -> Run {
        Run(
            server: Sample.localServer, request: request, memory: memory, identity: Sample.identity(source: .local),
            saved: Sample.meshes)
    }

    @Test("returning to this machine: confirm at first paint, and the server starts behind it")
    func localReturning() {
        var run = returning()
        #expect(run.effects == [.startLocalServer])
        #expect(run.screen == .confirm)
        run.send(.arrived(.failed(.startingLocalServer, .localServer(reason: "x"))))
        #expect(run.screen == .error)
        #expect(run.send(.retry) == [.startLocalServer])
        run.send(.arrived(.localServer(Sample.localServer, Self.localIdentity)))
        #expect(run.screen == .confirm)
        #expect(run.state.answers.mesh?.source == .lastTime)
    }

    @Test("where it cannot start, back leads to welcome, whatever was answered; from there every way in is open")
    func localCannotStart() {
        for memory in [RememberedAnswers(), Sample.memory] {
            var run = returning(memory: memory)
            run.send(.arrived(.failed(.startingLocalServer, .localServer(reason: "x"))), .dismiss)
            #expect(run.screen == .welcome)
            #expect(!run.state.canGoBack, "to an account whose server is not there")
            #expect(run.state.answers.mesh == nil)
            #expect(run.send(.welcome(.local)) == [.startLocalServer])
            run.send(.back)
            #expect(run.send(.welcome(.signIn)).contains(.requestDeviceCode(server: Self.remote)))
        }
    }

    @Test("no launch while it starts, and none where it fails: not by Enter and not by -y")
    func noLaunchWithoutLocalServer() {
        var asked = returning()
        asked.send(.confirm(.launch))
        var told = returning(request: Request(yes: true))
        told.pass(2000)
        told.send(.tick)
        for var run in [asked, told] {
            #expect(run.screen == .handOff)
            #expect(run.state.outcome == nil && run.state.standing == .waiting)
            var other = run
            run.send(.arrived(.failed(.startingLocalServer, .localServer(reason: "x"))))
            #expect(run.state.standing == .failed(.startingLocalServer, .localServer(reason: "x")))
            run.send(.dismiss)
            #expect(run.screen == .welcome && run.state.outcome == nil)
            other.send(
                .arrived(.localServer(Sample.localServer, Self.localIdentity)),
                .arrived(.meshes(Sample.meshes)))
            guard case .launch = other.state.outcome else {
                Issue.record("no launch once it runs")
                return
            }
        }
    }

    @Test("signing in from this machine leads to the remote server")
    func fromLocal() {
        var run = Run(
            server: Sample.localServer, memory: Sample.memory, identity: Sample.identity(source: .local),
            saved: Sample.meshes)
        run.send(.confirm(.changeAccount), .welcome(.signIn))
        #expect(run.effects.contains(.requestDeviceCode(server: Self.remote)))
        run.send(.back, .back)
        #expect(run.screen == .confirm)
        #expect(run.state.server == Sample.localServer)
    }

    @Test("a local server that refuses its own credential makes another, once")
    func localRefuses() {
        var run = Run(request: Request(wayIn: .local))
        run.send(.arrived(.localServer(Sample.localServer, Self.localIdentity)))
        #expect(run.send(.arrived(.failed(.loadingMeshes, .api(.unauthorized)))) == [.startLocalServer])
        run.send(.arrived(.localServer(Sample.localServer, Self.localIdentity)))
        #expect(run.send(.arrived(.failed(.loadingMeshes, .api(.unauthorized)))) == [])
        #expect(run.screen == .error)
    }
}
