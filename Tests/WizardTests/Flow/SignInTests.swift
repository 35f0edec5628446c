// Signing in with a browser: the code, its polls, the ways it ends, and what comes after.

import Canvas
import FlowEngine
import Localization
import MeshAPI
import Testing
import Widgets

@testable import Wizard

@Suite("Sign-in")
struct SignInTests {
    static let code = LiveCode(
        server: "https://claudemesh.com", deviceCode: Secret("secret-ABCD-EFGH"), userCode: "ABCD-EFGH",
        address: "https://claudemesh.com/cli-auth", completeAddress: "https://claudemesh.com/cli-auth?code=ABCD-EFGH",
        isOwnAddress: true, interval: 1.5, waitMax: 25, endsAt: Sample.start.boot + 600_000)

    @Test("choosing it asks for a code at once; with the code polling starts at once")
    func begin() {
        var run = Run()
        #expect(run.send(.welcome(.signIn)) == [.requestDeviceCode(server: "https://claudemesh.com")])
        #expect(run.screen == .signInRequesting)
        run.send(.arrived(.deviceCode(Sample.code)))
        #expect(run.screen == .signInWaiting)
        #expect(
            run.effects == [
                .poll(Self.code), .makeQR(code: "ABCD-EFGH", text: "HTTPS://CLAUDEMESH.COM/C/ABCD-EFGH"),
            ])
        run.send(.arrived(.qr(code: "ABCD-EFGH", lines: ["██"])))
        #expect(run.state.signIn.qr == ["██"])
        run.send(.arrived(.qr(code: "XXXX-XXXX", lines: [])))
        #expect(run.state.signIn.qr == ["██"], "the code of another code is none of this one")
    }

    @Test("the browser opens once, and only when address and code are on the screen")
    func browser() {
        var run = Run.waiting()
        #expect(!run.effects.contains(.openBrowser(url: Self.code.completeAddress)))
        #expect(run.send(.painted(whole: true)) == [.openBrowser(url: Self.code.completeAddress)])
        #expect(run.send(.painted(whole: true)) == [])
        #expect(run.send(.signIn(.enter)) == [.openBrowser(url: Self.code.completeAddress)])
        run.send(.arrived(.browser(.failed)))
        #expect(run.state.signIn.browser == .failed)
        #expect(run.screen == .signInWaiting)
    }

    @Test("never without a display, over SSH, or to an address that is not the server's")
    func noBrowser() {
        var facts = Sample.facts
        facts.canOpenBrowser = false
        var run = Run.waiting(facts: facts)
        #expect(
            run.send(.painted(whole: true)) == [] && run.send(.signIn(.enter)) == []
                && run.send(.signIn(.openBrowser)) == [])

        var foreign = Run()
        var code = Sample.code
        code.verificationUrlComplete = "https://evil.example/cli-auth?code=ABCD-EFGH"
        foreign.send(.welcome(.signIn), .arrived(.deviceCode(code)))
        #expect(foreign.screen == .signInWaiting, "the sign-in goes on")
        #expect(foreign.send(.painted(whole: true)) == [] && foreign.send(.signIn(.enter)) == [])
        #expect(!foreign.state.canOpenAddress)
    }

    @Test("create an account is the same screen with /register in front of the code")
    func register() {
        var run = Run()
        run.send(.welcome(.createAccount), .arrived(.deviceCode(Sample.code)))
        #expect(run.screen == .signInWaiting)
        #expect(run.state.signInAddress == "https://claudemesh.com/register?next=/c/ABCD-EFGH")
        #expect(run.send(.signIn(.copy)) == [.copy("https://claudemesh.com/register?next=/c/ABCD-EFGH")])
        run.send(.back, .welcome(.signIn))
        #expect(run.state.signInAddress == Self.code.completeAddress)
        #expect(run.effects == [], "the code lives on")
    }

    @Test("hostile numbers of the server do not break the countdown", arguments: [Int.min, -1, 0, Int.max])
    func expiresIn(seconds: Int) {
        var run = Run()
        var code = Sample.code
        code.expiresIn = seconds
        code.interval = -4
        run.send(.welcome(.signIn), .arrived(.deviceCode(code)))
        #expect(run.state.signIn.code?.interval == 1.5)
        #expect((run.state.signIn.code?.endsAt ?? 0) > run.now.boot)
        run.tick(3)
    }

    @Test("the server says the page was opened")
    func opened() {
        var run = Run.waiting()
        run.send(.arrived(.poll(.pending(opened: true))))
        #expect(run.state.signIn.isOpened)
        run.send(.arrived(.poll(.pending(opened: false))))
        #expect(run.state.signIn.isOpened)
    }

    @Test("approved: signed in, saved, and the meshes on their way; the screen says so meanwhile")
    func approved() {
        var run = Run.waiting()
        run.approve()
        let access = Access(server: "https://claudemesh.com", token: Secret("cm_session_new"))
        #expect(
            run.effects == [
                .saveSignIn(
                    SignInRecord(
                        token: Secret("cm_session_new"), user: Sample.ada, expiresAt: nil, source: .deviceCode,
                        server: "https://claudemesh.com")),
                .recall(server: "https://claudemesh.com", userID: "u1"), .loadMeshes(access),
            ])
        #expect(run.screen == .signInApproved)
        #expect(run.state.appearance.isByItself)
        run.send(.arrived(.saved(path: "~/.claudemesh/auth.json")))
        #expect(run.state.signIn.savedTo == "~/.claudemesh/auth.json")
        run.send(.arrived(.recalled(RememberedAnswers(), meshes: [], savedAt: nil)))
        run.send(.arrived(.meshes(Sample.meshes)))
        #expect(run.screen == .meshList)
    }

    @Test("what this account answered before, on this machine, is asked no more")
    func recalled() {
        var run = Run.waiting()
        run.approve()
        run.send(.arrived(.recalled(Sample.memory, meshes: Sample.meshes, savedAt: 1)))
        #expect(run.screen == .confirm)
        #expect(run.state.answers.name == Answer("Ada", .lastTime))
    }

    @Test("every way a code ends has its screen and its way on")
    func ends() {
        for (event, screen) in [
            (PollEvent.denied, ScreenID.signInDenied), (.expired, .signInExpired), (.lost, .signInLost),
        ] {
            var run = Run.waiting()
            run.send(.arrived(.poll(event)))
            #expect(run.screen == screen)
            #expect(run.state.appearance.isByItself)
            #expect(run.state.signIn.code?.userCode == "ABCD-EFGH", "its name is still said")
            #expect(run.send(.signIn(.newCode)) == [.requestDeviceCode(server: "https://claudemesh.com")])
            #expect(run.screen == .signInRequesting)
        }
    }

    @Test("a new code gives the old one up once it is here")
    func newCode() {
        var run = Run.waiting()
        run.send(.signIn(.newCode))
        let effects = run.send(.arrived(.deviceCode(Sample.deviceCode("JKLM-NPQR"))))
        #expect(
            effects.starts(with: [
                .cancel(.poll), .giveUpCode(server: "https://claudemesh.com", Secret("secret-ABCD-EFGH")),
            ]))
        #expect(run.screen == .signInWaiting)
    }

    @Test("while the server is out of reach a code that lives is not given up for one that is not to be had")
    func newCodeOffline() {
        var run = Run.waiting()
        run.send(.arrived(.poll(.trouble(.down, retryAt: run.now.boot + 3000))))
        #expect(run.send(.signIn(.newCode)) == [.nudgePoll])
        #expect(run.screen == .signInWaiting && run.state.signIn.code?.userCode == "ABCD-EFGH")
        run.send(.arrived(.poll(.pending(opened: false))))
        #expect(run.send(.signIn(.newCode)).contains(.requestDeviceCode(server: "https://claudemesh.com")))
    }

    @Test("a code that comes when nobody waits is given back")
    func late() {
        var run = Run()
        run.send(.welcome(.signIn), .signIn(.newCode), .arrived(.deviceCode(Sample.code)))
        #expect(
            run.send(.arrived(.deviceCode(Sample.deviceCode("JKLM-NPQR"))))
                == [.giveUpCode(server: "https://claudemesh.com", Secret("secret-JKLM-NPQR"))])
        #expect(run.state.signIn.code?.userCode == "ABCD-EFGH")
    }

    @Test("no code to be had: why, when it is tried again, and retries at once on Enter")
    func unavailable() {
        var run = Run()
        run.send(.welcome(.signIn), .arrived(.failed(.requestingCode, .api(.down))))
        #expect(run.screen == .signInUnavailable)
        var waits: [Int] = []
        for _ in 0..<7 {
            let at = run.state.signIn.retry?.at ?? 0
            waits.append(at - run.now.boot)
            run.pass(at - run.now.boot)
            #expect(run.send(.tick) == [.requestDeviceCode(server: "https://claudemesh.com")])
            #expect(run.screen == .signInUnavailable, "its ways out stay")
            #expect(run.text.contains("Trying claudemesh.com now"))
            run.send(.arrived(.failed(.requestingCode, .api(.down))))
        }
        #expect(waits == [1500, 3000, 6000, 12_000, 24_000, 30_000, 30_000])
        #expect(run.send(.retry) == [.requestDeviceCode(server: "https://claudemesh.com")])
        run.send(.arrived(.deviceCode(Sample.code)))
        #expect(run.screen == .signInWaiting)
        #expect(run.state.signIn.retry == nil)
    }

    @Test("rate limited: as the server says; a refusal that will not change is not repeated")
    func rateLimited() {
        var run = Run()
        run.send(.welcome(.signIn))
        run.send(.arrived(.failed(.requestingCode, .api(.refused(status: 429, body: nil, retryAfter: 40)))))
        #expect(run.state.signIn.retry?.at == run.now.boot + 40_000)
        run.send(.retry, .arrived(.failed(.requestingCode, .api(.refused(403, "forbidden")))))
        #expect(run.screen == .signInUnavailable)
        #expect(run.state.signIn.retry?.at == nil)
    }

    @Test("unreachable while a code lives: it stays, with when it is asked again; Enter asks at once")
    func trouble() {
        var run = Run.waiting()
        run.send(.arrived(.poll(.trouble(.down, retryAt: run.now.boot + 6000))))
        #expect(run.screen == .signInWaiting)
        #expect(run.state.signIn.retry == Retry(.api(.down), at: run.now.boot + 6000, attempt: 1))
        #expect(run.send(.signIn(.enter)) == [.nudgePoll])
        #expect(run.send(.retry) == [.nudgePoll])
        run.send(.arrived(.poll(.pending(opened: false))))
        #expect(run.state.signIn.retry == nil)
        #expect(run.send(.resumed) == [.nudgePoll], "on waking it polls at once")
    }

    @Test("told to slow down: said, and no reason to ask at once")
    func slowedDown() {
        var run = Run.waiting()
        run.send(.arrived(.poll(.slowedDown)))
        #expect(run.state.signIn.retry?.at == nil && run.state.signIn.retry != nil)
        #expect(run.send(.signIn(.enter)) == [.openBrowser(url: Self.code.completeAddress)])
        run.send(.arrived(.poll(.pending(opened: false))))
        #expect(run.state.signIn.retry == nil)
    }

    @Test("Esc keeps the code alive and polled; the approval still counts")
    func escape() {
        var run = Run.waiting()
        #expect(run.send(.back) == [])
        #expect(run.screen == .welcome)
        run.send(.arrived(.poll(.pending(opened: true))))
        run.approve()
        #expect(run.screen == .signInApproved)
    }

    @Test("an approval wins over another way in that was begun meanwhile, and ends it")
    func approvedMeanwhile() {
        var run = Run.waiting()
        run.send(.back, .welcome(.pasteToken))
        run.type("cm_pat_")
        run.approve()
        #expect(run.screen == .signInApproved)
        #expect(run.effects.contains(.cancel(.token)))
        #expect(run.state.inputs[.token]?.text ?? "" == "")

        var local = Run.waiting()
        local.send(.back, .welcome(.local))
        local.approve()
        #expect(local.effects.contains(.cancel(.local)))
        local.send(.arrived(.localServer(Sample.localServer, Sample.identity(source: .local))))
        #expect(local.state.server == Sample.server)
    }

    @Test("signed in by other means, the code is given up")
    func otherMeans() {
        var run = Run.waiting()
        run.send(.back, .welcome(.local))
        run.send(.arrived(.localServer(Sample.localServer, Sample.identity(source: .local, check: .checked))))
        #expect(run.effects.contains(.giveUpCode(server: "https://claudemesh.com", Secret("secret-ABCD-EFGH"))))
        #expect(run.effects.contains(.cancel(.poll)))
        run.approve(Sample.bob)
        #expect(run.state.identity?.user == Sample.ada)
    }

    @Test("reopened it is a summary, and starts, claims or revokes nothing by itself")
    func summary() {
        var run = Run.waiting()
        run.approve()
        run.send(.arrived(.meshes(Sample.meshes)))
        #expect(run.send(.back) == [])
        #expect(run.screen == .signInSummary)
        #expect(!run.state.canGoBack, "there is no welcome any more")
        #expect(run.send(.signIn(.keep)) == [])
        #expect(run.screen == .meshList)
    }

    @Test("a lost poll is not waited for beyond the code's end")
    func grace() {
        var run = Run.waiting()
        run.pass(600_000)
        run.send(.tick)
        #expect(run.screen == .signInWaiting)
        run.pass(5000)
        run.send(.tick)
        #expect(run.screen == .signInExpired)
        #expect(run.effects.contains(.cancel(.poll)))
    }

    @Test("a sign-in that cannot be saved says so; retrying saves the same, going on goes on")
    func notSaved() {
        var run = Run.waiting()
        run.approve()
        let save = run.effects.first
        run.send(.arrived(.failed(.savingSignIn, .file(path: "auth.json", reason: "No space left"))))
        #expect(run.screen == .error)
        #expect(run.send(.retry) == [save])
        run.send(.arrived(.failed(.savingSignIn, .file(path: "auth.json", reason: "No space left"))))
        #expect(run.model.menu?.items.last?.label == "Go on without saving")
        #expect(run.model.keys.contains { $0.bar?.label == "go on" && $0.commands[.escape] == .perform(.back) })
        run.send(.back)
        #expect(run.screen == .signInApproved)
        #expect(run.state.identity?.user == Sample.ada)
        // What nobody kept does not make the next time shorter.
        run.send(.arrived(.meshes([Sample.platform])), .name(.submit), .role(.choose(nil)))
        #expect(run.screen == .confirm && !run.promisesNextTime)
        run.send(.arrived(.saved(path: "~/.claudemesh/auth.json")))
        #expect(run.promisesNextTime)
        run.send(.arrived(.notKept))
        #expect(!run.promisesNextTime)
    }

    @Test(
        "a server that refuses for good is not asked again by itself, and nothing says that it is",
        arguments: [403, 404])
    func refusedForGood(status: Int) {
        var run = Run()
        run.send(.welcome(.signIn), .arrived(.failed(.requestingCode, .api(.refused(status, "no")))))
        #expect(run.screen == .signInUnavailable)
        #expect(run.state.nextTick == nil)
        #expect(!run.text.contains("rying again"))
        #expect(!run.text.contains("answers are kept"), "there are none")
        #expect(run.text.contains("Check the address: https://claudemesh.com"))
        #expect(run.send(.retry) == [.requestDeviceCode(server: "https://claudemesh.com")])
        #expect(run.text.contains("Trying claudemesh.com now") && run.send(.retry) == [])
    }

    @Test("the QR code is shown and hidden as it is asked for")
    func qr() {
        var run = Run.waiting()
        #expect(run.state.signIn.showsQR == nil)
        run.send(.signIn(.showQR(true)))
        #expect(run.state.signIn.showsQR == true)
        run.send(.signIn(.showQR(false)))
        #expect(run.state.signIn.showsQR == false)
    }
}

extension Run {
    fileprivate var model: Widgets.ScreenModel<WizardVocabulary> { screenModel(for: state, strings: Strings(.en)) }

    fileprivate var promisesNextTime: Bool {
        model.blocks.contains { block in
            if case .hint(let text) = block { text.hasPrefix("Next time") } else { false }
        }
    }
}
