// What line mode asks on a screen, made from the screen's own description, so that both front ends ask the same.
// To word a screen otherwise than in general: its case in `Question+wording.swift`.

import Canvas
import Console
import Localization
import Widgets
import Wizard

/// A word that may be typed instead of an answer.
struct LineWord {
    var word: LineText
    var action: Action
}

/// One question, as it is read out.
struct Question {
    /// Said before it: what the screen shows.
    var lines: [Line] = []
    /// What can be chosen by number.
    var items: [MenuItem<WizardVocabulary>] = []
    /// The items stand beside each other.
    var isPacked = false
    /// The last line, behind which the answer is typed; nil: there is nothing to ask, only to wait.
    var prompt: String?
    /// Where a typed text goes.
    var field: FieldID?
    /// What takes the typed text.
    var accept: Action?
    /// The answer is not shown as it is typed.
    var isSecret = false
    var words: [LineWord] = []
    /// The items were read out before: only the prompt is said.
    var isHeard = false
    /// The number Enter alone chooses, from 1.
    var defaultNumber: Int?

    /// The item that Enter alone chooses.
    var takenByEnter: MenuItem<WizardVocabulary>? {
        defaultNumber.flatMap { items.indices.contains($0 - 1) ? items[$0 - 1] : nil }
    }

    /// Whether there is anything to hear.
    var isSpoken: Bool { !lines.isEmpty || prompt != nil }

    enum Line: Hashable {
        case text(String)
        /// Never broken.
        case whole(String)
    }
}

/// Makes questions of screens.
struct Questions {
    let state: WizardState
    let strings: Strings
    let model: ScreenModel<WizardVocabulary>

    init(_ state: WizardState, _ strings: Strings) {
        self.state = state
        self.strings = strings
        model = screenModel(for: state, strings: strings)
    }

    /// As the screen shows it: title, content, rows, field.
    func general(isField: Bool = true) -> Question {
        var question = Question()
        if !title.isEmpty { question.lines.append(.text(title)) }
        for row in model.status where row.mark == .error || row.mark == .warning {
            let lead = strings(row.mark == .error ? LineText.error : LineText.warning)
            question.lines.append(.text("\(lead) \(row.pieces.joined(separator: ", "))"))
        }
        question.lines += model.blocks.flatMap(lines)
        if let menu = model.menu, menu.selectedIndex != nil {
            (question.items, question.defaultNumber) = rows(menu)
        }
        if isField, let id = model.typing, let field = model.fields.first(where: { $0.id == id }) {
            question.field = id
            question.accept = enterAction
            question.isSecret = field.isMasked
            // What was refused is no default.
            let isOffered = !field.input.isEmpty && !field.isMasked && !isRefused
            question.prompt = isOffered ? enterFor(field.input.text) : "\(field.label):"
        } else if !question.items.isEmpty {
            question.prompt = strings(LineText.typeNumber, ["n": String(question.defaultNumber ?? 1)])
        }
        return question
    }

    /// The screen's title as a sentence.
    var title: String { model.title.isEmpty ? "" : sentence(model.title) }

    /// Whether the screen says that its answer is wrong.
    private var isRefused: Bool {
        model.blocks.contains { block in
            if case .notice(let notice) = block { notice.tone == .error } else { false }
        }
    }

    /// The rows as numbered items, and the number of the one that Enter takes. A long list is named by its first ones.
    func rows(_ menu: Menu<WizardVocabulary>) -> (items: [MenuItem<WizardVocabulary>], number: Int?) {
        var items = (0..<min(menu.listCount, Self.mostRows)).compactMap { menu[$0] }
        items += menu.items
        let number = menu.selected.flatMap { selected in items.firstIndex { $0.id == selected.id } }
        return (items, (number ?? 0) + 1)
    }

    /// As many rows of a list as one can bear to hear.
    static let mostRows = 20

    var enterAction: Action? {
        for binding in model.keys {
            if case .perform(let action) = binding.commands[.enter] { return action }
        }
        return nil
    }

    func enterFor(_ answer: String) -> String { strings(LineText.enterFor, ["answer": answer]) }

    /// `1. platform-team, owner, 9 members`.
    func numbered(_ items: [MenuItem<WizardVocabulary>], withNotes: Bool) -> [String] {
        items.enumerated().map { index, item in
            let more = withNotes ? (item.columns + [item.note]).filter { !$0.isEmpty } : []
            return "\(index + 1). " + ([plain(item.label)] + more).joined(separator: ", ")
        }
    }

    /// As it is heard: `Other…` is `Other` where nothing opens, and a dot between two words is a pause.
    func plain(_ label: String) -> String {
        (label.hasSuffix("…") ? String(label.dropLast()) : label).replacing(" · ", with: ", ")
    }

    /// `sign in` as `Sign in.`
    func sentence(_ text: String) -> String {
        let capital = text.prefix(1).uppercased() + text.dropFirst()
        return [".", "?", ":", "…"].contains { capital.hasSuffix($0) } ? capital : capital + "."
    }

    private func lines(_ block: Block<WizardVocabulary>) -> [Question.Line] {
        switch block {
        // On the screen a paste is caught before it shows; here it would stand on it, and a token with it.
        case .hint(strings[.pasteHere]), .hint(strings[.tokenPasteHere]): []
        case .text(let text): [.text(sentence(text))]
        case .passage(let text, _): [.text(text)]
        case .lead(let text), .hint(let text), .finePrint(let text): [.text(text)]
        case .address(let address): [.whole(address)]
        case .notice(let notice): said(notice).map(Question.Line.text)
        case .facts(let facts): facts.map { .text("\($0.label): \(plain($0.value))") }
        case .card, .menu, .field, .keys: []
        }
    }

    /// `Warning: can't reach claudemesh.com, trying again.`
    func said(_ notice: Notice) -> [String] {
        let lead: LineText =
            switch notice.tone {
            case .success: .done
            case .warning: .warning
            case .error: .error
            }
        return ["\(strings(lead)) \(continued(notice.text))"] + notice.more
    }

    /// A person's name keeps its capital.
    private func continued(_ text: String) -> String { model.id == .tokenChecked ? text : text.lowercasedFirst }
}
