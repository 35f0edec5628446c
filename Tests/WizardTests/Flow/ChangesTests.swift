// Every change accounted for: what an action changes in the whole state, and that it changes nothing else.

import Canvas
import FlowEngine
import MeshAPI
import Testing
import Widgets

@testable import Wizard

@Suite("Every change and effect is accounted for")
struct ChangesTests {
    /// Sends `action`, and compares the whole state with the one before it after `change`. What the engine itself keeps
    /// (the way, and how the screen appeared) has tests of its own.
    private func expect(
        _ start: Run, _ action: Action, _ effects: [Effect] = [], at place: SourceLocation = #_sourceLocation,
        _ change: (inout WizardState) -> Void
    ) {
        var run = start
        var expected = start.state
        change(&expected)
        let given = run.send(action)
        expected.history = run.state.history
        expected.appearance = run.state.appearance
        expected.wait = run.state.wait
        #expect(given == effects, sourceLocation: place)
        if run.state != expected {
            let differences = zip(Mirror(reflecting: run.state).children, Mirror(reflecting: expected).children)
                .filter { String(describing: $0.0.value) != String(describing: $0.1.value) }
                .map { "\($0.0.label ?? ""): \($0.0.value)\n   expected \($0.1.value)" }
            Issue.record("\(action)\n\(differences.joined(separator: "\n"))", sourceLocation: place)
        }
    }

    @Test func onAnyScreen() {
        let run = Run.waiting()
        expect(run, .select(.welcome, .exit)) {
            $0.selections[.welcome] = .exit
            $0.rowsInFocus = .welcome
        }
        expect(run, .help) { $0.overlays.present(.help) }
        expect(run, .tick) { _ in }
        expect(run, .resumed, [.nudgePoll]) { _ in }
        expect(run, .resized(Size(width: 100, height: 30))) { $0.size = Size(width: 100, height: 30) }
        expect(run, .back) { _ in }
        expect(run, .dismiss) { _ in }
        expect(run, .leave) { _ in }
        expect(run, .goOnNested) { _ in }
        expect(run, .toggleASCII, [.saveASCII(true)]) { $0.settings.ascii = true }
        expect(run, .interrupt) {
            $0.overlays.present(.quit(Quit(losses: [.code("ABCD-EFGH")], byInterrupt: true, onWelcome: false)))
        }
    }

    @Test(
        "an action of a screen that is not up changes nothing",
        arguments: [
            Action.welcome(.local), .join(.claim), .token(.use), .mesh(.choose(id: "m1")), .mesh(.create),
            .name(.submit),
            .role(.choose("lead")), .confirm(.launch), .confirm(.changeAccount), .expired(.signIn),
            .edit(.name, TextInput("x")), .signIn(.keep), .signIn(.anotherAccount),
        ])
    func elsewhere(action: Action) {
        expect(Run.waiting(), action) { _ in }
    }

    @Test(
        "an answer nobody waits for changes nothing",
        arguments: [
            Arrival.poll(.denied), .tokenChecked(Secret("x"), Sample.who()), .identityChecked(Sample.who()),
            .identityCheckFailed(.unauthorized), .meshes(Sample.meshes),
            .invitePreview(code: Sample.inviteCode, Sample.preview),
            .claimed(code: Sample.inviteCode, InviteClaim(mesh: Sample.joinedMesh, membership: .member)),
            .localServer(Sample.localServer, Sample.identity(source: .local)), .meshCreated(Sample.platform),
            .failed(.requestingCode, .api(.down)), .failed(.loadingMeshes, .api(.down)),
            .failed(.checkingToken, .api(.down)), .failed(.lookingUpInvite, .api(.down)),
            .failed(.creatingMesh(name: "x"), .api(.down)), .failed(.claimingInvite(mesh: "x"), .api(.down)),
            .failed(.startingLocalServer, .localServer(reason: "x")), .failed(.savingSignIn, .api(.cancelled)),
        ])
    func late(arrival: Arrival) {
        expect(Run(), .arrived(arrival)) { _ in }
    }

    @Test func signIn() {
        expect(Run(), .welcome(.signIn), [.requestDeviceCode(server: "https://claudemesh.com")]) {
            $0.wayIn = .browser
            $0.signIn.phase = .requesting
        }
        let run = Run.waiting()
        expect(run, .arrived(.poll(.clockFast))) { $0.signIn.isClockFast = true }
        expect(run, .arrived(.poll(.pending(opened: true)))) { $0.signIn.isOpened = true }
        expect(run, .arrived(.copied(.sentToTerminal))) { $0.signIn.copied = .sentToTerminal }
        expect(run, .arrived(.poll(.lost))) { $0.signIn.phase = .lost }
        expect(run, .signIn(.copy), [.copy(run.state.signInAddress)]) { _ in }
    }

    @Test func approved() {
        let run = Run.waiting()
        let token = Secret("cm_session_new")
        let record = SignInRecord(
            token: token, user: Sample.ada, expiresAt: 5, source: .deviceCode, server: "https://claudemesh.com")
        expect(
            run, .arrived(.poll(.approved(token: token, user: Sample.ada, expiresAt: 5))),
            [
                .saveSignIn(record), .recall(server: "https://claudemesh.com", userID: "u1"),
                .loadMeshes(Access(server: "https://claudemesh.com", token: token)),
            ]
        ) {
            $0.signIn.phase = .approved
            let identity = Identity(
                user: Sample.ada, kind: .session, token: token, source: .thisRun, expiresAt: 5, check: .checked)
            $0.account = .somebody(SignedIn(identity: identity, wayIn: .browser))
            $0.saving = Saving(record: record)
            $0.meshes.phase = .loading
        }
    }

    @Test func answers() {
        let list = Run.onMeshList()
        expect(list, .mesh(.choose(id: "m2"))) {
            $0.answers.mesh = Answer(MeshName(Sample.planning), .person)
            $0.inputs[.name] = TextInput("Ada Lovelace")
        }
        expect(list, .mesh(.choose(id: "nobody's"))) { _ in }
        var name = list
        name.send(.mesh(.choose(id: "m2")))
        expect(name, .name(.submit)) { $0.answers.name = Answer("Ada Lovelace", .account) }
        expect(name, .edit(.name, TextInput(String(repeating: "x", count: 65)))) { $0.fieldProblem = .tooLong(max: 64) }
        name.send(.name(.submit))
        expect(name, .role(.choose(nil))) { $0.answers.role = Answer(nil, .person) }
        expect(name, .role(.other)) {
            $0.writesOwnRole = true
            $0.inputs[.role] = TextInput("")
        }
    }

    @Test func drafts() {
        let list = Run.onMeshList()
        expect(list, .mesh(.create)) {
            var draft = MeshDraft(slug: "adas-mesh", idempotencyKey: "run-1")
            draft.openedWith = "Ada's mesh"
            $0.meshes.draft = draft
            $0.inputs[.meshName] = TextInput("Ada's mesh")
            $0.keysMade = 1
        }
        expect(list, .mesh(.join)) {
            $0.join = Join()
            $0.inputs[.invite] = TextInput("")
        }
    }
}
