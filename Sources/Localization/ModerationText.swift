// The texts of putting others out of a mesh, and of keys for scripts: section `moderation` of assets/l10n.
// To add one: a case here and its key in en.json and es.json; a test holds the three together.

public enum ModerationText: String, TextKey {
    public static let section = "moderation"

    case kickHelp, session, kickStale, kickAll, kickQuestion, kickOwnQuestion, kickSeveralQuestion
    case kickStaleQuestion, kicked, kickedNone, disconnectHelp, disconnectQuestion, disconnected, banHelp
    case member, banQuestion, banned, unbanHelp, unbanQuestion, unbanned, bansHelp, bannedOn, bannedBy, noBans
    case banSelf, banSelfRemedy, noOwnerOut, noAdminOut
    case noSession, noMember, noBan, noKey, keysHelp, keysListHelp, keysCreateHelp, keysRevokeHelp, keyLabel
    case keyCan, keyTopic, keyExpires, keyID, keyQuestion, keyShownOnce, keyNeverExpires, keyRevokeQuestion
    case keyRevoked, noKeys, keyOnlyTopics, may, kindKey, keyElsewhere, keyElsewhereRemedy, serveRetention
}
