// What the screen waits for, and since when: after 400 ms a sign moves and the seconds are counted, where anything may move.
// To add a wait: a case of `Wait.Reason`, its line in `waitReason`, its text as `.text(waiting(…))` on its screen.

import FlowEngine

/// A wait that a person looks at.
public struct Wait: Sendable, Hashable {
    enum Reason: Sendable, Hashable {
        case code, token, invite, claim, mesh, meshChange, meshes, local, again(Attempt)
    }

    /// How long a wait is none.
    static let unseen: Milliseconds = 400
    /// How often its sign moves.
    static let step: Milliseconds = 100

    var reason: Reason?
    var since: Milliseconds = 0
    /// Something may move: a screen shows it, and the person has not asked for rest.
    var moves = false

    /// Milliseconds it has been going on, once that is to be seen.
    func seen(at now: Milliseconds) -> Milliseconds? {
        guard moves, reason != nil, now >= since + Self.unseen else { return nil }
        return now - since
    }

    /// When its sign moves next.
    func nextStep(at now: Milliseconds) -> Milliseconds? {
        guard moves, reason != nil else { return nil }
        return max(since + Self.unseen, now + Self.step)
    }
}

extension WizardState {
    /// What is waited for on the screen that is up.
    private var waitReason: Wait.Reason? {
        switch screen {
        case .error:
            if case .error(let notice) = overlays.top, notice.isRetrying { return .again(notice.attempt) }
            return nil
        case .signInRequesting: return .code
        case .signInUnavailable: return signIn.phase == .requesting ? .code : nil
        case .signInWaiting: return signIn.isRenewing ? .code : nil
        case .token: return tokenEntry.phase == .checking ? .token : nil
        case .joinLink: return join?.phase == .lookingUp ? .invite : nil
        case .joinPreview: return join?.phase == .claiming ? .claim : nil
        case .meshCreate: return meshes.draft?.phase == .creating ? .mesh : nil
        case .meshRename, .meshInvite, .meshLeave: return meshes.opened?.isUnderWay == true ? .meshChange : nil
        case .signInApproved: return .meshes
        case .meshList:
            if identity == nil { return .local }
            return meshes.rows.all.isEmpty && meshes.phase == .loading ? .meshes : nil
        default: return nil
        }
    }

    /// Notes that another wait began, or that none goes on.
    mutating func noteWait() {
        let reason = waitReason
        guard reason != wait.reason else { return }
        (wait.reason, wait.since) = (reason, now.boot)
    }
}
