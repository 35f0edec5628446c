// The last look before the launch, and the same where the agent is missing.

import Canvas
import Localization
import MeshAPI
import Widgets

extension Screens {
    var confirm: ScreenModel {
        var model = screen(.confirm, .titleLaunch, help: .helpConfirm)
        model.keepsStatusRows = true
        model.status =
            answerRows(provenance: true, here: hereRow) + [directoryRow] + messagesRow + [runsRow] + serverRow
        model.groups = startNotices
        model.groups.append([menu(.confirm, changes)])
        if let command = state.nextCommand {
            // What was started and goes on is said, and how it ends.
            let local: [Block] = state.server.isLocal ? [.hint(strings[.localServerRuns])] : []
            model.groups.append([.hint(strings(.nextTime, ["command": command]))] + local)
        }
        let letters = [
            letterKey("m", .barMesh, .confirm(.changeMesh), tag: .change),
            letterKey("n", .barName, .confirm(.changeName), tag: .change),
            letterKey("r", .barRole, .confirm(.changeRole), tag: .change),
            letterKey("d", .barDirectory, .confirm(.changeDirectory), tag: .change),
            letterKey("a", .barAccount, .confirm(.changeAccount), tag: .change),
            letterKey("w", .barWatch, .confirm(.watch), inBar: false),
        ]
        // The bar says what Enter does on the row in focus.
        let launches = (state.selections[.confirm] ?? .launch) == .launch
        let enter = enterKey(launches ? .barLaunch : .barChoose, .choose)
        model.keys =
            moveKeys(letters: true, inBar: false) + [enter] + letters + [settingsKey] + escKeys(state.canGoBack)
            + [helpKey(question: true)] + commonKeys() + [quitKey(inBar: true), interruptKey]
        return model
    }

    var agentMissing: ScreenModel {
        var model = screen(.agentMissing, .titleLaunch, help: .helpConfirm)
        model.keepsStatusRows = true
        guard case .missing(let program, _) = state.agent else { return model }
        // What was asked for by name is nothing that our address could give.
        let isNamed = program != "claude"
        let text: WizardText = !isNamed ? .claudeMissing : program.contains("/") ? .agentNotThere : .agentMissing
        let missing = strings(text, ["program": program])
        model.status =
            answerRows(provenance: false) + [StatusEntry(strings[.runs], .error, [missing], shortLabel: strings[.runs])]
        let places = state.agent.looked.joined(separator: ", ")
        let looked: [Block] =
            (program.contains("/") ? [] : [.text(strings(.lookedOn, ["places": places]))])
            + (state.agentLookedForAt.map { [.text(strings(.lookedAgainAt, ["time": timeOfDay($0)]))] } ?? [])
        let remedy: [Block] =
            isNamed
            ? [.text(strings(ErrorText.agentNamedRemedy))]
            : [.text(strings[.installAgent]), .address(state.facts.agentInstaller)]
        model.groups = [
            remedy, looked,
            [
                menu(
                    .agentMissing,
                    [
                        MenuItem(.lookAgain, strings[.lookAgain], .confirm(.lookAgain)),
                        MenuItem(.exit, strings[.exit], note: strings[.answersKept], .quit),
                    ])
            ],
        ]
        if let copied = state.signIn.copied { model.groups.append([.notice(notice(copied))]) }
        let copy = letterKey("c", .barCopy, .confirm(.copyInstaller), drop: Drop.copy)
        model.keys = menuKeys((isNamed ? [] : [copy]) + [settingsKey])
        return model
    }

    private func answerRows(provenance: Bool, here: [StatusEntry] = []) -> [StatusEntry] {
        [accountRow, meshRow(provenance: provenance)] + here
            + [nameRow(provenance: provenance), roleRow(provenance: provenance)]
    }

    /// The mesh as its server has it now; nil where it has not said so in this run.
    private var freshMesh: Mesh? {
        guard state.meshes.savedAt == nil else { return nil }
        return state.answers.mesh.flatMap { state.meshes.rows.mesh($0.value.id) }
    }

    /// Who is in the mesh now.
    private var hereRow: [StatusEntry] {
        guard let here = freshMesh?.here, here.count > 0 else { return [] }
        let more = here.count - here.names.count
        let pieces =
            [here.names.joined(separator: ", ")] + (more > 0 ? [strings(.andMore, ["n": "\(more)"])] : [])
            + [strings[.wToWatch]]
        var row = StatusEntry(strings[.hereNow], .note, pieces, shortLabel: strings[.hereNow])
        row.isOptional = true
        return [row]
    }

    /// Nothing while it is asked which agent it is.
    private var messagesRow: [StatusEntry] {
        guard let outlook = state.messages else { return [] }
        var (mark, text) = words(outlook)
        if case .offline = state.identity?.check, outlook.takes {
            (mark, text) = (.unchecked, strings(.messagesOnceReached, ["host": host]))
        }
        let waiting = freshMesh?.unread ?? 0
        let pieces = [text] + (waiting > 0 ? [strings(.messagesWaiting, count: waiting)] : [])
        var row = StatusEntry(strings[.messages], mark, pieces, shortLabel: strings[.messages])
        row.isOptional = true
        return [row]
    }

    private func words(_ outlook: MessagesOutlook) -> (StatusRow.Mark, String) {
        switch outlook {
        case .wake:
            // What the person chose for all of their sessions holds for this one, too.
            switch state.attention.narrowed(by: freshMesh?.attention ?? .open) {
            case .quiet: (.done, strings[.messagesQuiet])
            case .focus: (.done, strings[.messagesFocus])
            case .open: (.done, strings[.messagesWake])
            }
        case .turn(let version): (.warning, strings(.messagesUpdate, ["version": version]))
        case .look: (.warning, strings[.messagesLook])
        case .off: (.open, strings[.messagesOff])
        case .notHere: (.open, strings[.messagesNotHere])
        case .keptOut(let flag): (.open, strings(.messagesKeptOut, ["flag": flag]))
        }
    }

    private var directoryRow: StatusEntry {
        var row = StatusEntry(
            strings[.directory], .done, [state.shownDirectory], shortLabel: strings[.directory])
        row.isPath = true
        return row
    }

    private var runsRow: StatusEntry {
        let flag = state.request.resume == nil ? "--session-id" : "--resume"
        let ours = state.request.choosesConversation ? [] : [flag, String(state.facts.sessionID.prefix(8))]
        let command = [state.agent.name] + ours + state.request.agentArguments
        var row = StatusEntry(
            strings[.runs], .done, [command.joined(separator: " ")], shortLabel: strings[.runs])
        row.isOptional = true
        return row
    }

    /// Only where the server cannot be reached.
    private var serverRow: [StatusEntry] {
        guard case .offline = state.identity?.check else { return [] }
        let pieces = [strings(.serverUnreachable, ["host": host]), strings[.startingAnyway]]
        return [
            StatusEntry(
                strings[.server], .warning, pieces, shortLabel: strings[.server], short: strings[.serverAway])
        ]
    }

    private var changes: [MenuItem] {
        [
            MenuItem(.launch, strings[.launchAgent], .confirm(.launch)),
            MenuItem(.changeMesh, strings[.changeMesh], .confirm(.changeMesh)),
            MenuItem(.changeName, strings[.changeName], .confirm(.changeName)),
            MenuItem(.changeRole, strings[.changeRole], .confirm(.changeRole)),
            MenuItem(.changeDirectory, strings[.changeDirectory], .confirm(.changeDirectory)),
            MenuItem(.changeAccount, strings[.changeAccount], .confirm(.changeAccount)),
            MenuItem(.exit, strings[.exit], .quit),
        ]
    }
}

extension RowID {
    static let changeMesh: RowID = "change-mesh"
    static let changeName: RowID = "change-name"
    static let changeDirectory: RowID = "change-directory"
    static let changeRole: RowID = "change-role"
    static let lookAgain: RowID = "look-again"
}
