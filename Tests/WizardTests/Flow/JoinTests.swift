// Joining with an invite, with and without an account.

import Canvas
import FlowEngine
import FoundationEssentials
import Localization
import MeshAPI
import Testing
import Widgets

@testable import Wizard

@Suite("Join")
struct JoinTests {
    static let look = Effect.previewInvite(
        Access(server: "https://claudemesh.com", token: nil), code: Sample.inviteCode)
    /// By the account that is signed in.
    static let signedLook = Effect.previewInvite(
        Access(server: "https://claudemesh.com", token: Sample.sessionToken), code: Sample.inviteCode)
    static let claimed = Arrival.claimed(
        code: Sample.inviteCode,
        InviteClaim(
            mesh: Sample.joinedMesh, membership: .member, token: "cm_session_guest", user: Sample.guest))

    /// At the preview, without an account.
    private func atPreview() -> Run {
        var run = Run()
        run.send(.paste(Sample.inviteLink))
        run.send(.arrived(.invitePreview(code: Sample.inviteCode, Sample.preview)))
        return run
    }

    @Test("an invite link pasted on welcome is looked up and shown; nothing is claimed by looking")
    func recognised() {
        var run = Run()
        #expect(run.send(.paste(Sample.inviteLink)) == [Self.look])
        #expect(run.screen == .joinLink)
        run.send(.arrived(.invitePreview(code: Sample.inviteCode, Sample.preview)))
        #expect(run.screen == .joinPreview)
        #expect(run.effects == [])
        #expect(run.state.inputs[.joinName]?.text == "ada")
    }

    @Test("leaving the preview asks where a name was typed")
    func typedName() {
        var run = atPreview()
        #expect(run.state.losses == [])
        run.type("X")
        #expect(run.state.losses == [.text(.joinName)])
    }

    @Test("without an account a guest is made, stored, and its name is the answer to the name step")
    func guest() {
        var run = atPreview()
        run.type("Valentina")
        #expect(
            run.send(.join(.claim)) == [
                .claimInvite(
                    Access(server: "https://claudemesh.com", token: nil), code: Sample.inviteCode,
                    displayName: "Valentina", idempotencyKey: "run-1")
            ])
        run.send(.arrived(Self.claimed))
        #expect(run.state.identity?.kind == .guest)
        #expect(
            run.effects.first
                == .saveSignIn(
                    SignInRecord(
                        token: Secret("cm_session_guest"), user: Sample.guest, expiresAt: nil, source: .invite,
                        server: "https://claudemesh.com")))
        #expect(run.state.answers.mesh == Answer(MeshName(Sample.joinedMesh), .invite))
        #expect(run.state.answers.name == Answer("Valentina", .person))
        #expect(run.step == .role)
        // A list that was on its way before does not take the mesh away again.
        run.send(.arrived(.meshes([])))
        #expect(run.step == .role)
        run.send(.back)
        #expect(run.screen == .joinSummary)
        #expect(run.effects == [])
        run.send(.join(.keep))
        #expect(run.step == .role)
    }

    @Test("signed in, it is joined as that account")
    func account() {
        var run = Run.onMeshList()
        run.send(.mesh(.join))
        #expect(run.screen == .joinLink)
        run.type(Sample.inviteCode.lowercased())
        #expect(run.send(.join(.lookUp)) == [Self.signedLook])
        run.send(.arrived(.invitePreview(code: Sample.inviteCode, Sample.preview)))
        #expect(run.state.inputs[.joinName]?.text == "Ada Lovelace")
        run.send(.join(.claim))
        guard case .claimInvite(let access, _, _, _) = run.effects.first else {
            Issue.record("no claim")
            return
        }
        #expect(access == run.state.access)
        run.send(
            .arrived(
                .claimed(code: Sample.inviteCode, InviteClaim(mesh: Sample.joinedMesh, membership: .member))))
        #expect(run.state.identity?.user == Sample.ada)
        #expect(run.state.answers.name == Answer("Ada Lovelace", .account))
        #expect(run.step == .role)
        #expect(run.state.join?.joined?.wasMember == false)
    }

    @Test("being a member already is said")
    func wasMember() {
        var run = Run.onMeshList([Sample.joinedMesh, Sample.platform])
        run.send(
            .paste(Sample.inviteLink), .arrived(.invitePreview(code: Sample.inviteCode, Sample.preview)), .join(.claim))
        run.send(
            .arrived(.claimed(code: Sample.inviteCode, InviteClaim(mesh: Sample.joinedMesh, membership: .member))))
        #expect(run.state.join?.joined?.wasMember == true)
        #expect(run.state.meshes.rows.all.filter { $0.id == "m9" }.count == 1)
    }

    @Test("sign in first, then join: the sign-in comes, then the same preview as that account")
    func signInFirst() {
        var run = atPreview()
        #expect(run.send(.join(.signInFirst)) == [.requestDeviceCode(server: "https://claudemesh.com")])
        #expect(run.step == .signIn)
        run.send(.back)
        #expect(run.screen == .joinPreview)
        run.send(.join(.signInFirst), .arrived(.deviceCode(Sample.code)))
        run.approve()
        #expect(run.screen == .joinPreview)
        run.send(.join(.claim))
        guard case .claimInvite(let access, _, _, _) = run.effects.first else {
            Issue.record("no claim")
            return
        }
        #expect(access.token == Secret("cm_session_new"))
    }

    @Test("--join shows the preview at once, without welcome; giving it up leads there", arguments: [true, false])
    func byFlag(signedIn: Bool) {
        var run = Run(
            request: Request(join: InviteReference(code: Sample.inviteCode)),
            identity: signedIn ? Sample.identity() : nil)
        #expect(run.screen == .joinLink)
        #expect(run.effects.contains(signedIn ? Self.signedLook : Self.look))
        run.send(.arrived(.invitePreview(code: Sample.inviteCode, Sample.preview)))
        #expect(run.screen == .joinPreview)
        run.send(.join(.giveUp))
        #expect(run.step == (signedIn ? .mesh : .welcome))
    }

    @Test("-y claims with the prefilled name, and launches")
    func yes() {
        var run = Run(request: Request(join: InviteReference(code: Sample.inviteCode), yes: true))
        run.send(.arrived(.invitePreview(code: Sample.inviteCode, Sample.preview)))
        guard case .claimInvite(_, _, let name, _) = run.effects.first else {
            Issue.record("no claim")
            return
        }
        #expect(name == "ada")
        run.send(.arrived(Self.claimed))
        #expect(run.state.outcome != nil)
    }

    @Test(
        "every reason an invite cannot be used is its own",
        arguments: [
            (APIFailure.refused(410, "invite_expired"), BadInvite.expired),
            (.refused(410, "invite_revoked"), .revoked), (.refused(410, "invite_exhausted"), .exhausted),
            (.refused(404, "not_found"), .unknown),
        ])
    func invalid(failure: APIFailure, problem: BadInvite) {
        var run = Run()
        run.send(.paste(Sample.inviteLink), .arrived(.failed(.lookingUpInvite, .api(failure))))
        #expect(run.screen == .joinLink)
        #expect(run.state.join?.phase == .link(problem))
        // Between preview and claim: the inviter is still known.
        var late = atPreview()
        late.send(.join(.claim), .arrived(.failed(.claimingInvite(mesh: "x"), .api(failure))))
        #expect(late.state.join?.phase == .link(problem))
        #expect(late.state.join?.preview?.inviterName == "Bianca")
        late.type("K")
        #expect(late.state.join?.phase == .link(nil))
    }

    @Test("Esc stops a claim; claimed again it spends the same use")
    func stopClaim() {
        var run = atPreview()
        let claim = run.send(.join(.claim))
        #expect(run.send(.back) == [.cancel(.claim)])
        #expect(run.screen == .joinPreview)
        #expect(run.send(.join(.claim)) == claim)
    }

    @Test("no invite at all: said on Enter")
    func notAnInvite() {
        var run = Run()
        run.send(.welcome(.join), .join(.lookUp))
        #expect(run.state.join?.phase == .link(.empty))
        run.type("hello")
        #expect(run.state.join?.phase == .link(nil))
        run.send(.join(.lookUp))
        #expect(run.state.join?.phase == .link(.notAnInvite))
    }

    @Test("the claim's failure is an overlay with a retry that spends no second use")
    func claimFails() {
        var run = atPreview()
        let claim = run.send(.join(.claim))
        run.send(.arrived(.failed(.claimingInvite(mesh: "guests-welcome"), .api(.broken))))
        #expect(run.screen == .error)
        #expect(run.send(.retry) == claim)
        run.send(.arrived(.failed(.claimingInvite(mesh: "guests-welcome"), .api(.broken))), .back)
        #expect(run.screen == .joinPreview)
        #expect(run.send(.join(.claim)) == claim)
        run.send(.arrived(Self.claimed))
        #expect(run.step == .role && run.state.overlays.isEmpty)
    }

    @Test("a link of another server says so and asks; Esc stays here, going there leaves the account aside")
    func otherServer() {
        let elsewhere = "https://other.example/i/K7QD-2MXP-9WTB"
        var run = Run.onMeshList()
        #expect(run.send(.paste(elsewhere)) == [])
        #expect(run.screen == .joinOtherServer)
        #expect(run.text.contains("This invite is for other.example, and you're on claudemesh.com."))
        var local = run
        local.state.server = Sample.localServer
        #expect(local.text.contains("This invite is for other.example; you are on this machine only."))
        // To stay is the row that Enter takes.
        let rows = screenModel(for: run.state, strings: Strings(.en)).menu
        #expect(rows?.selected?.action == .join(.otherLink) && rows?.items[1].action == .join(.useOtherServer))
        run.send(.back)
        #expect(run.screen == .joinLink)
        run.send(.back)
        #expect(run.screen == .meshList)

        run.send(.paste(elsewhere), .join(.useOtherServer))
        #expect(
            run.effects.contains(
                .previewInvite(Access(server: "https://other.example", token: nil), code: Sample.inviteCode)))
        #expect(run.state.server == Server(baseURL: "https://other.example", host: "other.example"))
        #expect(run.state.identity == nil, "the token is sent to no other server")
        run.send(.arrived(.invitePreview(code: Sample.inviteCode, Sample.preview)), .back)
        #expect(run.state.server == Sample.server)
        #expect(run.state.identity?.user == Sample.ada)
        #expect(run.effects.contains(.loadMeshes(run.state.access)))
    }

    @Test("who is nowhere yet has nothing but the link: where it leads comes first")
    func otherServerFirst() {
        func rows(_ change: (inout Facts) -> Void, _ identity: Identity? = nil) -> [Action] {
            var facts = Sample.facts
            facts.isServerNamed = false
            change(&facts)
            var run = Run(facts: facts, identity: identity)
            run.send(.paste("https://other.example/i/K7QD-2MXP-9WTB"))
            return screenModel(for: run.state, strings: Strings(.en)).menu?.items.map(\.action) ?? []
        }
        let safe: [Action] = [.join(.otherLink), .join(.useOtherServer), .join(.giveUp)]
        #expect(rows { _ in } == [.join(.useOtherServer), .join(.otherLink), .join(.giveUp)])
        #expect(rows { $0.isServerNamed = true } == safe)
        #expect(rows { $0.signedInElsewhere = "third.example" } == safe)
        #expect(rows({ _ in }, Sample.identity()) == safe)
    }

    @Test("Esc undoes the way to another server, found there or not; what is typed anew is looked up here")
    func otherServerUndone() {
        let elsewhere = "https://other.example/i/K7QD-2MXP-9WTB"
        for start in [Run(), Run.onMeshList()] {
            for failure in [APIFailure.down, .refused(404, "not_found")] {
                var run = start
                run.send(.paste(elsewhere), .join(.useOtherServer))
                run.send(.arrived(.failed(.lookingUpInvite, .api(failure))))
                #expect(run.screen == .joinLink && run.state.canGoBack)
                var typed = run
                run.send(.back)
                #expect(run.screen == .joinOtherServer)
                #expect(run.state.server == Sample.server)
                #expect(run.state.identity == start.state.identity)
                #expect(run.effects.contains(.cancel(.preview)))
                run.send(.back)
                #expect(run.screen == .joinLink && run.text.contains("https://claudemesh.com/i/"))

                typed.type("K7QD-2MXP-9WTC")
                #expect(typed.state.server == Sample.server)
                #expect(typed.state.identity == start.state.identity)
                #expect(
                    typed.send(.join(.lookUp))
                        == [.previewInvite(typed.state.access, code: "K7QD-2MXP-9WTC")])
            }
        }
    }

    @Test("a link pasted over an older one is the one that is looked up again")
    func pastedAnew() {
        var run = Run.onMeshList()
        run.send(.mesh(.join))
        run.type("old")
        run.send(.back, .paste(Sample.inviteLink))
        #expect(run.state.inputs[.invite]?.text == Sample.inviteLink)
        run.send(.arrived(.failed(.lookingUpInvite, .api(.down))))
        #expect(run.send(.join(.lookUp)) == [Self.signedLook])
    }

    @Test("a whole link takes the place of what was in the field")
    func replaces() {
        var run = Run()
        run.send(.welcome(.join))
        run.type("https://claudemesh.com/i/AAAA")
        run.send(.paste(Sample.inviteLink))
        #expect(run.state.inputs[.invite]?.text == Sample.inviteLink)
        #expect(run.effects == [Self.look])
    }

    @Test("another server looked at while another account is asked for: Esc leads back through both")
    func otherServerWhileChanging() {
        var run = Run.returning()
        run.send(.confirm(.changeAccount), .paste("https://other.example/i/K7QD-2MXP-9WTB"), .join(.useOtherServer))
        run.send(.arrived(.failed(.lookingUpInvite, .api(.down))))
        while run.state.canGoBack { run.send(.back) }
        #expect(run.screen == .confirm)
        #expect(run.state.identity?.user == Sample.ada)
        #expect(run.state.server == Sample.server)
    }

    @Test("an invite of one's own mesh says so; Enter goes on into that mesh, by the claim that costs a member no use")
    func memberAlready() {
        var preview = Sample.preview
        preview.membership = .admin
        var run = Run.onMeshList()
        run.send(.paste(Sample.inviteLink), .arrived(.invitePreview(code: Sample.inviteCode, preview)))
        #expect(run.text.contains("You are already in guests-welcome"))
        #expect(run.text.contains("▸ Go on in guests-welcome") && !run.text.contains("use left"))
        #expect(!run.text.contains("Join guests-welcome"))
        run.send(.join(.claim))
        run.send(.arrived(.claimed(code: Sample.inviteCode, InviteClaim(mesh: Sample.joinedMesh, membership: .admin))))
        #expect(run.state.answers.mesh?.value.id == "m9" && run.step == .role)
        run.send(.back)
        #expect(run.text.contains("You are already in guests-welcome"))
    }

    @Test("a code of the other server dies with the way back: its approval never meets this server")
    func otherServersCode() {
        var run = Run()
        run.send(.paste("https://other.example/i/K7QD-2MXP-9WTB"), .join(.useOtherServer))
        run.send(.arrived(.invitePreview(code: Sample.inviteCode, Sample.preview)), .join(.signInFirst))
        #expect(run.effects == [.requestDeviceCode(server: "https://other.example")])
        run.send(.arrived(.deviceCode(Sample.code)), .back)
        #expect(run.screen == .joinPreview)
        run.send(.back)
        #expect(run.state.server == Sample.server)
        #expect(run.effects.contains(.giveUpCode(server: "https://other.example", Secret("secret-ABCD-EFGH"))))
        run.approve()
        #expect(run.state.identity == nil)
    }

    @Test("Esc: the preview, then the link, then where it was asked for; the link stays in its field")
    func escape() {
        for start in [Run(), Run.onMeshList()] {
            var run = start
            let screen = run.screen
            run.send(.paste(Sample.inviteLink), .arrived(.invitePreview(code: Sample.inviteCode, Sample.preview)))
            run.send(.back)
            #expect(run.screen == .joinLink)
            #expect(run.state.inputs[.invite]?.text == Sample.inviteLink)
            run.send(.back)
            #expect(run.screen == screen)
            #expect(screen == .welcome || run.state.join == nil)
        }
    }

    @Test("on welcome, choosing another way in leaves the invite")
    func otherWay() {
        var run = Run()
        run.send(.welcome(.join), .back, .welcome(.signIn))
        #expect(run.step == .signIn)
        #expect(run.state.join == nil)
    }

    @Test("a guest who signs in to the same server takes the membership along")
    func adopted() {
        var run = atPreview()
        run.send(.join(.claim), .arrived(Self.claimed), .role(.choose(nil)), .confirm(.changeAccount))
        #expect(run.screen == .welcome)
        run.send(.welcome(.signIn), .arrived(.deviceCode(Sample.code)))
        run.approve()
        let access = Access(server: "https://claudemesh.com", token: Secret("cm_session_new"))
        #expect(run.effects.contains(.adoptGuest(access, guest: Secret("cm_session_guest"))))
        #expect(!run.effects.contains(.loadMeshes(access)), "the list comes once the membership is in it")
        #expect(run.state.answers.mesh?.value.id == "m9")
        #expect(run.send(.arrived(.guestAdopted)) == [.loadMeshes(access)])
        run.send(.arrived(.meshes([Sample.joinedMesh, Sample.platform])))
        #expect(run.screen == .confirm)
        #expect(run.state.answers.mesh?.value.id == "m9")
    }

    /// On the mesh list, a guest of one mesh.
    private func guestOnMeshList() -> Run {
        var run = Run(
            memory: RememberedAnswers(mesh: MeshName(Sample.platform), name: "ada", role: .some(nil)),
            identity: Sample.identity(Sample.guest, kind: .guest), saved: [Sample.platform])
        run.send(.arrived(.meshes([Sample.platform])), .confirm(.changeMesh))
        return run
    }

    @Test("a guest is offered no mesh to create, but the sign-in that it takes; what is not allowed is not tried again")
    func guestCreates() {
        var run = guestOnMeshList()
        #expect(run.text.contains("Sign in to create a mesh…") && !run.text.contains("  Create a mesh"))
        let row = screenModel(for: run.state, strings: Strings(.en)).menu?.items.first
        #expect(row?.id == .createMesh && row?.action == .signIn(.anotherAccount))
        run.send(.mesh(.create), .mesh(.submit))
        run.send(.arrived(.failed(.creatingMesh(name: "x"), .api(.refused(403, "guest_only")))))
        #expect(run.screen == .error && !run.text.contains("Retry now"))
    }

    @Test("a guest signs in before another mesh is joined, and takes the one there is along; Esc leads back")
    func guestJoins() {
        var run = guestOnMeshList()
        run.send(.paste(Sample.inviteLink), .arrived(.invitePreview(code: Sample.inviteCode, Sample.preview)))
        let rows = screenModel(for: run.state, strings: Strings(.en)).menu?.items.map(\.action)
        #expect(rows == [.join(.signInFirst)] && run.text.contains("Enter choose"))
        run.send(.join(.signInFirst))
        #expect(run.effects.last == .requestDeviceCode(server: "https://claudemesh.com"))
        run.send(.back)
        #expect(run.screen == .joinPreview && run.state.identity?.user == Sample.guest)
        run.send(.join(.signInFirst), .arrived(.deviceCode(Sample.code)))
        run.approve()
        #expect(run.screen == .joinPreview)
        #expect(run.effects.contains { if case .adoptGuest = $0 { true } else { false } })
        run.send(.join(.claim))
        guard case .claimInvite(let access, _, _, _) = run.effects.first else {
            Issue.record("no claim")
            return
        }
        #expect(access.token == Secret("cm_session_new"))

        // A guest's own mesh is joined already.
        var own = Sample.preview
        own.membership = .member
        var again = guestOnMeshList()
        again.send(.paste(Sample.inviteLink), .arrived(.invitePreview(code: Sample.inviteCode, own)))
        #expect(again.text.contains("▸ Go on in guests-welcome"))
    }

    @Test("-y joins no guest to another mesh: it says what is missing, or shows the sign-in that it takes")
    func guestJoinsWithoutQuestions() {
        let asked = Request(join: InviteReference(code: Sample.inviteCode), yes: true)
        func run(_ preview: InvitePreview) -> Run {
            var run = Run(
                request: asked,
                memory: RememberedAnswers(mesh: MeshName(Sample.platform), name: "ada", role: .some(nil)),
                identity: Sample.identity(Sample.guest, kind: .guest), saved: [Sample.platform])
            run.send(.arrived(.invitePreview(code: Sample.inviteCode, preview)))
            return run
        }
        let other = run(Sample.preview)
        #expect(other.effects == [] && other.state.standing == .missing(.account))
        #expect(other.text.contains("▸ Sign in first"))
        var own = Sample.preview
        own.membership = .member
        #expect(run(own).state.standing == .waiting && run(own).state.join?.phase == .claiming)
    }

    @Test("a guest's membership that cannot be taken along: retried, or gone on without")
    func adoptionFails() {
        var run = atPreview()
        run.send(.join(.claim), .arrived(Self.claimed), .role(.choose(nil)), .confirm(.changeAccount))
        run.send(.welcome(.signIn), .arrived(.deviceCode(Sample.code)))
        run.approve()
        run.send(.arrived(.failed(.adoptingGuest, .api(.broken))))
        #expect(run.screen == .error)
        guard case .adoptGuest = run.send(.retry).first else {
            Issue.record("no retry")
            return
        }
        run.send(.arrived(.failed(.adoptingGuest, .api(.broken))), .back)
        #expect(run.effects.contains(.loadMeshes(run.state.access)))
    }

    @Test("without a step to go back to Esc still stands before help")
    func barWithoutAWayBack() {
        var run = Run(request: Request(join: InviteReference.parse(Sample.inviteLink)))
        run.send(.arrived(.failed(.lookingUpInvite, .api(.refused(410, "invite_expired")))))
        #expect(run.screen == .joinLink && !run.state.canGoBack)
        let bar = screenModel(for: run.state, strings: Strings(.en)).keys.compactMap { $0.bar?.key }
        #expect(bar == ["Ctrl-U", "Enter", "Esc", "F1", "Ctrl-C"])
    }
}
