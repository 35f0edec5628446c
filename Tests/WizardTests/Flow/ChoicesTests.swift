// What a person may choose besides the answers: a former launch, another directory, the settings.

import Canvas
import FlowEngine
import FoundationEssentials
import Localization
import MeshAPI
import Testing
import Widgets

@testable import Wizard

@Suite("Choices besides the answers") struct ChoicesTests {
    // MARK: A former launch

    private func picking(_ launches: [PastLaunch], yes: Bool = false) -> Run {
        var facts = Sample.facts
        facts.launches = launches
        var request = Request(yes: yes)
        request.picksLaunch = true
        return Run(facts: facts, request: request, memory: Sample.memory, identity: Sample.identity())
    }

    private let launches = ["aaaa", "bbbb"].map {
        PastLaunch(id: $0, mesh: "planning", name: "api", directory: "~/src/api", at: 1_700_000_000)
    }

    @Test("a launch that is picked begins a run of its own; a new session goes on with this one")
    func picks() {
        var run = picking(launches)
        #expect(run.screen == .launches)
        #expect(screenModel(for: run.state, strings: Strings(.en)).menu?.selected?.id == .launch("aaaa"))
        var other = run
        run.send(.takeUp(id: "bbbb"))
        #expect(run.state.outcome == .exit(.takeUp(id: "bbbb")))
        other.send(.takeUp(id: "unknown"))
        #expect(other.state.outcome == nil)
        other.send(.startNew)
        #expect(other.screen == .confirm)
    }

    @Test("without a launch it says so and offers a new one; where nobody is asked the choices are named")
    func nothingToPick() {
        let run = picking([])
        #expect(run.text.contains("There is no session to take up again yet."))
        #expect(screenModel(for: run.state, strings: Strings(.en)).menu?.selected?.id == .startNew)
        #expect(picking(launches, yes: true).state.standing == .missing(.launch(choices: launches)))
    }

    // MARK: Another directory

    private let web = Workplace(path: "/src/web", shown: "~/src/web", name: "web")

    @Test("one used lately is taken as it is; the prefilled name follows it, the launch goes there")
    func usesDirectory() {
        var run = Run(
            memory: RememberedAnswers(mesh: MeshName(Sample.platform), keepsPrefilledName: true, role: .some(nil)),
            identity: Sample.identity(), saved: Sample.meshes)
        #expect(run.send(.confirm(.changeDirectory)) == [.recallDirectories])
        #expect(run.screen == .directory)
        run.send(.arrived(.directories([web])), .confirm(.useDirectory(web)))
        #expect(run.screen == .confirm && run.text.contains("~/src/web"))
        #expect(run.state.answers.name?.value == "web")
        #expect(run.state.launchAnswers?.directory == "/src/web")
    }

    @Test("a name that was given stays, whatever the directory")
    func keepsName() {
        var run = Run.returning()
        run.send(.confirm(.changeDirectory), .confirm(.useDirectory(web)))
        #expect(run.state.answers.name?.value == "Ada")
    }

    @Test("a path is looked at before it is taken; what is no directory is said, until something else is typed")
    func typesDirectory() {
        var run = Run.returning()
        run.send(.confirm(.changeDirectory))
        #expect(run.send(.confirm(.submitDirectory)) == [], "nothing was typed")
        run.type("/nowhere")
        #expect(run.send(.confirm(.submitDirectory)) == [.lookAtDirectory("/nowhere")])
        run.send(.arrived(.directory("/nowhere", nil)))
        #expect(run.screen == .directory && run.text.contains("There is no directory /nowhere."))
        run.type("/src")
        #expect(!run.text.contains("There is no directory"))
        run.send(.arrived(.directory("/src", Workplace(path: "/src", shown: "/src", name: "src"))))
        #expect(run.screen == .confirm && run.state.launchAnswers?.directory == "/src")
    }

    @Test("a token that is pasted is not taken for a path, and that is said")
    func pastesToken() {
        var run = Run.returning()
        run.send(.confirm(.changeDirectory), .paste(Sample.token))
        #expect(run.state.inputs[.directory]?.text == "" && run.text.contains("This is an access token"))
    }

    @Test("Enter takes the row while nothing is typed, and what is typed else; Esc changes nothing")
    func enter() {
        var run = Run.returning()
        run.send(.confirm(.changeDirectory), .arrived(.directories([web])))
        #expect(actions(for: .key(.enter), in: run.state, strings: Strings(.en)) == [.back])
        run.send(.select(.directory, .directory("/src/web")))
        #expect(actions(for: .key(.enter), in: run.state, strings: Strings(.en)) == [.confirm(.useDirectory(web))])
        run.type("x")
        #expect(actions(for: .key(.enter), in: run.state, strings: Strings(.en)) == [.confirm(.submitDirectory)])
        run.send(.back)
        #expect(run.screen == .confirm && run.state.launchAnswers?.directory == nil)
    }

    // MARK: Settings

    @Test("each setting holds at once and is kept", arguments: Setting.allCases)
    func settings(_ setting: Setting) {
        var run = Run.returning()
        run.send(.settings)
        #expect(run.screen == .settings)
        let kept: [Setting: Effect] = [
            .language: .saveLanguage(.es), .signs: .saveASCII(true), .plainText: .savePlain(true),
            .accent: .saveAccent(.teal), .usage: .saveUsage(false),
        ]
        #expect(run.send(.change(setting)) == kept[setting].map { [$0] })
        if setting == .plainText { #expect(run.state.outcome == .exit(.lineMode)) }
    }

    @Test("`,` leads there from the first screen and the last look, and nowhere else; Esc leads back")
    func settingsKey() {
        for run in [Run(), .returning(), .returning(agent: Sample.noAgent)] {
            #expect(actions(for: .key(.character(",")), in: run.state, strings: Strings(.en)) == [.settings])
            var opened = run
            opened.send(.settings, .back)
            #expect(opened.screen == run.screen)
        }
        var list = Run.onMeshList()
        list.send(.settings)
        #expect(list.screen == .meshList)
    }
}
