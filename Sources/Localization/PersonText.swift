// What a session's person is told past the model, in Claude Code: section `person` of assets/l10n.
// To add one: a case here and its key in en.json and es.json; a test holds the three together.

public enum PersonText: String, TextKey {
    public static let section = "person"

    case sent, sentPlain, waitsHere, notSent, secretKey, secretToken, lateRefused, loopLimit, loopLimitFor, wrote
    case over, putOutBy, readAlready, wantsToWrite, wantsAsGuest, wantsByLink, letIn, refuse, block, choice
    case notSettled
}
