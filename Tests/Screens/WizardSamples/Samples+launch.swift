// Sample states: joining, the mesh list, name, role, the last look.

import Canvas
import FlowEngine
import FoundationEssentials
import Localization
import MeshAPI
import Wizard

extension Samples {
    // MARK: Joining

    var join: [SampleScreen] {
        let code = "K7QD-2MXP-9WTB"
        let preview = InvitePreview(
            meshName: "platform-team", inviterName: "Bianca Sol", role: .member,
            expiresAt: .init(timeIntervalSince1970: Double(Self.now.wall + 6 * 86_400 + 60)), usesLeft: 1,
            memberCount: 9)
        var ended = preview
        ended.expiresAt = .init(timeIntervalSince1970: Double(Self.now.wall - 86_400))
        var own = preview
        own.membership = .owner
        let asked: [Action] = [.welcome(.join)]
        let lookedUp = [type(code, in: .invite), .join(.lookUp)]
        let previewed = lookedUp + [Action.arrived(.invitePreview(code: code, preview))]
        let expired = Action.arrived(
            .failed(
                .claimingInvite(mesh: ""),
                .api(.refused(status: 410, body: ErrorBody(error: "invite_expired"), retryAfter: nil))))
        let guest = fresh { $0.facts.loginName = "Valentina" }
        let claim = InviteClaim(mesh: Self.five[1], membership: .member)
        return [
            sample("join.empty", fresh(), asked),
            sample("join.not-an-invite", fresh(), asked + [type("hello", in: .invite), .join(.lookUp)]),
            sample("join.looking-up", fresh(), asked + lookedUp),
            sample(
                "join.invalid", guest,
                asked + lookedUp + [.arrived(.invitePreview(code: code, ended)), .join(.claim), expired]),
            sample(
                "join.unreachable", fresh(),
                asked + lookedUp + [.arrived(.failed(.lookingUpInvite, .api(.unreachable(.webPage))))]),
            sample("join.preview", guest, asked + previewed),
            sample(
                "join.preview-signed-in", signedIn(), [.arrived(.meshes([])), .mesh(.join)] + previewed),
            sample(
                "join.preview-guest", guestState,
                [.arrived(.meshes(Self.five)), .mesh(.join)] + previewed),
            sample(
                "join.preview-member", signedIn(),
                [.arrived(.meshes([])), .mesh(.join)] + lookedUp
                    + [.arrived(.invitePreview(code: code, own))]),
            sample(
                "join.name-refused", guest,
                asked + previewed + [type(String(repeating: "a", count: 65), in: .joinName)]),
            sample("join.joining", guest, asked + previewed + [.join(.claim)]),
            sample(
                "join.other-server", signedIn(),
                [.arrived(.meshes([])), .mesh(.join), .paste("https://mesh.example.org/i/\(code)")]),
            sample(
                "join.summary", signedIn(),
                [.arrived(.meshes(Self.five)), .mesh(.join)] + previewed
                    + [.join(.claim), .arrived(.claimed(code: code, claim)), .back]),
        ]
    }

    // MARK: Meshes

    static let five = [
        mesh("m1", "platform-team", .owner, 9), mesh("m2", "planning", .member, 4),
        mesh("m3", "bianca-sol", .member, 2),
        mesh("m4", "claudefarm", .admin, 12), mesh("m5", "dev", .owner, 1),
    ]

    /// The same with peers in three of them.
    static let lively: [Mesh] = {
        var meshes = five
        meshes[0].here = PeersHere(count: 4, names: ["reviewer", "api", "ci"])
        meshes[0].unread = 2
        meshes[1].here = PeersHere(count: 2, names: ["reviewer", "api"])
        meshes[3].here = PeersHere(count: 1, names: ["continuous-integration"])
        return meshes
    }()

    /// Four of them match "pla".
    static let many =
        [
            five[0], five[1], mesh("m6", "plataforma-norte", .member, 31), mesh("m7", "replay-lab", .admin, 2),
        ] + (0..<2996).map { mesh("x\($0)", "team-\($0)", .member, 2 + $0 % 40) }

    static func mesh(_ id: String, _ name: String, _ membership: Membership, _ members: Int, owner: String? = nil)
        -> Mesh
    {
        Mesh(
            id: id, slug: Slug.from(name), name: name, membership: membership, memberCount: members,
            createdAt: .init(timeIntervalSince1970: 0), joinedAt: .init(timeIntervalSince1970: 0), ownerName: owner)
    }

    /// Joined by an invite, without an account.
    private var guestState: WizardState { signedIn { $0.account.correct { $0.kind = .guest } } }

    /// Signed in in this run, so that there is a way back.
    var arriving: WizardState {
        var state = run(fresh(), toCode)
        for action in [
            Action.arrived(.poll(.approved(token: Secret("cm_session_sample"), user: Self.person, expiresAt: nil)))
        ] {
            _ = reduce(&state, action, at: state.now)
        }
        return state
    }

    /// `arriving` with these meshes.
    func with(_ meshes: [Mesh], _ actions: [Action] = []) -> WizardState {
        var state = arriving
        for action in [Action.arrived(.meshes(meshes))] + actions {
            _ = reduce(&state, action, at: state.now)
        }
        return state
    }

    /// A sample of a state that is already on its way.
    private func seen(_ name: String, _ state: WizardState) -> SampleScreen { SampleScreen(name: name, state: state) }

    var mesh: [SampleScreen] {
        let loading = run(signedIn { $0.account.correct { $0.check = .checked } }, [type("pla", in: .meshFilter)])
        let twins = [
            Self.mesh("m1", "dev", .member, 4, owner: "Bianca Sol"),
            Self.mesh("m2", "dev", .owner, 2, owner: "Ana Ferreiro"),
        ]
        let own = "Valentina's mesh"
        return [
            seen("mesh.list", with(Self.five)),
            seen("mesh.list.live", with(Self.lively)),
            sample("mesh.guest", guestState, [.arrived(.meshes(Self.five))]),
            seen("mesh.long-list", with(Self.many, [.select(.meshList, .mesh("x200"))])),
            seen("mesh.filtered", with(Self.many, [type("pla", in: .meshFilter)])),
            seen("mesh.loading", loading),
            seen("mesh.no-match", with(Self.many, [type("platfrom", in: .meshFilter)])),
            seen("mesh.none", with([])),
            seen("mesh.error-saved-list", savedList),
            seen("mesh.same-name", with(twins)),
            sample("mesh.gone", returning(), [.arrived(.meshes(Self.five.suffix(4)))]),
            sample(
                "mesh.unknown", signedIn { $0.request.mesh = Answer("platfrom-team", .flag("--mesh")) },
                [.arrived(.meshes(Self.five))]),
            seen("mesh.words", with(Self.many, [type("7 team 4", in: .meshFilter)])),
        ] + opened + [
            sample("mesh.starting-local", fresh(), [.welcome(.local)]),
            seen("mesh.create", with([], [.mesh(.create)])),
            seen("mesh.create-taken", with(Self.five, [.mesh(.create), type("dev", in: .meshName)])),
            seen("mesh.creating", with([], [.mesh(.create), type(own, in: .meshName), .mesh(.submit)])),
        ]
    }

    /// A row that was opened.
    private var opened: [SampleScreen] {
        let open = Action.mesh(.open(id: "m1"))
        let invite = Invite(
            id: "i1", code: "K7QD-2MXP-9WTB", url: "https://claudemesh.com/i/K7QD-2MXP-9WTB",
            expiresAt: .init(timeIntervalSince1970: Double(Self.now.wall + 7 * 86_400)))
        var lively = Self.five
        lively[0].here = PeersHere(count: 4, names: ["reviewer", "api", "ci"])
        return [
            seen("mesh.actions", with(lively, [open])),
            seen("mesh.actions-member", with(Self.five, [.mesh(.open(id: "m2"))])),
            seen("mesh.rename", with(Self.five, [open, .mesh(.rename)])),
            seen(
                "mesh.renaming",
                with(Self.five, [open, .mesh(.rename), type("platform", in: .meshRename), .mesh(.submitRename)])),
            seen("mesh.inviting", with(Self.five, [open, .mesh(.invite)])),
            seen("mesh.invite", with(Self.five, [open, .mesh(.invite), .arrived(.inviteMade(mesh: "m1", invite))])),
            seen("mesh.leave", with(Self.five, [open, .mesh(.askToLeave)])),
            seen(
                "mesh.left",
                with(Self.five, [open, .mesh(.askToLeave), .mesh(.leave), .arrived(.meshLeft(id: "m1"))])),
        ]
    }

    /// No answer for the fourth time; the rows are yesterday's.
    private var savedList: WizardState {
        var state = arriving
        let failed = Action.arrived(.failed(.loadingMeshes, .api(Self.silence)))
        let recalled = Action.arrived(
            .recalled(RememberedAnswers(), meshes: Self.five, savedAt: Self.now.wall - 86_400 + 6 * 3600 + 240))
        for action in [recalled, failed, .retry, failed, .retry, failed, .retry, failed] {
            _ = reduce(&state, action, at: state.now)
        }
        return state
    }

    // MARK: Name and role

    var nameAndRole: [SampleScreen] {
        let chosen: [Action] = [.mesh(.choose(id: "m1"))]
        let named = chosen + [.name(.submit)]
        return [
            seen("name", with(Self.five, chosen)),
            seen("name.empty", with(Self.five, chosen + [type("", in: .name), .name(.submit)])),
            seen("name.too-long", with(Self.five, chosen + [type(String(repeating: "a", count: 65), in: .name)])),
            seen("role", with(Self.five, named)),
            seen("role-other", with(Self.five, named + [.role(.other), type("release captain", in: .role)])),
        ]
    }

    // MARK: Confirm

    var confirm: [SampleScreen] {
        let answered: [Action] = [.mesh(.choose(id: "m1")), .name(.submit), .role(.choose(nil))]
        let given = signedIn { state in
            state.request.name = Answer("ci", .flag("--name"))
            state.request.role = Answer("tester", .variable("CLAUDEMESH_ROLE"))
            state.account.correct { $0.source = .variable("CLAUDEMESH_TOKEN") }
        }
        let resumed = returning { state in
            state.request.resume = Resume(
                sessionID: state.facts.sessionID, mesh: MeshName(id: "m2", slug: "planning", name: "planning"),
                name: "Ana", role: nil)
        }
        let local = signedIn { state in
            state.server = Server(baseURL: "http://127.0.0.1:7420", host: "127.0.0.1:7420", isLocal: true)
            state.facts.isLocalByFlag = true
            state.account.correct { $0.source = .local }
        }
        let places = ["~/.local/bin", "/usr/local/bin", "~/.claude/bin"]
        return [
            seen("confirm.first-time", with(Self.five, answered)),
            sample("confirm.returning", returning()),
            sample("confirm.offline", returning(), [.arrived(.identityCheckFailed(Self.silence))]),
            sample("confirm.given", given, [.arrived(.meshes([Self.five[4]]))]),
            sample(
                "confirm.local", local,
                [.arrived(.meshes([Self.five[4]])), .name(.submit), .role(.choose(nil))]),
            sample("confirm.resumed", resumed),
            sample(
                "confirm.own-conversation",
                returning { state in
                    state.request.agentArguments = ["--continue"]
                    state.request.choosesConversation = true
                }),
            sample("confirm.no-agent", returning { $0.agent = .missing(name: "claude", places: places) }),
            sample("hand-off", returning(), [.confirm(.launch)]),
            sample("directory", returning(), directory),
            sample(
                "directory.missing", returning(),
                directory + [
                    type("~/src/apx", in: .directory), .confirm(.submitDirectory),
                    .arrived(.directory("~/src/apx", nil)),
                ]),
            sample("confirm.directory", returning(), directory + [.confirm(.useDirectory(Self.places[0]))]),
        ] + messages
    }

    static let places = ["~/src/web", "~/src/infrastructure/terraform", "~/notes"].map { shown in
        Workplace(
            path: "/home/valentina" + shown.dropFirst(), shown: shown,
            name: shown.split(separator: "/").last.map(String.init))
    }

    private var directory: [Action] { [.confirm(.changeDirectory), .arrived(.directories(Self.places))] }

    /// What the last look says of messages.
    private var messages: [SampleScreen] {
        let outlooks: [(String, MessagesOutlook)] = [
            ("wake", .wake), ("update", .turn(needs: "2.1.248")), ("look", .look), ("off", .off),
            ("not-here", .notHere), ("kept-out", .keptOut(flag: "--safe-mode")),
        ]
        let live = returning { state in
            state.account.correct { $0.user = User(id: "u3", name: "Valentina Rodríguez", email: nil) }
            state.memory.name = "api"
            state.memory.role = .some(nil)
            state.messages = .wake
        }
        return [sample("confirm.live", live, [.arrived(.meshes(Self.lively))])]
            + outlooks.map { name, outlook in
                sample("confirm.messages-\(name)", returning { $0.messages = outlook })
            } + [
                sample(
                    "confirm.messages-quiet",
                    returning { state in
                        state.messages = .wake
                        state.request.attention = .quiet
                    }),
                sample(
                    "confirm.messages-focus",
                    returning { state in
                        state.messages = .wake
                        state.memory.attention = ["m1": .focus]
                    }),
                sample(
                    "confirm.messages-offline", returning { $0.messages = .wake },
                    [.arrived(.identityCheckFailed(Self.silence))]),
            ]
    }
}
