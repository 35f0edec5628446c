// The status rows of the launch screens: what is answered, what is asked now, what is still to come.

import Canvas
import Localization
import MeshAPI
import Widgets

extension Screens {
    /// The rows on the screen that asks for `asking`; `current` is that row.
    func status(asking: StepID, _ current: StatusEntry) -> [StatusEntry] {
        let rows = [accountRow, meshRow(provenance: false), nameRow(provenance: false), roleRow(provenance: false)]
        let place = [.mesh: 1, .name: 2, .role: 3][asking] ?? 0
        return rows.enumerated().map { index, row in
            if index == place { return current }
            if index < place { return row }
            // Reopened, the later answers stand and are asked no more.
            return StatusEntry(row.label, .open, row.pieces, shortLabel: row.shortLabel, short: "")
        }
    }

    var accountRow: StatusEntry {
        let short = strings[.barAccount]
        guard let identity = state.identity else {
            // This machine only, while its server starts.
            return StatusEntry(strings[.account], .done, [strings[.localMachine]], shortLabel: short)
        }
        var pieces = [identity.user.name]
        switch identity.source {
        case .variable(let name), .flag(let name): pieces.append(strings(.fromSource, ["source": name]))
        default: break
        }
        switch (identity.source, identity.check) {
        case (.local, _): pieces.append(strings[.localMachine])
        case (_, .offline): pieces.append(strings[.notCheckedOffline])
        case (_, .checked): if let email = identity.user.email { pieces.append(email) }
        default: break
        }
        if identity.kind == .guest { pieces.append(strings[.guestIdentity]) }
        if let former = state.changedFrom { pieces.append(strings(.wasFormer, ["former": former.name])) }
        let first = identity.user.name.split(separator: " ").first.map(String.init)
        // A tick is for what was found to be so.
        var mark = StatusRow.Mark.done
        if case .offline = identity.check, identity.source != .local { mark = .unchecked }
        return StatusEntry(strings[.account], mark, pieces, shortLabel: short, short: first)
    }

    func meshRow(provenance: Bool) -> StatusEntry {
        let short = strings[.barMesh]
        guard let answer = state.answers.mesh else { return StatusEntry(strings[.mesh], .open, shortLabel: short) }
        var pieces = [answer.value.name]
        if provenance {
            let count = state.meshes.rows.mesh(answer.value.id)?.memberCount
            if let from = from(answer.source) {
                pieces.append(from)
            } else if let count, state.meshes.savedAt == nil {
                pieces.append(strings(.memberCount, count: count))
            }
        }
        return StatusEntry(strings[.mesh], .done, pieces, shortLabel: short)
    }

    func nameRow(provenance: Bool) -> StatusEntry {
        let short = strings[.barName]
        guard let answer = state.answers.name else { return StatusEntry(strings[.name], .open, shortLabel: short) }
        let from = provenance && answer.source != .lastTime ? from(answer.source) : nil
        return StatusEntry(strings[.name], .done, [answer.value] + (from.map { [$0] } ?? []), shortLabel: short)
    }

    func roleRow(provenance: Bool) -> StatusEntry {
        let short = strings[.barRole]
        guard let answer = state.answers.role else { return StatusEntry(strings[.role], .open, shortLabel: short) }
        let value = answer.value.map { strings(role: $0) } ?? strings[.none]
        let from = provenance && answer.source != .lastTime ? from(answer.source) : nil
        return StatusEntry(strings[.role], .done, [value] + (from.map { [$0] } ?? []), shortLabel: short)
    }

    /// Where an answer came from, in words; nil for what the person answered in this run.
    private func from(_ source: AnswerSource) -> String? {
        switch source {
        case .flag(let name), .variable(let name): strings(.fromSource, ["source": name])
        case .resumed:
            state.request.resume.map { strings(.fromSession, ["id": String($0.sessionID.prefix(8))]) }
        case .lastTime: strings[.lastTime]
        case .onlyOne: strings[.onlyOne]
        case .invite: strings[.fromInvite]
        case .directory: strings[.fromDirectory]
        case .account: strings[.fromAccount]
        case .loginName: strings[.fromSystem]
        case .assumed, .person: nil
        }
    }
}
