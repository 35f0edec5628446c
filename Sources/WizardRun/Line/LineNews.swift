// What a person must hear between two states: what they answered, what arrived, what went wrong. Only what is new.

import Connect
import Console
import FlowEngine
import Localization
import MeshAPI
import Wizard

/// The difference between two states, in sentences.
struct LineNews {
    let old: WizardState
    let new: WizardState
    let strings: Strings

    var sentences: [String] { signIn + troubles + answers }

    private var signIn: [String] {
        var out: [String] = []
        if new.signIn.isOpened, !old.signIn.isOpened, new.screen == .signInWaiting {
            out.append(strings[.pageOpened] + ".")
        }
        if let copied = new.signIn.copied, copied != old.signIn.copied { out.append(said(copied)) }
        if new.signIn.browser == .failed, old.signIn.browser == nil { out.append(warning(strings[.browserFailed])) }
        // Who was laid aside and is back did not sign in.
        if let identity = new.identity, old.identity == nil, identity != old.aside?.identity {
            let name = [identity.user.name, identity.user.email].compactMap(\.self).joined(separator: ", ")
            out.append(done(strings(.signedInAs, ["name": name]) + "."))
        }
        if let path = new.signIn.savedTo, old.signIn.savedTo == nil {
            out.append(done(strings(.tokenSavedTo, ["path": path])))
        }
        return out
    }

    private var troubles: [String] {
        guard new.screen == .signInWaiting, old.screen == .signInWaiting else { return [] }
        let asked = Questions(new, strings)
        switch (old.signIn.retry, new.signIn.retry) {
        case (nil, .some): return asked.pollTrouble.map { [$0] } ?? []
        case (.some(let retry), nil) where !retry.isSlowDown:
            return [strings(LineText.isBack, ["host": new.server.host, "time": asked.timeLeft])]
        default: return []
        }
    }

    private var answers: [String] {
        guard new.overlays.isEmpty else { return [] }
        var out: [String] = []
        if let mesh = new.answers.mesh, mesh.value != old.answers.mesh?.value || wasLeft(.mesh) {
            // Nobody was asked: why is said.
            let why = mesh.source == .onlyOne ? strings[.onlyOne] : nil
            let name = [mesh.value.name, new.meshes.rows.distinction(mesh.value.id), why].compactMap(\.self)
            out.append(strings(LineText.meshAnswer, ["answer": name.joined(separator: ", ")]))
        }
        if let name = new.answers.name, name.value != old.answers.name?.value || wasLeft(.name) {
            out.append(strings(LineText.nameAnswer, ["answer": name.value]))
        }
        if let role = new.answers.role, role.value != old.answers.role?.value || wasLeft(.role) {
            let label = role.value.map { strings(role: $0) } ?? strings[.none]
            out.append(strings(LineText.roleAnswer, ["answer": label]))
        }
        return out
    }

    /// An answered step was open and is closed again: its answer is said even where it is the same.
    private func wasLeft(_ step: StepID) -> Bool {
        old.step == step && new.step != step && !old.canStepBack(to: new.step)
    }

    private func said(_ copied: CopyResult) -> String {
        switch copied {
        case .copied(let program): done(strings(.copiedWith, ["program": program]))
        case .sentToTerminal: done(strings[.copiedToTerminal])
        case .written(let path): warning(strings(.copiedToFile, ["path": path]))
        case .failed: warning(strings[.copyFailed])
        }
    }

    private func done(_ text: String) -> String { "\(strings(LineText.done)) \(text.lowercasedFirst)" }

    private func warning(_ text: String) -> String { "\(strings(LineText.warning)) \(text.lowercasedFirst)" }
}

extension WizardState {
    /// Whether `step` lies behind the current one: then leaving the current step answered nothing.
    fileprivate func canStepBack(to step: StepID) -> Bool {
        let order = StepID.allCases
        guard let here = order.firstIndex(of: self.step), let there = order.firstIndex(of: step) else { return false }
        return there < here
    }
}
