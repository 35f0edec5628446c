// Choosing, making and joining a mesh, in words.

import Canvas
import Connect
import Console
import Localization
import MeshAPI
import Widgets
import Wizard

extension Questions {
    var meshes: Question {
        var question = general(isField: false)
        guard let menu = model.menu else { return question }
        question.lines.removeFirst(min(1, question.lines.count))
        if state.identity == nil || (state.meshes.phase == .loading && menu.listCount == 0) {
            let waitsFor =
                state.identity == nil ? strings(LineText.startingLocal) : sentence(strings[.loadingMeshes])
            return Question(lines: [.text(waitsFor)])
        }
        let filter = state.inputs[.meshFilter]?.text ?? ""
        if state.meshes.areOutOfReach {
            // Why there is nothing to choose from was just said.
            question.lines.removeFirst(min(1, question.lines.count))
            return question
        }
        if !filter.isEmpty {
            question.lines.append(.text(strings(LineText.meshesMatch, ["text": filter], count: menu.listCount)))
        } else if menu.listCount > 0 {
            question.lines.append(.text(strings(LineText.whichMesh, count: menu.listCount)))
        }
        if !filter.isEmpty, menu.listCount > 0 { question.items = question.items.filter { $0.id.meshID != nil } }
        if menu.listCount > Self.mostRows {
            question.lines.append(.text(strings(LineText.firstOfThem, ["n": String(Self.mostRows)])))
        }
        if menu.listCount > 0, state.identity != nil { question.lines.append(.text(strings(LineText.moreOfMesh))) }
        if menu.listCount > 0 || !filter.isEmpty { question.field = .meshFilter }
        if menu.listCount > 0 {
            let key: LineText = filter.isEmpty ? .typeNumberOrName : .typeNumber
            question.prompt = strings(key, ["n": String(question.defaultNumber ?? 1)])
        }
        return question
    }

    /// Gone back to: its answer stands, and its numbers still mean the same.
    var meshesAgain: Question {
        guard let answer = state.answers.mesh?.value.name, state.inputs[.meshFilter]?.isEmpty ?? true else {
            return meshes
        }
        var question = meshes
        question.lines = []
        question.isHeard = true
        let ask = strings(LineText.whichMeshAgain)
        question.prompt = "\(ask) \(strings(LineText.nowAnswer, ["answer": answer]))"
        return question
    }

    /// The name first; the slug that follows from it once it is known.
    func meshCreate(_ isAgain: Bool) -> Question {
        var question = general()
        let slug = model.blocks.flatMap { block -> [Question.Line] in
            guard case .facts(let facts) = block else { return [] }
            return facts.map { .text("\($0.label): \($0.value).") }
        }
        guard let draft = state.meshes.draft, draft.phase == .editing else {
            let name = state.inputs[.meshName]?.text ?? ""
            question.lines = slug + [.text(sentence(strings(.creating, ["name": name])))]
            return question
        }
        question.lines = isAgain ? [] : [.text(title), .text(strings[.becomeOwner])]
        if draft.sent != nil, draft.takenSlug != nil { question.lines += slug }
        question.lines.append(.text(strings(LineText.newMeshName)))
        return question
    }

    /// The link can be copied by its row, or by the word.
    var meshInvite: Question {
        var question = general()
        question.words = [LineWord(word: .wordCopy, action: .mesh(.copyInvite))]
        return question
    }

    /// First the name, then what to do.
    func joinPreview(_ part: Int) -> Question {
        var question = general(isField: part == 0)
        if part == 0 {
            question.lines.append(.text(strings(LineText.yourName)))
            question.items = []
            question.accept = nil
        } else {
            question.lines = []
        }
        return question
    }
}
