// Pasting an access token: judged as it is typed, asked about before it is saved.

import Canvas
import FlowEngine
import MeshAPI

extension WizardState {
    /// The typed token, without white space around it.
    var tokenText: String { (inputs[.token]?.text ?? "").trimmingWhitespace() }

    mutating func reduceToken(_ action: TokenAction) -> [Effect] {
        switch action {
        case .check: return checkTyped()
        case .toggleReveal:
            tokenEntry.isRevealed.toggle()
            return []
        case .use:
            guard case .checked(let who) = tokenEntry.phase else { return [] }
            return useToken(who)
        case .another:
            clearToken()
            return [.cancel(.token)]
        case .browser:
            clearToken()
            return [.cancel(.token)] + enter(by: .browser) + beginSignIn()
        }
    }

    mutating func clearToken() {
        tokenEntry = TokenEntry()
        inputs[.token] = nil
        signIn.hasPastedToken = false
    }

    mutating func tokenEdited(_ text: String) -> [Effect] {
        let wasChecking = tokenEntry.phase == .checking
        tokenEntry.takesWhenChecked = false
        tokenEntry.source = .thisRun
        tokenEntry.phase = .typing(nil)
        let trimmed = text.trimmingWhitespace()
        // What comes next is another token, and nobody has asked to see that one.
        if trimmed.isEmpty { tokenEntry.isRevealed = false }
        if case .impossible(let have) = TokenForm.judge(trimmed), !trimmed.isEmpty {
            tokenEntry.phase = .typing(.malformed(have: have))
        }
        return wasChecking ? [.cancel(.token)] : []
    }

    /// What is wrong with the typed token now that it is meant to be whole; nil where it is well-formed.
    var typedTokenProblem: TokenProblem? {
        switch TokenForm.judge(tokenText) {
        case .complete: nil
        case .incomplete(let have): tokenText.isEmpty ? .empty : .malformed(have: have)
        case .impossible(let have): .malformed(have: have)
        }
    }

    mutating func checkTyped() -> [Effect] {
        if tokenEntry.phase == .checking {
            tokenEntry.takesWhenChecked = true
            return []
        }
        if let problem = typedTokenProblem {
            tokenEntry.phase = .typing(problem)
            return []
        }
        return checkToken(Secret(tokenText))
    }

    mutating func checkToken(_ token: Secret) -> [Effect] {
        tokenEntry.phase = .checking
        tokenEntry.leavesMachine = false
        return [.checkToken(Access(server: server.baseURL, token: token))]
    }

    /// A whole token was pasted where one may be: it is looked up, and one Enter takes it.
    mutating func tokenPasted(_ text: String) -> [Effect] {
        if identity == nil, wayIn?.isLocal == true {
            // The server of this machine is on its way: there is nobody yet whom Esc could bring back.
            fieldProblem = .token
            return []
        }
        var effects = step == .join ? leaveJoin() : []
        let leavesMachine = server.isLocal
        let former = step == .pasteToken ? tokenEntry : TokenEntry()
        switch step {
        case .welcome: effects += reduceWelcome(.pasteToken)
        case .signIn where signIn.phase == .waiting: (signIn.hasPastedToken, signIn.copied) = (true, nil)
        case .signIn: effects += enter(by: .token)
        case .pasteToken: break
        default:
            effects += changeAccount()
            effects += enter(by: .token)
        }
        tokenEntry = TokenEntry()
        tokenEntry.isBesideCode = former.isBesideCode
        inputs[.token] = TextInput(text, bringsBack: false)
        tokenEntry.leavesMachine = leavesMachine
        return leavesMachine ? effects : effects + checkToken(Secret(text))
    }

    /// No invite was meant; its text stays in its field.
    private mutating func leaveJoin() -> [Effect] {
        // A stranger's server hears of no token.
        bringBackAside(.otherServer)
        if !wizardFlow.back(&self) {
            dropJoin()
            wizardFlow.settle(&self)
        }
        return [.cancel(.preview), .cancel(.claim)]
    }

    mutating func tokenChecked(_ token: Secret, _ who: WhoAmI) -> [Effect] {
        guard identity == nil, token.reveal == tokenText else { return [] }
        switch tokenEntry.phase {
        case .checking, .failed: break
        default: return []
        }
        tokenEntry.phase = .checked(who)
        // Its field is left: the screen that follows has no key to hide it.
        tokenEntry.isRevealed = false
        return tokenEntry.takesWhenChecked ? useToken(who) : []
    }

    /// Signs in with the checked token. One from a flag or a variable is for this run alone and never saved.
    mutating func useToken(_ who: WhoAmI) -> [Effect] {
        let source = tokenEntry.source
        let identity = Identity(
            user: who.user, kind: who.credential.kind, token: Secret(tokenText), source: source,
            label: who.credential.name, expiresAt: who.credential.expiresAt?.wallSeconds,
            check: .checked)
        wayIn = .token
        clearToken()
        wizardFlow.answered(&self)
        guard source == .thisRun else { return become(identity, record: nil) }
        let record: SignInRecord.Source = who.credential.kind == .pat ? .pat : .deviceCode
        return become(identity, record: record)
    }

    /// The check brought no identity.
    mutating func tokenCheckFailed(_ failure: APIFailure) -> [Effect] {
        guard identity == nil, tokenEntry.phase == .checking || tokenEntry.isFailed else { return [] }
        if failure.status == 401 {
            tokenEntry.phase = failure.code == "token_expired" ? .expired(nil) : .rejected
            // A rejected variable is said in so many words, since it hides every other sign-in.
            if tokenEntry.source != .thisRun {
                overlays.present(.sessionExpired(SessionExpired(user: nil, source: tokenEntry.source)))
            }
            return []
        }
        tokenEntry.phase = .failed(retry(.api(failure), after: lastTokenRetry))
        return []
    }

    /// A token that is left behind is asked about no more, least of all of the next server.
    mutating func stopTokenRetries() -> [Effect] {
        guard tokenEntry.phase == .checking || tokenEntry.isFailed else { return [] }
        tokenEntry.phase = .typing(nil)
        tokenEntry.takesWhenChecked = false
        return [.cancel(.token)]
    }

    private var lastTokenRetry: Retry? {
        if case .failed(let retry) = tokenEntry.phase { retry } else { nil }
    }
}
