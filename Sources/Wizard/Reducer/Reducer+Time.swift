// The passing of time: what is due, what a countdown shows, and when the runtime must look again.

public import FlowEngine
import MeshAPI

extension WizardState {
    /// Shown after its end for this long, until the poller has said how it ended.
    private static let grace: Milliseconds = 5000

    mutating func tick() -> [Effect] {
        var effects: [Effect] = []
        if isDue(signIn.phase == .unavailable ? signIn.retry : nil) { effects += tryAgain(.requestingCode) }
        if case .failed(let retry) = tokenEntry.phase, isDue(retry) { effects += tryAgain(.checkingToken) }
        if case .failed(let retry) = join?.phase, isDue(retry) { effects += tryAgain(.lookingUpInvite) }
        if case .failed(let retry) = meshes.phase, isDue(retry) { effects += tryAgain(.loadingMeshes) }
        if case .error(var notice) = overlays[.error], isDue(notice.retry), !notice.isRetrying {
            notice.isRetrying = true
            notice.retry.at = nil
            overlays.update(.error(notice))
            effects += tryAgain(notice.attempt)
        }
        if signIn.phase == .waiting, let code = signIn.code, now.boot >= code.endsAt + Self.grace {
            effects += giveUpCode()
            signIn.phase = .expired
        }
        return effects
    }

    private func isDue(_ retry: Retry?) -> Bool {
        retry?.at.map { $0 <= now.boot } ?? false
    }

    /// Seconds a countdown shows until `end`: above a minute in steps of ten, rounded up, so that it never jumps ahead.
    public static func secondsShown(until end: Milliseconds, now: Milliseconds) -> Int {
        let seconds = max(0, (end - now + 999) / 1000)
        return seconds <= 60 ? seconds : (seconds + 9) / 10 * 10
    }

    /// When the next `tick` is due on the boot clock: a countdown changes, or something is tried again. nil: never.
    public var nextTick: Milliseconds? {
        guard outcome == nil else { return nil }
        var times: [Milliseconds] = []
        if signIn.phase == .waiting, let code = signIn.code {
            times.append(changeOfCountdown(to: code.endsAt))
            times.append(code.endsAt + Self.grace)
        }
        for retry in retries {
            if let at = retry.at { times += [changeOfCountdown(to: at), at] }
        }
        if let since = handsOffSince { times += [since + Self.unseen, since + Self.checkPatience] }
        if let step = wait.nextStep(at: now.boot) { times.append(step) }
        return times.filter { $0 > now.boot }.min()
    }

    private var retries: [Retry] {
        var all: [Retry] = []
        if signIn.phase == .unavailable || signIn.phase == .waiting, let retry = signIn.retry { all.append(retry) }
        if case .failed(let retry) = tokenEntry.phase { all.append(retry) }
        if case .failed(let retry) = join?.phase { all.append(retry) }
        if case .failed(let retry) = meshes.phase { all.append(retry) }
        if case .error(let notice) = overlays[.error] { all.append(notice.retry) }
        return all
    }

    /// When what `secondsShown` says becomes another number; `end` itself once it is over.
    private func changeOfCountdown(to end: Milliseconds) -> Milliseconds {
        let shown = Self.secondsShown(until: end, now: now.boot)
        guard shown > 0 else { return end }
        let next = shown > 60 ? shown - 10 : shown - 1
        return end - next * 1000
    }
}
