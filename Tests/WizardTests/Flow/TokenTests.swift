// Pasting a token: judged as it is typed, checked before it is saved; and what is recognised where one may be pasted.

import Canvas
import FlowEngine
import FoundationEssentials
import MeshAPI
import Testing
import Widgets

@testable import Wizard

@Suite("Access token")
struct TokenTests {
    static let access = Access(server: "https://claudemesh.com", token: Secret(Sample.token))

    private func onToken() -> Run {
        var run = Run()
        run.send(.welcome(.pasteToken))
        return run
    }

    @Test(
        "what can no longer become a token is said as it is typed; what is only short on Enter",
        arguments: [
            ("c", TokenEntry.Phase.typing(nil), TokenEntry.Phase.typing(.malformed(have: 0))),
            ("cm_pat_abc", .typing(nil), .typing(.malformed(have: 3))),
            ("cm_pat_ABC", .typing(.malformed(have: 3)), .typing(.malformed(have: 3))),
            ("hello", .typing(.malformed(have: nil)), .typing(.malformed(have: nil))),
            ("  ", .typing(nil), .typing(.empty)),
        ])
    func typed(text: String, whileTyping: TokenEntry.Phase, onEnter: TokenEntry.Phase) {
        var run = onToken()
        run.type(text)
        #expect(run.state.tokenEntry.phase == whileTyping)
        #expect(run.send(.token(.check)) == [])
        #expect(run.state.tokenEntry.phase == onEnter)
    }

    @Test("Enter on nothing says so")
    func empty() {
        var run = onToken()
        run.send(.token(.check))
        #expect(run.state.tokenEntry.phase == .typing(.empty))
    }

    @Test("a whole token is asked about on Enter when typed, at once when pasted; white space around it is trimmed")
    func checked() {
        var run = onToken()
        run.type(" \(Sample.token) ")
        #expect(run.effects == [])
        #expect(run.send(.token(.check)) == [.checkToken(Self.access)])
        #expect(run.state.tokenEntry.phase == .checking)

        var pasted = onToken()
        #expect(pasted.send(.paste("\n\(Sample.token)\n")) == [.checkToken(Self.access)])
        #expect(pasted.screen == .token, "a pasted newline submits nothing")
        pasted.send(.arrived(.tokenChecked(Secret(Sample.token), Sample.who())))
        #expect(pasted.screen == .tokenChecked)
        #expect(pasted.state.identity == nil)
    }

    @Test("pasted too short is said at once")
    func pastedShort() {
        var run = onToken()
        run.send(.paste("cm_pat_abc"))
        #expect(run.state.tokenEntry.phase == .typing(.malformed(have: 3)))
    }

    @Test("the checked token signs in, and is saved with the server it belongs to")
    func use() {
        var run = onToken()
        run.send(.paste(Sample.token), .arrived(.tokenChecked(Secret(Sample.token), Sample.who())), .token(.use))
        #expect(
            run.effects.first
                == .saveSignIn(
                    SignInRecord(
                        token: Secret(Sample.token), user: Sample.ada, expiresAt: nil, source: .pat,
                        server: "https://claudemesh.com")))
        #expect(run.state.identity?.label == "ci")
        #expect(run.state.identity?.kind == .pat)
        #expect(run.state.inputs[.token] == nil, "the secret does not stay in its field")
        #expect(run.screen == .signInApproved)
    }

    @Test("a revealed token is hidden again once it is known: there is no key for it any more")
    func hiddenAgain() {
        var run = onToken()
        run.send(.paste(Sample.token), .token(.toggleReveal))
        #expect(run.text.contains(Sample.token))
        run.send(.arrived(.tokenChecked(Secret(Sample.token), Sample.who())))
        #expect(run.screen == .tokenChecked && !run.text.contains(Sample.token))
        run.send(.back)
        #expect(run.screen == .token && !run.text.contains(Sample.token))
    }

    @Test("Enter pressed while it is checked is remembered: no second one is needed")
    func enterWhileChecking() {
        var run = onToken()
        run.send(.paste(Sample.token), .token(.check))
        #expect(run.effects == [])
        run.send(.arrived(.tokenChecked(Secret(Sample.token), Sample.who())))
        #expect(run.state.identity != nil)
    }

    @Test(
        "malformed, unknown and expired are three answers; nothing was saved",
        arguments: [
            (APIFailure.unauthorized, TokenEntry.Phase.rejected),
            (.refused(401, "token_expired"), .expired(nil)),
        ])
    func refused(failure: APIFailure, phase: TokenEntry.Phase) {
        var run = onToken()
        run.send(.paste(Sample.token), .arrived(.failed(.checkingToken, .api(failure))))
        #expect(run.state.tokenEntry.phase == phase)
        #expect(run.screen == .token)
        #expect(run.effects == [])
        #expect(run.state.inputs[.token]?.text == Sample.token, "it can be corrected")
        run.type("cm_pat_b")
        #expect(run.state.tokenEntry.phase == .typing(nil))
    }

    @Test("no answer: tried again by itself, and at once when asked")
    func unreachable() {
        var run = onToken()
        run.send(.paste(Sample.token), .arrived(.failed(.checkingToken, .api(.down))))
        run.pass(1500)
        #expect(run.send(.tick) == [.checkToken(Self.access)])
        run.send(.arrived(.failed(.checkingToken, .api(.down))))
        guard case .failed(let retry) = run.state.tokenEntry.phase else {
            Issue.record("not failed")
            return
        }
        #expect(retry == Retry(.api(.down), at: run.now.boot + 3000, attempt: 2))
        #expect(run.send(.retry) == [.checkToken(Self.access)])
        run.send(.arrived(.tokenChecked(Secret(Sample.token), Sample.who())))
        #expect(run.screen == .tokenChecked)
    }

    @Test("a token that is left behind is asked about no more, on this server or another")
    func leftBehind() {
        var run = onToken()
        run.send(.paste(Sample.token), .arrived(.failed(.checkingToken, .api(.down))))
        var elsewhere = run
        #expect(run.send(.back) == [.cancel(.token)])
        run.pass(60_000)
        #expect(run.send(.tick) == [])
        elsewhere.send(.paste("https://other.example/i/K7QD-2MXP-9WTB"), .join(.useOtherServer))
        #expect(elsewhere.effects.first == .cancel(.token))
        elsewhere.pass(60_000)
        #expect(elsewhere.send(.tick) == [])
    }

    @Test("an answer about another token than the one in the field changes nothing")
    func late() {
        var run = onToken()
        run.send(.paste(Sample.token))
        run.type("cm_pat_")
        #expect(run.effects == [.cancel(.token)])
        run.send(.arrived(.tokenChecked(Secret(Sample.token), Sample.who())))
        #expect(run.screen == .token && run.state.identity == nil)
    }

    @Test("Esc stops the check, then leaves; what is shown is hidden again, the text stays")
    func escape() {
        var run = onToken()
        run.send(.paste(Sample.token), .token(.toggleReveal))
        #expect(run.state.tokenEntry.isRevealed)
        #expect(run.send(.back) == [.cancel(.token)])
        #expect(run.screen == .token)
        run.send(.back)
        #expect(run.screen == .welcome)
        #expect(!run.state.tokenEntry.isRevealed)
        run.send(.welcome(.pasteToken))
        #expect(run.state.inputs[.token]?.text == Sample.token)
    }

    @Test("a cleared token is never brought back")
    func noBringingBack() {
        let run = onToken()
        #expect(run.state.inputs[.token]?.bringsBack == false)
    }

    @Test("a token from a variable is checked, taken without Enter, and never saved")
    func variable() {
        var run = Run(
            request: Request(wayIn: .token(Secret(Sample.token), .variable("CLAUDEMESH_TOKEN"))))
        #expect(run.effects == [.checkToken(Self.access)])
        #expect(run.screen == .token)
        run.send(.arrived(.tokenChecked(Secret(Sample.token), Sample.who())))
        #expect(run.state.identity?.source == .variable("CLAUDEMESH_TOKEN"))
        #expect(!run.effects.contains { if case .saveSignIn = $0 { true } else { false } })
    }

    @Test("a rejected variable is named, and hides any other sign-in while it is set")
    func variableRejected() {
        var run = Run(
            request: Request(wayIn: .token(Secret(Sample.token), .variable("CLAUDEMESH_TOKEN"))))
        run.send(.arrived(.failed(.checkingToken, .api(.unauthorized))))
        #expect(run.screen == .sessionExpired)
        #expect(
            run.state.overlays.top
                == .sessionExpired(SessionExpired(user: nil, source: .variable("CLAUDEMESH_TOKEN"))))
        run.send(.expired(.signIn))
        #expect(run.effects == [.requestDeviceCode(server: "https://claudemesh.com")])
        #expect(run.screen == .signInRequesting)
    }

    // MARK: Recognised where it is pasted

    @Test("a token pasted on welcome is looked up and shown as what it is; one Enter takes it")
    func onWelcome() {
        var run = Run()
        #expect(run.send(.paste(" \(Sample.token)\n")) == [.checkToken(Self.access)])
        #expect(run.screen == .token)
        run.send(.arrived(.tokenChecked(Secret(Sample.token), Sample.who())))
        #expect(run.screen == .tokenChecked)
        run.send(.token(.use))
        #expect(run.state.identity?.user == Sample.ada)
        #expect(Run.afterPaste("nonsense").state.pastedUnknown)
        var other = Run.afterPaste("nonsense")
        other.send(.select(.welcome, .exit))
        #expect(!other.state.pastedUnknown, "said until the next key")
    }

    @Test("begun beside a code, Esc leads back to the code; begun on welcome, to welcome")
    func besideACode() {
        var run = Run.waiting()
        run.send(.signIn(.pasteToken))
        #expect(run.screen == .token)
        run.send(.back)
        #expect(run.screen == .signInWaiting)
        run.send(.back)
        #expect(run.screen == .welcome)
        run.send(.welcome(.pasteToken))
        #expect(run.screen == .token)
        run.send(.back)
        #expect(run.screen == .welcome && run.state.signIn.phase == .waiting)
    }

    @Test("a token pasted while waiting for approval: the code lives on, Enter uses the token")
    func onSignIn() {
        var run = Run.waiting()
        #expect(run.send(.paste(Sample.token)) == [.checkToken(Self.access)])
        #expect(run.screen == .signInWaiting && run.state.signIn.hasPastedToken)
        run.send(.arrived(.tokenChecked(Secret(Sample.token), Sample.who())))
        #expect(run.screen == .signInWaiting)
        run.send(.signIn(.enter))
        #expect(run.state.identity?.kind == .pat)
        #expect(run.effects.contains(.giveUpCode(server: "https://claudemesh.com", Secret("secret-ABCD-EFGH"))))

        var early = Run.waiting()
        early.send(.paste(Sample.token), .signIn(.enter))
        #expect(early.screen == .token)
        early.send(.arrived(.tokenChecked(Secret(Sample.token), Sample.who())))
        #expect(early.state.identity?.kind == .pat)

        // What the server does not take leaves Enter to the browser; where nobody knows yet, it asks again.
        var refused = Run.waiting()
        refused.state.facts.canOpenBrowser = true
        refused.send(.paste(Sample.token))
        refused.send(.arrived(.failed(.checkingToken, .api(.refused(status: 401, body: nil, retryAfter: nil)))))
        #expect(refused.send(.signIn(.enter)) == [.openBrowser(url: refused.state.signInAddress)])
        #expect(refused.screen == .signInWaiting)
        var silent = Run.waiting()
        silent.send(.paste(Sample.token), .arrived(.failed(.checkingToken, .api(.unreachable(.nameNotResolved)))))
        #expect(silent.send(.signIn(.enter)) == [.checkToken(Self.access)])
        silent.send(.arrived(.tokenChecked(Secret(Sample.token), Sample.who())))
        #expect(silent.screen == .signInWaiting && silent.state.identity == nil)

        var dropped = Run.waiting()
        dropped.send(.paste(Sample.token), .back)
        #expect(dropped.screen == .signInWaiting && !dropped.state.signIn.hasPastedToken)
    }

    @Test("a token pasted into the mesh filter asks to be another account; Esc brings this one back")
    func onMeshes() {
        var run = Run.onMeshList()
        run.send(.paste(Sample.token))
        #expect(run.screen == .token)
        #expect(run.state.identity == nil)
        run.send(.back, .back)
        #expect(run.screen == .meshList)
        #expect(run.state.identity?.user == Sample.ada)
        #expect(run.effects == [.checkIdentity(run.state.access), .loadMeshes(run.state.access)])
    }

    @Test(
        "Esc comes back to the list that was opened to change the mesh, whatever became of the token",
        arguments: [
            Arrival.tokenChecked(Secret(Sample.token), Sample.who()), .failed(.checkingToken, .api(.unauthorized)),
        ])
    func onReopenedMeshes(answer: Arrival) {
        var run = Run.returning()
        run.send(.confirm(.changeMesh), .paste(Sample.token), .arrived(answer))
        #expect(run.state.canGoBack)
        while run.step == .pasteToken && run.state.canGoBack { run.send(.back) }
        #expect(run.screen == .meshList)
        #expect(run.state.identity?.user == Sample.ada)
        run.send(.back)
        #expect(run.screen == .confirm && run.state.answers.mesh?.value.id == "m1")
    }

    @Test("on this machine only the token goes nowhere until Enter is pressed on the name of where it goes")
    func onThisMachineOnly() {
        var run = Run(server: Sample.localServer, identity: Sample.identity(source: .local))
        run.send(.arrived(.localServer(Sample.localServer, Sample.identity(source: .local))))
        run.send(.arrived(.meshes(Sample.meshes)))
        run.send(.paste(Sample.token))
        #expect(!run.effects.contains { if case .checkToken = $0 { true } else { false } })
        #expect(run.screen == .token && run.text.contains("Enter sends this token to claudemesh.com."))
        var asked = run
        #expect(asked.send(.token(.check)) == [.checkToken(Self.access)])
        run.send(.back)
        #expect(run.screen == .meshList)
        #expect(run.state.server == Sample.localServer && run.state.identity?.source == .local)
    }

    @Test("while the server of this machine starts a pasted token is refused in words, and an invite stays")
    func whileTheLocalServerStarts() {
        let invite = InviteReference(code: Sample.inviteCode)
        for request in [Request(wayIn: .local), Request(join: invite, wayIn: .local)] {
            var run = Run(server: Sample.localServer, request: request)
            let screen = run.screen
            #expect(run.send(.paste(Sample.token)) == [])
            #expect(run.screen == screen && run.text.contains("This is an access token."), "\(screen)")
            #expect(run.state.inputs[.token]?.text ?? "" == "" && !run.text.contains("cm_pat_"))
            #expect(run.state.join?.reference == request.join)
        }
    }

    @Test("pasted whole, a token takes the place of what was in the field; a link there is looked up as what it is")
    func replaces() {
        var run = onToken()
        let other = "cm_pat_" + String(repeating: "c", count: 52)
        run.send(.paste(Sample.token), .paste(other))
        #expect(run.state.inputs[.token]?.text == other)
        #expect(run.effects == [.checkToken(Access(server: "https://claudemesh.com", token: Secret(other)))])
        run.send(.paste(Sample.inviteLink))
        #expect(run.effects == [JoinTests.look] && run.step == .join)
        run.send(.back, .back)
        #expect(run.screen == .token && run.state.inputs[.token]?.text == other)
    }

    @Test("a token in any other field is refused with the reason, typed or pasted, whole or cut off")
    func elsewhere() {
        var name = Run.returning()
        name.send(.confirm(.changeName))
        var role = Run.returning()
        role.send(.confirm(.changeRole), .role(.other))
        var mesh = Run.onMeshList()
        mesh.send(.mesh(.create))
        var invite = Run()
        invite.send(.welcome(.join))
        let starts = [name, role, mesh, invite, Run.onMeshList()]
        for start in starts {
            for isPasted in [true, false] {
                var run = start
                let before = run.state.focusedField.flatMap { run.state.inputs[$0]?.text }
                let text = "cm_pat_abcdef"
                if isPasted { run.send(.paste(text)) } else { run.type(text) }
                #expect(run.state.focusedField.flatMap { run.state.inputs[$0]?.text } == before)
                #expect(run.text.contains("This is an access token."), "\(run.screen)")
            }
        }
        for start in [name, role, mesh] {
            var run = start
            run.send(.paste(Sample.token))
            #expect(run.screen == start.screen && !run.text.contains("cm_pat_"))
            #expect(run.text.contains("This is an access token."), "\(run.screen)")
            run.send(.back)
            #expect(!run.text.contains("This is an access token."), "\(run.screen)")
        }
    }

    @Test("a whole token in the invite's field is looked up as what it is, by the server in force alone")
    func inTheInviteField() {
        for start in [Run(), Run.onMeshList(), .returning()] {
            var run = start
            if run.screen == .confirm { run.send(.confirm(.changeMesh)) }
            let screen = run.screen
            run.send(screen == .welcome ? .welcome(.join) : .mesh(.join), .paste(Sample.token))
            #expect(run.screen == .token && run.effects.last == .checkToken(Self.access))
            run.send(.back, .back)
            #expect(run.screen == screen && run.state.identity == start.state.identity)
        }
        var flagged = Run(request: Request(join: InviteReference(code: Sample.inviteCode)), identity: Sample.identity())
        flagged.send(.paste(Sample.token))
        #expect(flagged.screen == .token)
        flagged.send(.back, .back)
        #expect(flagged.screen == .meshList && flagged.state.identity?.user == Sample.ada)

        var elsewhere = Run()
        elsewhere.send(.paste("https://other.example/i/K7QD-2MXP-9WTB"), .join(.useOtherServer))
        elsewhere.send(.arrived(.failed(.lookingUpInvite, .api(.down))), .paste(Sample.token))
        #expect(elsewhere.effects.last == .checkToken(Self.access), "the stranger's server hears of no token")
    }

    @Test("a secret never shows itself")
    func secret() {
        var run = Run.waiting()
        run.send(.back, .welcome(.pasteToken), .paste(Sample.token))
        let effect = String(describing: run.effects) + String(reflecting: run.effects)
        #expect(!effect.contains(Sample.token))
        #expect(!String(reflecting: run.state.signIn).contains("secret-"))
        #expect("\(Secret("abc"))" == "•••")
    }
}

extension Run {
    fileprivate static func afterPaste(_ text: String) -> Run {
        var run = Run()
        run.send(.paste(text))
        return run
    }
}
