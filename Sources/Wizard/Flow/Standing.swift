// What the front end without questions needs: whether to wait, what is missing, or how it ended.

public import FlowEngine
public import MeshAPI

/// An answer nobody gave, where nobody may be asked.
public enum Missing: Sendable, Hashable {
    /// Nobody is signed in, and no token was given.
    case signIn
    /// The server takes the token of `source` no longer, or never did.
    case rejected(TokenSource)
    /// The invite cannot be used.
    case invite(BadInvite)
    /// The invite is of another server.
    case otherServer(String)
    /// The invite is to another mesh than the one this guest belongs to.
    case account
    /// No mesh was named, or not one of these.
    case mesh(MeshNotice?, choices: [Mesh])
    case name, role, confirmation
    /// Which launch is to be taken up again.
    case launch(choices: [PastLaunch])
}

/// Where a run stands that asks nobody.
public enum Standing: Sendable, Hashable {
    /// Something is on its way.
    case waiting
    case missing(Missing)
    /// A request failed.
    case failed(Attempt, Trouble)
    case over(Outcome<LaunchAnswers, ExitReason, FlowFailure>)
}

extension WizardState {
    /// Where this run stands, if nobody may be asked: the same steps in the same order, the first that lacks an answer.
    public var standing: Standing {
        if let outcome { return .over(outcome) }
        switch overlays.top {
        case .error(let notice): return .failed(notice.attempt, notice.retry.trouble)
        case .sessionExpired(let expired): return .missing(.rejected(expired.source))
        case .nested(let mesh): return .over(.failed(.nested(mesh: mesh)))
        case .launches: return .missing(.launch(choices: facts.launches))
        default: break
        }
        switch step {
        case .welcome, .signIn: return .missing(.signIn)
        case .join: return joinStanding
        case .pasteToken: return tokenStanding
        case .mesh: return meshStanding
        case .name: return .missing(.name)
        case .role: return .missing(.role)
        case .confirm: return agentStanding
        case .handOff: return .waiting
        }
    }

    private var joinStanding: Standing {
        switch join?.phase {
        case .link(let problem): .missing(.invite(problem ?? .empty))
        case .otherServer: .missing(.otherServer(join?.reference?.server ?? ""))
        case .failed(let retry): .failed(.lookingUpInvite, retry.trouble)
        case .preview where needsAccountToJoin: .missing(.account)
        case .preview: .missing(.confirmation)
        case .lookingUp, .claiming, .joined, nil: .waiting
        }
    }

    private var tokenStanding: Standing {
        switch tokenEntry.phase {
        case .failed(let retry): .failed(.checkingToken, retry.trouble)
        case .typing, .rejected, .expired: .missing(.rejected(tokenEntry.source))
        case .checking, .checked: .waiting
        }
    }

    private var meshStanding: Standing {
        switch meshes.phase {
        case .failed(let retry): .failed(.loadingMeshes, retry.trouble)
        case .loaded: .missing(.mesh(meshes.notice, choices: meshes.rows.all))
        case .idle, .loading: .waiting
        }
    }

    private var agentStanding: Standing {
        if case .missing(let name, let places) = agent {
            return .over(.failed(.agentMissing(name: name, places: places)))
        }
        return .missing(.confirmation)
    }
}
