// The full screen, line mode and the run without a front end ask the same questions of the same state: held over every
// screen in every state there is a sample of, in both languages.

import Canvas
import FlowEngine
import Localization
import MeshAPI
import Testing
import Widgets
import Wizard
import WizardSamples

@testable import Commands
@testable import Connect
@testable import Console
@testable import LocalState
@testable import WizardRun

@Suite struct ParityTests {
    /// What line mode has no question for: its help is said at once, no window is too small for it, and what comes by
    /// itself is told when it is there.
    static let unasked: Set<ScreenID> = [.help, .tooSmall, .handOff, .signInRequesting, .signInApproved]

    @Test(arguments: Language.allCases)
    func linesOfferWhatTheScreenOffers(language: Language) {
        let strings = Strings(language)
        for sample in SampleScreen.all(language) where !Self.unasked.contains(sample.state.screen) {
            let model = screenModel(for: sample.state, strings: strings)
            let asked = questions(of: sample.state, strings)
            let offered = Set(asked.flatMap(\.items).map(\.id))
            if let menu = model.menu, menu.selectedIndex != nil {
                let rows = Questions(sample.state, strings).rows(menu).items.map(\.id)
                let isFiltered = sample.state.screen == .meshList && menu.listCount > 0 && !filter(sample.state).isEmpty
                // Under a filter the rows are the answer; the others are a `back` away.
                let expected = isFiltered ? rows.filter { $0.meshID != nil } : rows
                #expect(offered == Set(expected), "\(sample.name)")
                if let selected = menu.selected, offered.contains(selected.id) {
                    #expect(asked.contains { $0.takenByEnter?.id == selected.id }, "Enter on \(sample.name)")
                }
            } else {
                #expect(offered.isEmpty, "\(sample.name)")
            }
            // A filter over a list that is not there yet waits with it.
            let isWaiting = model.menu.map { $0.selectedIndex == nil } ?? false
            if let field = model.typing, !isWaiting { #expect(asked.contains { $0.field == field }, "\(sample.name)") }
        }
    }

    /// Every letter that does something on the waiting screen has its word.
    @Test func theWaitForAnApprovalHasItsWords() throws {
        let strings = Strings(.en)
        let waiting = try #require(SampleScreen.all(.en).first { $0.state.screen == .signInWaiting }).state
        let words = questions(of: waiting, strings).flatMap(\.words)
        #expect(words.map { strings($0.word) } == ["copy", "open", "new", "token"])
        #expect(
            words.map(\.action) == [.signIn(.copy), .signIn(.openBrowser), .signIn(.newCode), .signIn(.pasteToken)])
    }

    /// Where nobody is asked, what is missing is what the screens would ask for first.
    @Test func nobodyIsAskedForTheSame() {
        for sample in SampleScreen.all(.en) where sample.state.overlays.isEmpty && sample.state.outcome == nil {
            switch (sample.state.standing, sample.state.step) {
            case (.missing(.signIn), .welcome), (.missing(.signIn), .signIn), (.missing(.rejected), .pasteToken),
                (.missing(.invite), .join), (.missing(.otherServer), .join), (.missing(.account), .join),
                (.missing(.confirmation), .join),
                (.missing(.mesh), .mesh), (.missing(.name), .name), (.missing(.role), .role),
                (.missing(.confirmation), .confirm):
                break
            case (.waiting, _), (.failed, _), (.over, .confirm): break
            case (let standing, let step): Issue.record("\(sample.name): \(standing) at \(step)")
            }
        }
    }

    private func questions(of state: WizardState, _ strings: Strings) -> [Question] {
        let makes = Questions(state, strings)
        let parts = state.screen == .joinPreview ? [0, 1] : [0]
        return parts.map { makes.question(isAgain: false, part: $0) }
    }

    private func filter(_ state: WizardState) -> String { state.inputs[.meshFilter]?.text ?? "" }
}
