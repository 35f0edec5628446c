// What failed, and trying it again. A failure never leaves a step that nothing completes: it is shown where it happened
// with its own retry, or lies above the flow as the error overlay, whose Back leads to a step that can go on.

import FlowEngine
import MeshAPI

extension WizardState {
    mutating func failed(_ attempt: Attempt, _ trouble: Trouble) -> [Effect] {
        switch (attempt, trouble) {
        case (_, .api(.cancelled)): return []
        case (.checkingServer, _): return serverCheckFailed(trouble)
        case (.requestingCode, _) where signIn.phase == .waiting:
            if signIn.isRenewing { (signIn.isRenewing, signIn.renewalTrouble) = (false, trouble) }
            return []
        case (.requestingCode, _):
            guard signIn.phase == .requesting || signIn.phase == .unavailable else { return [] }
            signIn.retry = retry(trouble, after: signIn.retry)
            signIn.phase = .unavailable
            return []
        case (.checkingToken, .api(let failure)): return tokenCheckFailed(failure)
        case (.loadingMeshes, .api(let failure)): return meshesFailed(failure)
        case (.lookingUpInvite, .api(let failure)): return previewFailed(failure)
        case (.creatingMesh(let name), .api(let failure)): return createFailed(failure, name: name)
        case (.renamingMesh, .api(let failure)), (.makingInvite, .api(let failure)),
            (.leavingMesh, .api(let failure)):
            return openedFailed(attempt, failure)
        case (.claimingInvite(let mesh), .api(let failure)): return claimFailed(failure, mesh: mesh)
        case (.adoptingGuest, .api(.refused(let status, _, _))) where status < 429:
            // Nothing to be taken along any more.
            return guestAdopted()
        case (.startingLocalServer, _):
            guard local == .starting || local == .renewing else { return [] }
            local = .failed
        case (.savingSignIn, _): keepsNothing = true
        default: break
        }
        return present(attempt, trouble)
    }

    /// Puts the error overlay up, or keeps it there with the next retry.
    mutating func present(_ attempt: Attempt, _ trouble: Trouble) -> [Effect] {
        let before: Retry? =
            if case .error(let notice) = overlays[.error], notice.attempt == attempt { notice.retry } else { nil }
        overlays.present(.error(ErrorNotice(attempt: attempt, retry: retry(trouble, after: before))))
        return []
    }

    mutating func dismissError(_ ofAttempt: (Attempt) -> Bool) {
        if case .error(let notice) = overlays[.error], ofAttempt(notice.attempt) { overlays.dismiss(.error) }
    }

    /// When to try again: 1.5 s, 3 s, 6 s … at most 30 s, or as the server says; never by itself where that cannot help.
    func retry(_ trouble: Trouble, after before: Retry?) -> Retry {
        let attempt = (before?.attempt ?? 0) + 1
        guard let seconds = trouble.retryAfter else { return Retry(trouble, attempt: attempt) }
        let wait = max(seconds * 1000, min(30_000, 1500 << min(attempt - 1, 5)))
        return Retry(trouble, at: now.boot + wait, attempt: attempt)
    }

    /// The person asks for it now, or its time has come.
    mutating func retryNow() -> [Effect] {
        if case .error(var notice) = overlays.top {
            guard !notice.isRetrying, !mustWait(notice.retry) else { return [] }
            notice.isRetrying = true
            notice.retry.at = nil
            overlays.update(.error(notice))
            return tryAgain(notice.attempt)
        }
        switch step {
        case .welcome: return submitServer()
        case .signIn where signIn.phase == .unavailable: return mustWait(signIn.retry) ? [] : tryAgain(.requestingCode)
        case .signIn where signIn.phase == .waiting: return [.nudgePoll]
        case .pasteToken: return tryAgain(.checkingToken)
        case .join: return tryAgain(.lookingUpInvite)
        case .mesh, .confirm:
            if case .failed(let retry) = meshes.phase, mustWait(retry) { return [] }
            return tryAgain(.loadingMeshes)
        default: return []
        }
    }

    /// The server wants a pause that is not over: to ask before would be refused, and cost another.
    private func mustWait(_ retry: Retry?) -> Bool {
        guard let retry, retry.isSlowDown, let time = retry.at else { return false }
        return time > now.boot
    }

    /// Does once more what failed. Nothing where it no longer applies.
    mutating func tryAgain(_ attempt: Attempt) -> [Effect] {
        switch attempt {
        case .checkingServer: return submitServer()
        case .requestingCode:
            return requestCode()
        case .checkingToken:
            guard case .failed(var retry) = tokenEntry.phase else { return [] }
            retry.at = nil
            tokenEntry.phase = .failed(retry)
            return [.checkToken(Access(server: server.baseURL, token: Secret(tokenText)))]
        case .lookingUpInvite:
            guard case .failed(var retry) = join?.phase, let code = join?.reference?.code else { return [] }
            retry.at = nil
            join?.phase = .failed(retry)
            return [.previewInvite(access, code: code)]
        case .loadingMeshes:
            guard case .failed(var retry) = meshes.phase, identity != nil else { return [] }
            retry.at = nil
            if server.isLocal && (local == .idle || local == .failed) { return startLocalServer() }
            meshes.phase = .failed(retry)
            return [.loadMeshes(access)]
        case .creatingMesh:
            guard let draft = meshes.draft, draft.phase == .creating, let sent = draft.sent else { return [] }
            return [createEffect(draft, sent)]
        case .renamingMesh, .makingInvite, .leavingMesh: return sendOpened()
        case .claimingInvite:
            guard join?.phase == .claiming, let reference = join?.reference, let name = submitted(.joinName) else {
                return []
            }
            return [claimEffect(reference, name)]
        case .adoptingGuest:
            guard let adopting = account.signedIn?.adopting else { return [] }
            return [.adoptGuest(access, guest: adopting)]
        case .startingLocalServer: return startLocalServer()
        case .savingSignIn:
            guard let saving else { return [] }
            return [.saveSignIn(saving.record)]
        }
    }

    /// What closing the error overlay leaves behind: a step that can go on.
    mutating func leaveError(_ attempt: Attempt) -> [Effect] {
        switch attempt {
        case .creatingMesh:
            meshes.draft?.phase = .editing
            return [.cancel(.create)]
        case .renamingMesh, .makingInvite, .leavingMesh:
            stopOpened()
            return [.cancel(.meshChange)]
        case .claimingInvite:
            if join?.phase == .claiming { join?.phase = .preview }
            return [.cancel(.claim)]
        case .adoptingGuest:
            account.update { $0.adopting = nil }
            return [.cancel(.adopt), .loadMeshes(access)]
        case .startingLocalServer:
            return leaveLocal()
        case .checkingServer, .savingSignIn, .requestingCode, .checkingToken, .loadingMeshes, .lookingUpInvite:
            return []
        }
    }
}

extension Trouble {
    /// The seconds the server asks to wait, 0 where it does not say; nil where trying again by itself cannot help.
    var retryAfter: Int? {
        guard case .api(let failure) = self else { return nil }
        switch failure {
        case .unreachable(.insecure), .cancelled: return nil
        case .unreachable: return 0
        case .refused(let status, _, let after):
            return status == 429 || status >= 500 ? min(after ?? 0, 3600) : nil
        }
    }
}
