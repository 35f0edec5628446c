// The texts of errors and their remedies: section `error` of assets/l10n.
// To add one: a case here and its key in en.json and es.json; a test holds the three together.

public enum ErrorText: String, TextKey {
    public static let section = "error"

    case loginTimedOut, signInDenied, tokenLost, tokenLostRemedy, authenticationFailed
    case authenticationFailedRemedy, authFileCorrupted, authFileNewer, authFileWide, malformedToken
    case tokenRejected, tokenOnCommandLine, notSignedIn, becauseCI, tokenRejectedRemedy, notSignedInRemedy
    case notSignedInOther, emptyVariable, emptyVariableRemedy, guestOnly, guestOnlyRemedy, missing
    case availableMeshes, choices, invalid, ambiguousMesh, ambiguousRemedy, noSuchMesh, didYouMean, noSuchID
    case ambiguousID, badInvite, badInviteRemedy, inviteOtherServer, inviteOtherServerRemedy, badServer
    case badServerRemedy, nested, nestedRemedy, agentMissing, agentMissingRemedy, browserFailed, localServer
    case unreadable, fault, faultRemedy, cancelled, slugTaken, slugTakenRemedy, lastOwner, lastOwnerRemedy
    case sessionRequired, sessionRequiredRemedy, inviteExpired, inviteRevoked, inviteExhausted, inviteRemedy
    case refusedInput, notPermitted, notFound, exists, rateLimited, rateLimitedRemedy, serverFailed
    case serverFailedRemedy, noHome, fileForeign, fileNotPrivate, fileLink, fileWrongKind, fileTooLarge
    case fileBusy, fileStaysWide, fileSetAside, fileDamaged, localServerSlow, alreadyRuns
    case noMeshes, noMeshesRemedy, idTooShort, slugForm, notPositive
    case migrationChanged, migrationChangedRemedy, databaseNewer, databaseNewerRemedy, databaseFailed
    case insecurePublicURL, insecurePublicURLRemedy, limitsOffLoopback, accountName, accountEmail
    case accountEmailTaken, accountUnknown, accountPasswordShort, accountPasswordLong, auditChanged, auditMissing
    case auditCut, auditRemedy
    case sessionTokenOnly, sessionTokenOnlyRemedy, inviteUnknown
}
