// The screens that are asked in words of their own. Source: design/line-mode.txt.

import Canvas
import Localization
import Wizard

extension Questions {
    /// The question of the screen that is up. `isAgain`: it was asked before in this run, and its list was heard.
    /// `part`: how many of its parts are answered, where it has several.
    func question(isAgain: Bool, part: Int) -> Question {
        switch model.id {
        case .joinPreview: joinPreview(part)
        case .welcome: welcome
        // What comes next says it all; a wait that lasts is said by the signs of life.
        case .signInRequesting, .signInApproved, .handOff: Question()
        case .signInWaiting: signIn
        case .token where state.tokenEntry.phase == .checking: checkingToken
        case .meshList: isAgain ? meshesAgain : meshes
        case .meshCreate: meshCreate(isAgain)
        case .name: name
        case .role: role
        case .roleOther: roleOther
        case .confirm: confirm
        case .agentMissing, .error, .quit, .tokenChecked: untitled
        default: general()
        }
    }

    /// The telemetry notice: read once is enough.
    private func isFinePrint(_ line: Question.Line) -> Bool {
        model.blocks.contains { block in
            if case .finePrint(let text) = block { line == .text(text) } else { false }
        }
    }

    private var welcome: Question {
        var question = general()
        // The tagline was said first of all.
        question.lines.removeFirst(min(1, question.lines.count))
        if state.wasTelemetryNoticeSeen { question.lines.removeAll(where: isFinePrint) }
        if !question.lines.isEmpty { question.lines.append(.text("")) }
        question.lines.append(.text(strings(LineText.howToStart)))
        return question
    }

    /// There is nothing to paste: it was, or a flag or a variable named it, of which nothing more is said.
    private var checkingToken: Question {
        let title = state.tokenEntry.source == .thisRun ? [Question.Line.text(sentence(model.title))] : []
        return Question(lines: title + [.text(sentence(strings(.checkingWith, ["host": state.server.host])))])
    }

    private var signIn: Question {
        var question = Question()
        question.lines = [.text(sentence(model.title))]
        guard let card = model.card else { return question }
        question.lines += [
            .text(card.texts.open), .whole(card.address), .text("\(card.texts.compare) \(card.code)"),
            .text(strings(LineText.letterByLetter, ["letters": spelled(card.code)])),
            .text(
                state.signIn.isOpened
                    ? strings[.pageOpened] + "." : strings(LineText.waiting, ["time": timeLeft])),
        ]
        question.lines += [pollTrouble.map(Question.Line.text), .text(strings(LineText.typeCommands))].compactMap(
            \.self)
        question.words = [
            LineWord(word: .wordCopy, action: .signIn(.copy)),
            LineWord(word: .wordOpen, action: .signIn(.openBrowser)),
            LineWord(word: .wordNew, action: .signIn(.newCode)),
            LineWord(word: .wordToken, action: .signIn(.pasteToken)),
        ]
        return question
    }

    /// Why the server is not asked as it should be; nil where it is.
    var pollTrouble: String? {
        guard let retry = state.signIn.retry else { return nil }
        let host = ["host": state.server.host]
        let text = retry.isSlowDown ? strings(.slowedDown, host).lowercasedFirst : strings(LineText.cannotReach, host)
        return "\(strings(LineText.warning)) \(text)"
    }

    /// `9 minutes and 30 seconds`.
    var timeLeft: String {
        guard let code = state.signIn.code else { return "" }
        return strings.spoken(
            seconds: WizardState.secondsShown(until: code.endsAt, now: state.now.boot))
    }

    /// `A B C D, dash, E F G H`.
    private func spelled(_ code: String) -> String {
        code.split(separator: "-").map { $0.map(String.init).joined(separator: " ") }
            .joined(separator: ", \(strings(LineText.dash)), ")
    }

    private var meshes: Question {
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
        if menu.listCount > 0 || !filter.isEmpty { question.field = .meshFilter }
        if menu.listCount > 0 {
            let key: LineText = filter.isEmpty ? .typeNumberOrName : .typeNumber
            question.prompt = strings(key, ["n": String(question.defaultNumber ?? 1)])
        }
        return question
    }

    /// Gone back to: its answer stands, and its numbers still mean the same.
    private var meshesAgain: Question {
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
    private func meshCreate(_ isAgain: Bool) -> Question {
        var question = general()
        let slug = model.blocks.flatMap { block -> [Question.Line] in
            guard case .facts(let facts) = block else { return [] }
            return facts.map { .text("\($0.label): \($0.value).") }
        }
        guard let draft = state.meshes.draft, draft.phase == .editing else {
            let name = state.inputs[.meshName]?.text ?? ""
            question.lines = [.text(sentence(strings(.creating, ["name": name])))] + slug
            return question
        }
        question.lines = isAgain ? [] : [.text(sentence(model.title)), .text(strings[.becomeOwner])]
        if draft.sent != nil, draft.takenSlug != nil { question.lines += slug }
        question.lines.append(.text(strings(LineText.newMeshName)))
        return question
    }

    /// First the name, then what to do. That one joins was said as the invite was looked up.
    private func joinPreview(_ part: Int) -> Question {
        var question = general(isField: part == 0)
        question.lines.removeFirst(min(1, question.lines.count))
        if part == 0 {
            question.items = []
            question.accept = nil
        } else {
            question.lines = []
        }
        return question
    }

    private var name: Question {
        var question = general()
        question.lines = [.text(strings(LineText.yourName))]
        return question
    }

    private var role: Question {
        var question = general()
        question.lines = [.text(strings(LineText.yourRole))]
        question.isPacked = true
        return question
    }

    private var roleOther: Question {
        var question = general()
        let bound = model.status.last?.pieces.first ?? ""
        question.lines = [.text(sentence("\(strings[.role]), \(bound)"))]
        return question
    }

    private var confirm: Question {
        var question = general()
        let runs = strings[.runs]
        let answers = model.status.map { row in
            "\(row.label) \(row.label == runs ? state.agent.name : row.pieces.first ?? "")."
        }.joined(separator: " ")
        question.lines = [.text(strings(LineText.ready, ["answers": answers]))]
        question.isPacked = true
        return question
    }

    /// What follows says itself what it is.
    private var untitled: Question {
        var question = general()
        question.lines.removeFirst(min(1, question.lines.count))
        return question
    }
}
