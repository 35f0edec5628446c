// Esc, quitting, and closing what lies above the flow.

import Canvas
import FlowEngine
import MeshAPI

extension WizardState {
    /// Esc undoes the nearest thing: an overlay, a draft or filter, else the step. It never leaves the program.
    mutating func back() -> [Effect] {
        switch overlays.top {
        case .help, .quit, .error, .settings: return dismiss()
        case .sessionExpired, .nested, .elsewhere, .launches: return []
        case nil where !canGoBack: return []
        case nil: break
        }
        if hasDraftToDrop { return dropDraft() }
        let (before, wasLocal) = (step, wayIn?.isLocal == true)
        fieldProblem = nil
        tokenEntry.isRevealed = false
        let stopped = stopTokenRetries()
        if step == .pasteToken, tokenEntry.isBesideCode, signIn.phase == .waiting {
            let effects = stopped + enter(by: .browser)
            wizardFlow.settle(&self)
            wizardFlow.forget(.pasteToken, &self)
            return effects
        }
        if wizardFlow.back(&self) { return stopped + afterBack(from: before, wasLocal: wasLocal) }
        switch aside?.why {
        case .ended:
            overlays.present(
                .sessionExpired(SessionExpired(user: aside?.identity?.user, source: aside?.identity?.source ?? .file)))
        // No way in is left to go back to: the account itself is.
        case .changing: bringBackAside(.changing)
        case .otherServer, nil: break
        }
        return stopped
    }

    private mutating func afterBack(from: StepID, wasLocal: Bool) -> [Effect] {
        var effects: [Effect] = []
        if from == .join { effects += [.cancel(.preview), .cancel(.claim)] }
        if step == .welcome && wayIn?.isLocal == true {
            wayIn = nil
            effects += stopLocal()
        } else if wasLocal && wayIn?.isLocal != true {
            effects += stopLocal() + [.cancel(.meshes), .cancel(.identity)]
            if step == .signIn { effects += beginSignIn() }
        }
        return effects
    }

    private mutating func dropDraft() -> [Effect] {
        fieldProblem = nil
        switch stepScreen {
        case .server: return leaveServer()
        case .directory: return leaveDirectory()
        case .meshList: clearFilter()
        case .meshCreate where meshes.draft?.phase == .creating:
            // Stopped, not dropped: sent again it has the same key.
            meshes.draft?.phase = .editing
            meshes.draft?.mayExist = true
            return [.cancel(.create)]
        case .meshCreate: meshes.draft = nil
        case .meshActions, .meshRename, .meshInvite, .meshLeave: return backInOpened()
        case .roleOther: writesOwnRole = false
        case .joinPreview where join?.phase == .claiming:
            join?.phase = .preview
            return [.cancel(.claim)]
        case .joinPreview, .joinOtherServer, .joinLink: return backFromPreview()
        case .token, .tokenChecked:
            tokenEntry.phase = .typing(nil)
            tokenEntry.takesWhenChecked = false
            return [.cancel(.token)]
        case .signInWaiting:
            clearToken()
            return [.cancel(.token)]
        default: break
        }
        return []
    }

    /// Closes the top overlay, leaving a flow that can go on.
    mutating func dismiss() -> [Effect] {
        switch overlays.top {
        case .error(let notice):
            overlays.dismiss(.error)
            return leaveError(notice.attempt)
        case .help, .quit, .settings: overlays.dismissTop()
        case .sessionExpired, .nested, .elsewhere, .launches, nil: break
        }
        return []
    }

    /// Leaves at once where nothing would be lost; asks where something would. A second Ctrl-C leaves.
    mutating func quit(byInterrupt: Bool) -> [Effect] {
        if case .quit(var quit) = overlays.top {
            quit.byInterrupt = quit.byInterrupt || byInterrupt
            overlays.update(.quit(quit))
            return leave()
        }
        let quit = Quit(losses: losses, byInterrupt: byInterrupt, onWelcome: screen == .welcome)
        if quit.losses.isEmpty { return end(quit) }
        overlays.present(.quit(quit))
        return []
    }

    mutating func leave() -> [Effect] {
        guard case .quit(let quit) = overlays.top else { return [] }
        return end(quit)
    }

    private mutating func end(_ quit: Quit) -> [Effect] {
        outcome = .exit(quit.byInterrupt ? .interrupted : .quit(status: quit.onWelcome ? 0 : 1))
        // What was answered is the next run's "last time".
        return giveUpCode() + saveAnswers() + saveChosenLocal()
    }

    /// What leaving now would lose.
    var losses: [Loss] {
        var losses: [Loss] = []
        if signIn.phase == .waiting, let code = signIn.code { losses.append(.code(code.userCode)) }
        if case .creating = meshes.draft?.phase, let name = meshes.draft?.sent?.name {
            losses.append(.creating(name: name))
        }
        if join?.phase == .claiming, let mesh = join?.preview?.meshName { losses.append(.joining(mesh: mesh)) }
        if losses.isEmpty, let field = typedField { losses.append(.text(field)) }
        return losses
    }

    /// The field of the current step, where a person has typed something into it that is not an answer yet.
    private var typedField: FieldID? {
        let typed = { (field: FieldID, before: String) in
            let text = inputs[field]?.text ?? ""
            return !text.isEmpty && text != before
        }
        switch stepScreen {
        // A token that was refused is of no use to anybody.
        case .token where tokenEntry.isRefused: return nil
        case .token where request.wayIn == nil, .tokenChecked: return typed(.token, "") ? .token : nil
        case .meshCreate: return typed(.meshName, meshes.draft?.openedWith ?? "") ? .meshName : nil
        case .meshRename: return typed(.meshRename, defaultText(.meshRename)) ? .meshRename : nil
        case .roleOther: return typed(.role, answers.role?.value ?? "") ? .role : nil
        case .name: return typed(.name, defaultText(.name)) ? .name : nil
        case .joinPreview: return typed(.joinName, defaultText(.joinName)) ? .joinName : nil
        default: return nil
        }
    }
}
