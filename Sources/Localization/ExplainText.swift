// Why each step of the flow stands where it does: section `explain` of assets/l10n. Read after the step's name and status.
// To add one: a case here and its key in en.json and es.json; a test holds the three together.

public enum ExplainText: String, TextKey {
    public static let section = "explain"

    case always, noIdentity, signedIn, sourceFile, sourceLocal, sourceThisRun, wayInGivenToken, wayInGivenLocal
    case inviteAsked, inviteGiven, noInvite, signsInFirst, wayInBrowser, wayInCreateAccount, wayInToken
    case wayInLocal, wayInInvite, noWayIn, skippedByYes, joined, notJoined, notSignedIn, answer, noMesh
    case meshesUnknown, meshGone, meshUnknown, meshAmbiguous, waitsForLocalServer, noName, withoutRole, noRole
    case confirmed, notConfirmed, agentMissing, endsTheFlow, fromSource, fromSession, lastTime, onlyOne
    case fromInvite, fromAccount, fromSystem, byYes, given
}
