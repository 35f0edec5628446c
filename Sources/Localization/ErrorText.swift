// The texts of errors and their remedies: section `error` of assets/l10n.
// To add one: a case here and its key in en.json and es.json; a test holds the three together.

public enum ErrorText: String, TextKey {
    public static let section = "error"

    case loginTimedOut, signInDenied, parseDashRemedy, notPermittedRemedy, tokenLost, tokenLostRemedy,
        authenticationFailed
    case authenticationFailedRemedy, authFileCorrupted, authFileNewer, authFileWide, malformedToken
    case malformedVariableRemedy, meshGone, meshGoneRemedy, unseenInMesh
    case tokenRejected, tokenOnCommandLine, notSignedIn, becauseCI, tokenRejectedRemedy, notSignedInRemedy
    case notSignedInOther, emptyVariable, emptyVariableRemedy, guestOnly, guestOnlyRemedy, missing
    case availableMeshes, choices, invalid, ambiguousMesh, ambiguousRemedy, noSuchMesh, didYouMean, noSuchID
    case ambiguousID, badInvite, badInviteRemedy, inviteOtherServer, inviteOtherServerRemedy, badServer
    case directoryGone, directoryGoneRemedy
    case badServerRemedy, nested, nestedRemedy, agentMissing, agentMissingRemedy, localServer
    case noProc, noProcRemedy, unreadable, fault, faultRemedy, cancelled, slugTaken, slugTakenRemedy, lastOwner,
        lastOwnerRemedy
    case sessionRequired, sessionRequiredRemedy, inviteExpired, inviteRevoked, inviteExhausted, inviteRemedy
    case refusedInput, notPermitted, notFound, rateLimited, rateLimitedRemedy, rateLimitedLater, serverFailed
    case serverFailedRemedy, noHome, fileForeign, fileNotPrivate, fileLink, fileWrongKind, fileTooLarge
    case fileBusy, fileStaysWide, fileSetAside, fileDamaged, fileLeftOut, fileNotOursRemedy,
        noThreads, noThreadsRemedy, fewDescriptors, fewDescriptorsRemedy, localElsewhere,
        localElsewhereRemedy, localServerSlow, loopbackDown, loopbackDownRemedy, alreadyRuns, noMeshes
    case noMeshesRemedy, idTooShort, slugForm, notBetween, migrationChanged, migrationChangedRemedy
    case databaseNewer, databaseNewerRemedy, databaseFailed, insecurePublicURL, insecurePublicURLRemedy, wildcardHost
    case wildcardHostRemedy
    case limitsOffLoopback, accountName, accountEmail, accountEmailTaken, accountUnknown, accountPasswordShort
    case accountPasswordLong, accountPasswordControl, auditChanged, auditMissing, auditCut, auditRemedy
    case sessionTokenOnly, sessionTokenOnlyRemedy, inviteUnknown, interpreterMissing, notExecutable, agentWithArguments,
        agentFailed, sessionRuns, parseClash
    case parseUnknownCommand, parseOptionFirst, parseOptionFirstRemedy, parseUnknownOption, parseMissingValue,
        parseNoValue, parseUnexpected
    case parseMissingArgument, parseInvalidValue, parseUnreadable, inviteSignInThere, dryRunStartsNothing
    case localServerRemedy, localServerSilent, databaseRemedy, empty, portTaken, portTakenRemedy
    case portForbidden, addressUnusable, addressUnusableRemedy, notOneOf, noSuchProgram, signedInElsewhereRemedy
    case fileInTheWay, fileForeignRemedy, fileCrowded, fileNotPrivateRemedy, fileBusyRemedy, diskFullRemedy, pathRemedy,
        accessRemedy
    case dryRunChangesNothing, dryRunRemedy, agentNotThere, agentNamedRemedy
    case databaseForeign, migrationsDamaged, databaseForeignRemedy, databaseDamagedRemedy, noDatabase, noDatabaseRemedy,
        noFolder
    case noFolderRemedy, fileExists, fileExistsRemedy, copyItself, copyItselfRemedy, fileIsFolder, noKey, noKeyRemedy
    case fileIsNone, otherKey, notKey, databaseInUse, databaseInUseRemedy, copyDamaged, copyDamagedRemedy
    case refusedSlug, refusedRole, refusedExpiry, refusedUses, quoted, systemNoSpace, systemAccess, systemNotPermitted
    case systemMissing, systemNotFolder, systemFolder, systemReadOnly, systemLoop, systemTooLong, systemInputOutput
    case databaseAddress, databaseAddressRemedy, addressForm, addressIncomplete, addressOption, addressService
    case databaseServer, databaseServerRemedy, databaseCertificateRemedy, databaseSetting, databaseSettingRemedy,
        databaseTextsRemedy, noLibrary
    case noLibraryRemedy, keyOfOthers, keyNotHere, keyFileRemedy, notEmpty, notEmptyRemedy, databaseTwice, keyFileAlone
    case otherProgram, otherProgramRemedy, serversAlone, serversAloneRemedy
    case systemClosed, linkRemedy, systemFileLimit, fileLimitRemedy, notUTF8, parseNotUTF8, parseNotUTF8Remedy
}
