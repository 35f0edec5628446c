// Everything around the wizard, pretended: tasks that are under way, and the answers they may get. The property tests let
// chance decide which; `finish` is a patient person with a sound server.

import Canvas
import FlowEngine
import MeshAPI
import TestSupport
import Widgets

@testable import Wizard

struct World {
    var run: Run
    var random: Random
    /// What is under way, by its task.
    private(set) var tasks: [EffectTask: Effect] = [:]
    /// What is under way without a task's name: files.
    private(set) var files: [Effect] = []
    private(set) var history: [String] = []

    init(_ run: Run, seed: UInt64) {
        self.run = run
        random = Random(seed: seed)
        take(run.effects)
    }

    mutating func send(_ action: Action) {
        history.append("\(action) on \(run.screen)")
        take(run.send(action))
    }

    private mutating func take(_ effects: [Effect]) {
        for effect in effects {
            switch effect {
            case .cancel(let task): tasks[task] = nil
            case .saveSignIn, .recall, .lookForAgent: files.append(effect)
            default:
                if let task = effect.task { tasks[task] = effect }
            }
        }
    }

    private mutating func chance(_ outOf: UInt64) -> Bool { random.next() % outOf == 0 }

    private mutating func pick<Element>(_ all: [Element]) -> Element? {
        all.isEmpty ? nil : all[Int(random.next() % UInt64(all.count))]
    }

    // MARK: Answers

    /// Something that is under way comes to an answer, good or bad.
    mutating func answerSomething() {
        if !files.isEmpty, chance(2) {
            let file = files.removeFirst()
            return send(.arrived(fileAnswer(file)))
        }
        guard let task = pick(tasks.keys.sorted { $0.rawValue < $1.rawValue }), let effect = tasks[task] else { return }
        let answer = chance(3) ? bad(effect) : good(effect)
        guard let answer else { return }
        if !isPending(answer) { tasks[task] = nil }
        send(.arrived(answer))
    }

    private func isPending(_ answer: Arrival) -> Bool {
        switch answer {
        case .poll(.pending), .poll(.trouble), .poll(.clockFast): true
        case .meshesSoFar: true
        default: false
        }
    }

    private mutating func fileAnswer(_ effect: Effect) -> Arrival {
        switch effect {
        case .saveSignIn where chance(3): .failed(.savingSignIn, .file(path: "auth.json", reason: "disk full"))
        case .saveSignIn: .saved(path: "~/.claudemesh/auth.json")
        case .recall where chance(2): .recalled(Sample.memory, meshes: Sample.meshes, savedAt: 1_700_000_000)
        case .recall: .recalled(RememberedAnswers(), meshes: [], savedAt: nil)
        default: .agent(chance(2) ? Sample.noAgent : Sample.agent)
        }
    }

    private mutating func good(_ effect: Effect) -> Arrival? {
        switch effect {
        case .checkServer(let server): return .serverChecked(server, version: "0.2.0")
        case .requestDeviceCode: return .deviceCode(Sample.deviceCode(chance(2) ? "ABCD-EFGH" : "JKLM-NPQR"))
        case .poll:
            if chance(3) { return .poll(.pending(opened: chance(2))) }
            return .poll(.approved(token: Secret("cm_session_new"), user: anybody(), expiresAt: nil))
        case .checkToken(let access): return access.token.map { .tokenChecked($0, Sample.who(anybody())) }
        case .checkIdentity: return .identityChecked(Sample.who(run.state.identity?.user ?? Sample.ada))
        case .loadMeshes: return chance(4) ? .meshesSoFar(100) : .meshes(anyMeshes())
        case .createMesh(_, let name, _, _): return .meshCreated(Sample.mesh("new-\(name)", name, .owner))
        case .renameMesh(_, let id, let name): return .meshRenamed(Sample.mesh(id, name))
        case .makeInvite(_, let mesh, _): return .inviteMade(mesh: mesh, Sample.invite)
        case .leaveMesh(_, let id, _): return .meshLeft(id: id)
        case .previewInvite(_, let code): return .invitePreview(code: code, Sample.preview)
        case .claimInvite(let access, let code, _, _):
            let isGuest = access.token == nil
            return .claimed(
                code: code,
                InviteClaim(
                    mesh: Sample.joinedMesh, membership: .member, token: isGuest ? "cm_session_guest" : nil,
                    user: isGuest ? Sample.guest : nil))
        case .lookAtDirectory(let text): return .directory(text, Workplace(path: text, shown: text, name: nil))
        case .adoptGuest: return .guestAdopted
        case .startLocalServer:
            return .localServer(Sample.localServer, Sample.identity(source: .local, check: .checked))
        default: return nil
        }
    }

    private mutating func bad(_ effect: Effect) -> Arrival? {
        switch effect {
        case .checkServer: .failed(.checkingServer, .api(anyFailure()))
        case .requestDeviceCode: .failed(.requestingCode, .api(anyFailure()))
        case .poll:
            .poll(
                pick([
                    .denied, .expired, .lost, .clockFast, .trouble(.down, retryAt: run.now.boot + 3000),
                ]) ?? .denied)
        case .checkToken: .failed(.checkingToken, .api(anyFailure()))
        case .checkIdentity: .identityCheckFailed(anyFailure())
        case .loadMeshes: .failed(.loadingMeshes, .api(anyFailure()))
        case .createMesh(_, let name, _, _):
            .failed(.creatingMesh(name: name), .api(chance(3) ? .refused(409, "slug_taken") : anyFailure()))
        case .renameMesh: .failed(.renamingMesh, .api(anyFailure()))
        case .makeInvite: .failed(.makingInvite, .api(anyFailure()))
        case .leaveMesh(_, _, let name):
            .failed(.leavingMesh(name: name), .api(chance(3) ? .refused(409, "last_owner") : anyFailure()))
        case .previewInvite: .failed(.lookingUpInvite, .api(chance(3) ? .refused(410, "invite_revoked") : anyFailure()))
        case .claimInvite:
            .failed(.claimingInvite(mesh: "x"), .api(chance(3) ? .refused(410, "invite_exhausted") : anyFailure()))
        case .lookAtDirectory(let text): .directory(text, nil)
        case .adoptGuest: .failed(.adoptingGuest, .api(anyFailure()))
        case .startLocalServer: .failed(.startingLocalServer, .localServer(reason: "port taken"))
        default: nil
        }
    }

    private mutating func anyFailure() -> APIFailure {
        pick([.unauthorized, .down, .broken, .refused(403, "forbidden"), .refused(404, "not_found")]) ?? .down
    }

    private mutating func anybody() -> User { chance(2) ? Sample.ada : Sample.bob }

    private mutating func anyMeshes() -> [Mesh] {
        pick([Sample.meshes, [Sample.platform], [], [Sample.planning]]) ?? []
    }

    // MARK: A person

    /// Anything anybody could do, whether the screen offers it or not.
    mutating func doSomething() {
        let screens = ScreenID.allCases
        let actions: [Action] = [
            .back, .back, .back, .help, .quit, .interrupt, .dismiss, .retry, .toggleASCII, .goOnNested, .goThere,
            .startHere, .tick, .painted(whole: true),
            .resumed, .resized(Size(width: 20, height: 5)), .resized(Size(width: 80, height: 24)),
            .select(pick(screens) ?? .welcome, .mesh("m2")),
            .paste(Sample.token), .paste(Sample.inviteLink), .paste("https://other.example/i/K7QD-2MXP-9WTB"),
            .paste("pla"), .paste(String(repeating: "x", count: 100)),
            .welcome(.signIn), .welcome(.pasteToken), .welcome(.join), .welcome(.createAccount), .welcome(.local),
            .welcome(.changeServer), .server(.submit), .edit(.server, TextInput("mesh.example.org")),
            .join(.lookUp), .join(.claim), .join(.signInFirst), .join(.useOtherServer), .join(.keep), .join(.giveUp),
            .join(.otherLink),
            .signIn(.enter), .signIn(.newCode), .signIn(.pasteToken), .signIn(.local), .signIn(.keep),
            .signIn(.anotherAccount), .signIn(.copy), .signIn(.showQR(true)), .signIn(.openBrowser),
            .token(.check), .token(.use), .token(.another), .token(.browser), .token(.toggleReveal),
            .mesh(.choose(id: "m1")), .mesh(.choose(id: "gone")), .mesh(.create), .mesh(.submit), .mesh(.join),
            .mesh(.clearFilter),
            .name(.submit), .role(.choose("tester")), .role(.choose(nil)), .role(.other), .role(.submit),
            .confirm(.changeMesh), .confirm(.changeName), .confirm(.changeRole), .confirm(.changeAccount),
            .confirm(.lookAgain), .expired(.signIn), .expired(.pasteToken),
            .mesh(.open(id: "m1")), .mesh(.open(id: "m2")), .mesh(.rename), .edit(.meshRename, TextInput("New")),
            .settings, .change(.language), .change(.accent), .change(.usage), .confirm(.changeDirectory),
            .edit(.directory, TextInput("/srv")), .confirm(.submitDirectory),
            .confirm(.useDirectory(Workplace(path: "/srv", shown: "/srv", name: "srv"))), .startNew,
            .mesh(.submitRename), .mesh(.invite), .mesh(.copyInvite), .mesh(.askToLeave), .mesh(.leave),
        ]
        guard let action = pick(actions) else { return }
        // Leaving ends the walk; it is tested elsewhere.
        let leaves = run.state.overlays.top?.id == .quit || run.state.losses.isEmpty
        if leaves, action == .quit || action == .interrupt { return }
        send(action)
    }

    mutating func step() {
        switch random.next() % 5 {
        case 0, 1: answerSomething()
        case 2:
            if let next = run.state.nextTick { run.pass(max(0, next - run.now.boot)) }
            send(.tick)
        default: doSomething()
        }
    }

    // MARK: Patience

    /// A person who wants to launch, with a server that does its part. False where that leads nowhere.
    mutating func finish() -> Bool {
        send(.resized(Size(width: 80, height: 24)))
        for _ in 0..<120 {
            if case .launch = run.state.outcome { return true }
            if let file = files.first {
                files.removeFirst()
                switch file {
                case .saveSignIn: send(.arrived(.saved(path: "auth.json")))
                case .recall: send(.arrived(.recalled(RememberedAnswers(), meshes: [], savedAt: nil)))
                default: send(.arrived(.agent(Sample.agent)))
                }
            } else if let task = tasks.keys.min(by: { $0.rawValue < $1.rawValue }), let effect = tasks[task],
                let answer = good(effect)
            {
                if !isPending(answer) { tasks[task] = nil }
                send(.arrived(answer))
            } else {
                press()
            }
        }
        return false
    }

    /// What such a person does on the screen that is up.
    private mutating func press() {
        switch run.screen {
        case .welcome: send(.welcome(.signIn))
        case .server: send(.back)
        case .joinLink, .joinOtherServer: send(.join(.giveUp))
        case .joinPreview: send(.join(.claim))
        case .joinSummary: send(.join(.keep))
        case .signInRequesting, .signInApproved: send(.tick)
        case .signInWaiting: send(.tick)
        case .signInUnavailable: send(.retry)
        case .signInDenied, .signInExpired, .signInLost: send(.signIn(.newCode))
        case .signInSummary: send(.signIn(.keep))
        case .token: send(.token(.browser))
        case .tokenChecked: send(.token(.use))
        case .meshList:
            send(run.state.meshes.rows[0].map { .mesh(.choose(id: $0.id)) } ?? .mesh(.clearFilter))
            if run.screen == .meshList && run.state.meshes.rows.all.isEmpty { send(.mesh(.create)) }
        case .meshCreate:
            send(.edit(.meshName, TextInput("fresh")))
            send(.mesh(.submit))
        case .meshActions, .meshRename, .meshInvite, .meshLeave, .directory, .settings: send(.back)
        case .launches: send(.startNew)
        case .name:
            send(.edit(.name, TextInput("Ada")))
            send(.name(.submit))
        case .role, .roleOther: send(.role(.choose(nil)))
        case .confirm: send(.confirm(.launch))
        case .agentMissing: send(.confirm(.lookAgain))
        case .handOff:
            run.pass(2000)
            send(.tick)
        case .help, .quit: send(.dismiss)
        case .error: send(.dismiss)
        case .sessionExpired: send(.expired(.signIn))
        case .nested: send(.goOnNested)
        case .elsewhere: send(.startHere)
        case .tooSmall: send(.resized(Size(width: 80, height: 24)))
        }
    }
}
