// The reasons of the steps in words, for `claudemesh launch --explain`.

public import Localization
import MeshAPI

extension StepReason {
    /// Why, as a clause: `signed in as Ada (saved sign-in)`. Names in it are not made inert: that is the one sink's work.
    public func words(_ strings: Strings) -> String {
        switch self {
        case .always: strings(ExplainText.always)
        case .noIdentity: strings(ExplainText.noIdentity)
        case .signedIn(let name, let source):
            strings(ExplainText.signedIn, ["name": name, "source": source.words(strings)])
        case .wayInGiven(.token(_, let source)):
            strings(ExplainText.wayInGivenToken, ["source": source.words(strings)])
        case .wayInGiven(.local): strings(ExplainText.wayInGivenLocal)
        case .inviteAsked: strings(ExplainText.inviteAsked)
        case .inviteGiven: strings(ExplainText.inviteGiven)
        case .noInvite: strings(ExplainText.noInvite)
        case .signsInFirst: strings(ExplainText.signsInFirst)
        case .wayIn(let way): strings(way.text)
        case .noWayIn: strings(ExplainText.noWayIn)
        case .skippedByYes: strings(ExplainText.skippedByYes)
        case .joined(let mesh): strings(ExplainText.joined, ["mesh": mesh])
        case .notJoined: strings(ExplainText.notJoined)
        case .notSignedIn: strings(ExplainText.notSignedIn)
        case .mesh(let name, let source), .name(let name, let source): answer(name, source, strings)
        case .role(let role, let source): answer(role ?? strings(ExplainText.withoutRole), source, strings)
        case .noMesh(nil): strings(ExplainText.meshesUnknown)
        case .noMesh(let count?): strings(ExplainText.noMesh, count: count)
        case .meshNotice(let notice): notice.words(strings)
        case .waitsForLocalServer: strings(ExplainText.waitsForLocalServer)
        case .noName: strings(ExplainText.noName)
        case .noRole: strings(ExplainText.noRole)
        case .confirmed: strings(ExplainText.confirmed)
        case .notConfirmed: strings(ExplainText.notConfirmed)
        case .agentMissing(let name): strings(ExplainText.agentMissing, ["program": name])
        case .endsTheFlow: strings(ExplainText.endsTheFlow)
        }
    }

    private func answer(_ value: String, _ source: AnswerSource, _ strings: Strings) -> String {
        strings(ExplainText.answer, ["answer": value, "source": source.words(strings)])
    }
}

extension WayIn {
    fileprivate var text: ExplainText {
        switch self {
        case .browser: .wayInBrowser
        case .createAccount: .wayInCreateAccount
        case .token: .wayInToken
        case .local: .wayInLocal
        case .invite: .wayInInvite
        }
    }
}

extension TokenSource {
    fileprivate func words(_ strings: Strings) -> String {
        switch self {
        case .flag(let name), .variable(let name): name
        case .file: strings(ExplainText.sourceFile)
        case .local: strings(ExplainText.sourceLocal)
        case .thisRun: strings(ExplainText.sourceThisRun)
        }
    }
}

extension AnswerSource {
    fileprivate func words(_ strings: Strings) -> String {
        switch self {
        case .flag(let name), .variable(let name): strings(ExplainText.fromSource, ["source": name])
        case .resumed: strings(ExplainText.fromSession)
        case .lastTime: strings(ExplainText.lastTime)
        case .onlyOne: strings(ExplainText.onlyOne)
        case .invite: strings(ExplainText.fromInvite)
        case .directory: strings(WizardText.fromDirectory)
        case .account: strings(ExplainText.fromAccount)
        case .loginName: strings(ExplainText.fromSystem)
        case .assumed: strings(ExplainText.byYes)
        case .person: strings(ExplainText.given)
        }
    }
}

extension MeshNotice {
    fileprivate func words(_ strings: Strings) -> String {
        switch self {
        case .gone(let name): strings(ExplainText.meshGone, ["mesh": name])
        case .unknown(let query, _): strings(ExplainText.meshUnknown, ["mesh": query])
        case .ambiguous(let query, let ids):
            strings(ExplainText.meshAmbiguous, ["mesh": query, "ids": ids.joined(separator: ", ")])
        }
    }
}
