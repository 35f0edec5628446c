// The screens that are asked in words of their own; those of signing in and of meshes in files beside this one.

import Canvas
import Connect
import Console
import Localization
import LocalState
import Widgets
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
        case .meshInvite: meshInvite
        case .directory: directory
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

    /// `,` on the screen.
    private var settingsWord: [LineWord] { [LineWord(word: .wordSettings, action: .settings)] }

    private var welcome: Question {
        var question = general()
        question.words = settingsWord
        // The tagline was said first of all.
        question.lines.removeFirst(min(1, question.lines.count))
        if state.wasTelemetryNoticeSeen { question.lines.removeAll(where: isFinePrint) }
        if !question.lines.isEmpty { question.lines.append(.text("")) }
        question.lines.append(.text(strings(LineText.howToStart)))
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

    /// A number takes one of those used lately, any text is a path.
    private var directory: Question {
        var question = general()
        question.accept = .confirm(.submitDirectory)
        question.prompt = strings(LineText.typeNumberOrPath, ["n": String(question.defaultNumber ?? 1)])
        return question
    }

    private var confirm: Question {
        var question = general()
        let runs = strings[.runs]
        let answers = model.status.map { row in
            // The id is nothing to be read out; what the person gave is.
            let value =
                row.label == runs
                ? ([state.agent.name] + state.request.agentArguments).joined(separator: " ") : row.pieces.first ?? ""
            return "\(row.label) \(value)."
        }.joined(separator: " ")
        question.lines = [.text(strings(LineText.ready, ["answers": answers]))]
        question.isPacked = true
        question.words = settingsWord + [LineWord(word: .wordWatch, action: .confirm(.watch))]
        if model.status.contains(where: { $0.label == strings[.hereNow] }) {
            question.lines.append(.text(strings(LineText.typeWatch)))
        }
        return question
    }

    /// What follows says itself what it is.
    private var untitled: Question {
        var question = general()
        question.lines.removeFirst(min(1, question.lines.count))
        return question
    }
}
