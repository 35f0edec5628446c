// What completes mesh, name and role without a question, in which order, and what may change it.

import Canvas
import FlowEngine
import Localization
import MeshAPI
import Testing
import Widgets

@testable import Wizard

@Suite("Answers: first wins, and what was answered at first paint stays")
struct AnswersTests {
    static let resume = Resume(sessionID: "s1", mesh: MeshName(Sample.planning), name: "Resumed", role: "lead")

    /// One row: what is there, and what it makes of mesh, name and role.
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var request = Request()
        var memory = RememberedAnswers()
        var mesh: AnswerSource?
        var name: AnswerSource?
        var role: AnswerSource?
        var step: StepID
    }

    static let flag = Request(
        mesh: Answer("planning", .flag("--mesh")), name: Answer("Flag", .flag("--name")),
        role: Answer("tester", .flag("--role")))
    static let variable = Request(
        mesh: Answer("m2", .variable("CLAUDEMESH_MESH")), name: Answer("Var", .variable("CLAUDEMESH_DISPLAY_NAME")),
        role: Answer(nil, .variable("CLAUDEMESH_ROLE")))

    static let rows: [Row] = [
        Row(testDescription: "nothing", step: .mesh),
        Row(
            testDescription: "memory", memory: Sample.memory, mesh: .lastTime, name: .lastTime, role: .lastTime,
            step: .confirm),
        Row(
            testDescription: "memory of a name alone", memory: RememberedAnswers(name: "Ada"), name: .lastTime,
            step: .mesh),
        Row(
            testDescription: "memory of No role",
            memory: RememberedAnswers(mesh: MeshName(Sample.platform), role: .some(nil)),
            mesh: .lastTime, role: .lastTime, step: .name),
        Row(
            testDescription: "a name no longer allowed is not taken from memory",
            memory: RememberedAnswers(mesh: MeshName(Sample.platform), name: String(repeating: "x", count: 65)),
            mesh: .lastTime,
            step: .name),
        Row(
            testDescription: "resume over memory", request: Request(resume: resume), memory: Sample.memory,
            mesh: .resumed, name: .resumed, role: .resumed, step: .confirm),
        Row(
            testDescription: "flags over resume and memory",
            request: Request(mesh: flag.mesh, name: flag.name, role: flag.role, resume: resume), memory: Sample.memory,
            mesh: .flag("--mesh"), name: .flag("--name"), role: .flag("--role"), step: .confirm),
        Row(
            testDescription: "one flag, the rest from memory", request: Request(name: flag.name), memory: Sample.memory,
            mesh: .lastTime, name: .flag("--name"), role: .lastTime, step: .confirm),
        Row(
            testDescription: "variables over memory", request: variable, memory: Sample.memory,
            mesh: .variable("CLAUDEMESH_MESH"), name: .variable("CLAUDEMESH_DISPLAY_NAME"),
            role: .variable("CLAUDEMESH_ROLE"), step: .confirm),
        Row(
            testDescription: "-y takes the prefilled name and role, and never a mesh of several",
            request: Request(yes: true), name: .account, role: .assumed, step: .mesh),
        Row(
            testDescription: "-y with all remembered asks nothing", request: Request(yes: true), memory: Sample.memory,
            mesh: .lastTime, name: .lastTime, role: .lastTime, step: .handOff),
    ]

    @Test(arguments: rows)
    func atFirstPaint(row: Row) {
        let run = Run(
            request: row.request, memory: row.memory, identity: Sample.identity(), saved: Sample.meshes)
        #expect(run.state.answers.mesh?.source == row.mesh)
        #expect(run.state.answers.name?.source == row.name)
        #expect(run.state.answers.role?.source == row.role)
        #expect(run.step == row.step)
    }

    @Test("the first frame needs no network: its requests stand behind it")
    func requestsBehind() {
        let run = Run.returning()
        #expect(run.screen == .confirm)
        #expect(run.effects == [.checkIdentity(run.state.access), .loadMeshes(run.state.access)])
        #expect(!run.state.appearance.isByItself, "the first screen counts as caused by a key")
    }

    @Test(
        "a mesh by flag or variable is an id, a slug or a whole name; no other source answers in its place",
        arguments: [
            ("m2", StepID.confirm), ("planning", .confirm), ("PLANNING", .confirm), ("plan", .mesh), ("nope", .mesh),
        ])
    func meshByFlag(query: String, step: StepID) {
        var run = Run(
            request: Request(mesh: Answer(query, .flag("--mesh"))), memory: Sample.memory,
            identity: Sample.identity(), saved: Sample.meshes)
        #expect(run.step == step)
        run.send(.arrived(.meshes(Sample.meshes)))
        #expect(run.step == step)
        if step == .mesh {
            #expect(run.state.meshes.notice == .unknown(query: query, closest: query == "plan" ? "planning" : nil))
        } else {
            #expect(run.state.answers.mesh?.value == MeshName(Sample.planning))
        }
    }

    @Test("a mesh by flag that the disk does not know waits for the server")
    func meshByFlagFromServer() {
        var run = Run(
            request: Request(mesh: Answer("dev", .flag("--mesh")), yes: true), identity: Sample.identity())
        #expect(run.step == .mesh && run.state.meshes.notice == nil)
        run.send(.arrived(.meshes(Sample.meshes)))
        #expect(run.state.answers.mesh?.value.name == "dev")
        #expect(run.state.outcome != nil)
    }

    @Test("one name for two meshes is said with both ids, and asked")
    func ambiguous() {
        let twins = [Sample.mesh("a", "twin"), Sample.mesh("b", "Twin")]
        var run = Run(request: Request(mesh: Answer("Twin", .flag("--mesh"))), identity: Sample.identity())
        run.send(.arrived(.meshes(twins + Sample.meshes)))
        #expect(run.state.meshes.notice == .ambiguous(query: "Twin", ids: ["a", "b"]))
        #expect(run.step == .mesh)
        // The two stand before all others, until the filter is cleared.
        #expect(run.state.inputs[.meshFilter]?.text == "Twin")
        #expect((0..<2).map { run.state.meshes.rows[$0]?.id } == ["a", "b"] && run.state.meshes.rows.count == 2)
        run.send(.mesh(.clearFilter))
        run.send(.arrived(.meshes(twins + Sample.meshes)))
        #expect(run.state.inputs[.meshFilter]?.text == "")
        run.send(.mesh(.choose(id: "b")))
        #expect(run.state.answers.mesh == Answer(MeshName(twins[1]), .person))
        #expect(run.state.meshes.notice == nil)
    }

    @Test("exactly one mesh is the answer, from the server or from disk")
    func onlyOne() {
        var run = Run(identity: Sample.identity())
        #expect(run.step == .mesh)
        run.send(.arrived(.meshes([Sample.platform])))
        #expect(run.state.answers.mesh == Answer(MeshName(Sample.platform), .onlyOne))
        #expect(run.step == .name)

        var stored = Run(identity: Sample.identity(), saved: [Sample.platform])
        #expect(stored.state.answers.mesh?.source == .onlyOne)
        // Completed at first paint: a second mesh does not reopen it.
        stored.send(.arrived(.meshes(Sample.meshes)))
        #expect(stored.state.answers.mesh?.source == .onlyOne)
        #expect(stored.step == .name)
    }

    @Test("one mesh does not sweep away what a person is typing")
    func onlyOneWhileTyping() {
        var run = Run(identity: Sample.identity())
        run.type("pla")
        run.send(.arrived(.meshes([Sample.platform])))
        #expect(run.state.answers.mesh == nil)
        #expect(run.screen == .meshList)
    }

    @Test("a mesh the account no longer has reopens the step, saying so; the other answers stay")
    func gone() {
        var run = Run.returning()
        run.send(.arrived(.meshes([Sample.planning, Sample.mesh("m4", "new")])))
        #expect(run.step == .mesh)
        #expect(run.state.meshes.notice == .gone(name: "platform-team"))
        #expect(run.state.answers.name?.value == "Ada")
        run.send(.mesh(.choose(id: "m2")))
        #expect(run.step == .confirm)
    }

    @Test("a mesh that is gone is not replaced by the only one that is left without being asked")
    func goneToOne() {
        var run = Run.returning()
        run.send(.arrived(.meshes([Sample.planning])))
        #expect(run.step == .mesh)
        #expect(run.state.answers.mesh == nil)
    }

    @Test("a chosen mesh that goes away is not replaced in silence by the one of last time")
    func chosenGone() {
        var run = Run.returning()
        run.send(.confirm(.changeMesh), .mesh(.choose(id: "m2")))
        #expect(run.screen == .confirm)
        run.send(.arrived(.meshes([Sample.platform])))
        #expect(run.step == .mesh)
        #expect(run.state.answers.mesh == nil)
        #expect(run.state.meshes.notice == .gone(name: "planning"))
    }

    @Test("a renamed mesh keeps its answer and shows its new name")
    func renamed() {
        var run = Run.returning()
        var renamed = Sample.platform
        renamed.name = "Platform"
        run.send(.arrived(.meshes([renamed])))
        #expect(run.state.answers.mesh == Answer(MeshName(renamed), .lastTime))
        #expect(run.step == .confirm)
    }

    @Test("the name is prefilled with the account's; Enter takes it and says so")
    func namePrefill() {
        var run = Run.onMeshList()
        run.send(.mesh(.choose(id: "m1")))
        #expect(run.screen == .name)
        #expect(run.state.inputs[.name]?.text == "Ada Lovelace")
        run.send(.name(.submit))
        #expect(run.state.answers.name == Answer("Ada Lovelace", .account))
    }

    @Test("without an account's name, the login name")
    func loginName() {
        var run = Run(request: Request(yes: true), identity: Sample.identity(User(id: "x", name: "\u{200B}")))
        run.send(.arrived(.meshes([Sample.platform])))
        #expect(run.state.answers.name == Answer("ada", .loginName))
    }

    @Test("a name too long or with controls is refused as it is typed, an empty one on Enter")
    func nameRefused() {
        var run = Run.onMeshList()
        run.send(.mesh(.choose(id: "m1")))
        run.type(String(repeating: "é", count: 64))
        #expect(run.state.fieldProblem == nil)
        run.type(String(repeating: "é", count: 65))
        #expect(run.state.fieldProblem == .tooLong(max: 64))
        #expect(run.state.inputs[.name]?.text.count == 64)
        run.type("")
        #expect(run.state.fieldProblem == nil, "an empty field is not refused while one types")
        run.send(.name(.submit))
        #expect(run.state.fieldProblem == .nothingVisible)
        #expect(run.step == .name)
        run.type("Ada")
        run.send(.name(.submit))
        #expect(run.step == .role)
        #expect(run.state.fieldProblem == nil)
    }

    @Test("of a paste into a name as much is kept as fits, and that is said; what no name holds is left out")
    func namePasted() {
        var run = Run.onMeshList()
        run.send(.mesh(.choose(id: "m1")), .edit(.name, TextInput("Ada ")))
        run.send(.paste("\u{200E}Love\u{2066}lace\u{202E}\u{7}\u{2028}\u{AD}II\n"))
        #expect(run.state.inputs[.name]?.text == "Ada Lovelace II" && run.state.fieldProblem == nil)
        run.send(.paste(String(repeating: "👩‍🚀", count: 100)))
        #expect(run.state.inputs[.name]?.text == "Ada Lovelace II" + String(repeating: "👩‍🚀", count: 49))
        #expect(run.state.fieldProblem == .tooLong(max: 64))
        run.send(.paste("x"))
        #expect(run.state.inputs[.name]?.text.count == 64 && run.state.fieldProblem == .tooLong(max: 64))
        run.send(.name(.submit))
        #expect(run.step == .role && run.state.fieldProblem == nil)
    }

    @Test("a role by name, none, or in own words of at most 32")
    func role() {
        var run = Run.onMeshList()
        run.send(.mesh(.choose(id: "m1")), .name(.submit), .role(.other))
        #expect(run.screen == .roleOther)
        run.type(String(repeating: "r", count: 33))
        #expect(run.state.fieldProblem == .tooLong(max: 32))
        run.send(.back)
        #expect(run.screen == .role, "Esc drops the draft, not the step")
        #expect(run.state.fieldProblem == nil)
        run.send(.role(.other))
        run.type("  release captain ")
        run.send(.role(.submit))
        #expect(run.state.answers.role == Answer("release captain", .person))
        #expect(run.screen == .confirm)
        run.send(.confirm(.changeRole))
        #expect(run.state.selections[.role] == .otherRole)
        run.send(.role(.choose(nil)))
        #expect(run.state.answers.role == Answer(nil, .person))
        #expect(run.screen == .confirm)
    }

    @Test("back from a changed answer Enter launches, whichever row led there")
    func backToLaunch() {
        for change in [ConfirmAction.changeMesh, .changeName, .changeRole] {
            var run = Run.returning()
            run.send(.select(.confirm, "change-name"), .confirm(change))
            run.send(
                change == .changeMesh
                    ? .mesh(.choose(id: "m2")) : change == .changeName ? .name(.submit) : .role(.choose("lead")))
            #expect(screenModel(for: run.state, strings: Strings(.en)).menu?.selected?.action == .confirm(.launch))
        }
    }

    @Test("a reopened step shows what the later ones have been answered")
    func laterAnswers() {
        var run = Run.returning()
        run.send(.confirm(.changeMesh))
        #expect(run.text.contains("Name       ·  Ada") && run.text.contains("Role       ·  reviewer"))
    }

    @Test("keeping an answer keeps where it came from")
    func kept() {
        var run = Run.returning()
        run.send(.confirm(.changeMesh), .mesh(.choose(id: "m1")))
        run.send(.confirm(.changeName), .name(.submit))
        run.send(.confirm(.changeRole), .role(.choose("reviewer")))
        #expect(run.screen == .confirm)
        #expect(run.state.answers.mesh?.source == .lastTime)
        #expect(run.state.answers.name?.source == .lastTime)
        #expect(run.state.answers.role?.source == .lastTime)
    }
}
