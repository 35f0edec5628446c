// The texts of the wizard's screens and overlays: section `wizard` of assets/l10n.
// To add one: a case here and its key in en.json and es.json; a test holds the three together.

public enum WizardText: String, TextKey {
    public static let section = "wizard"

    case tagline, titleSignIn, titleToken, titleJoin, titleLaunch, titleCreateMesh, titleHelp, titleQuit
    case titleError, titleSignInAgain, signIn, opensBrowser, onAnyDevice, pasteToken, fromSettings
    case joinWithLink, createAccount, thisMachineOnly, noAccountNoNetwork, exit, pasteHere
    case telemetryNotice, telemetryOff, otherServer, otherServerKept, openOnAnyDevice, openInAnyBrowser
    case typeCodeThere, scanOrOpen, approveOnlyIf, waitingForApproval, pageOpened, timeLeft, preparingCode
    case tokenPasteHere, copiedWith, copiedToTerminal, copiedToFile, copyFailed, browserFailed
    case addressForeign, qrTooLarge, addressTooWide, tokenPasted, pastedUnknown, slowedDown
    case notLoadedYet, clockFast, unreachableName, unreachableRefused, unreachableNoAnswer, unreachableLost
    case unreachableWebPage, unreachableCertificate, unreachableMalformed, unreachableTooLarge
    case unreachableRedirected, unreachableInsecure, unreachableOther, remedyOffline, remedyRefused
    case remedyWebPage, remedyCertificate, remedyServer, tryingAgain, tryingNow, cannotReachRetry
    case approveMeanwhile, retryNow, back, signInDenied, signInDeniedMore, newCode, ifMistake, codeExpired
    case codeLasts, tokenLost, tokenLostMore
    case signedInAs, signedInAsWas, tokenSavedTo, tokenNotSaved, loadingMeshes, keep
    case changeAccountNote, stillSignedIn, pasteTokenFrom, token, tokenHidden, tokenInvalid, tokenLength, tokenAlphabet
    case tokenEmpty, tokenHere, onThisMachine, enterSendsToken, checkingWith, tokenNamed, tokenNamedForever,
        signInWithToken, pasteAnother
    case tokenRejected, tokenRejectedMore, tokenExpired, tokenExpiredUnknown, nothingSaved, pasteInvite
    case invite, looksLike, lookingUp, mesh, invitedBy, youJoinAs, members, expires, inDays, inHours
    case inMinutes, usesLeft, identity, guestIdentity, yourName, joinMesh, joining, joined, signInFirst
    case withoutInvite, inviteExpired, inviteExpiredUnknown, inviteRevoked, inviteExhausted, inviteUnknown
    case inviteNone, inviteOtherServer, inviteNotLocal, inviteOtherServerMore
    case goToServer, askInviter, askAnyInviter, alreadyIn, goOnInMesh, openingMesh, youAreHere, account, server,
        countOf, noneYet
    case owner, admin, member, memberCount, peersHere, filter, createMesh, createNamed, signInToCreate, joinWithInvite
    case clearFilter, barWatch, wToWatch
    case noMeshYet, loadingYourMeshes, meshGone, meshUnknown, meshAmbiguous, notCheckedOffline, listFrom
    case yesterday, today, cannotReachStarting, name, slug, slugFree, slugTaken, usersMesh, becomeOwner
    case titleMesh, titleRename, titleInvite, titleLeave, helpMeshActions, helpRename, helpInvite, helpLeave
    case launchInMesh, watchMesh, renameMesh, inviteToMesh, inviteNote, leaveMesh
    case barRename, barInvite, barLeave, barActions
    case helpActions, renaming, slugStays, makingInvite, inviteLetsIn, inviteThisMachine, copyInvite
    case leaveQuestion, leaveMore, leaveNamed, leaving, meshRenamed, meshLeft, lastOwner, lastOwnerMore
    case titleResume, helpResume, whichLaunch, noLaunches, startNew, titleDirectory, helpDirectory
    case whichDirectory, stayIn, notADirectory, changeDirectory, barDirectory, barSettings, titleSettings
    case helpSettings, settingsKept, languageName, settingLanguage, settingSigns, settingPlainText
    case settingAccent, settingUsage, signsUnicode, signsASCII, on, off, offBecauseOf, accentBlue, accentTeal
    case accentViolet, accentRose
    case creating, nameSeen, nameTooLong, nameInvisible, nameControl, role, roleSeen, noRole
    case roleDeveloper, roleReviewer, roleTester, roleArchitect, roleLead, roleObserver, roleOther
    case roleOwnWords, roleTooLong, roleInvisible, roleControl, none, directory, runs, fromAccount
    case fromSource, fromInvite, fromSystem, fromSession, lastTime, onlyOne, localMachine, launchAgent
    case changeMesh, changeName, changeRole, changeAccount, nextTime, agentMissing, installAgent
    case lookedOn, lookedAgainAt, lookAgain, answersKept, launching, startingIn, startingOffline, nested, nestedMore
    case nestedGoOn, stopSigningIn, stopSigningInMore, stopTyping, stopTypingMore
    case stay, quit, failedCreating, failedWhile, refusedStatus, notAllowed
    case rateLimited, safeToRetry, whileCreating, nothingLost, localFailed, backToWelcome, signInEnded, keptForYou
    case variableRejected, variableHides, signInThisRun, thenCommand, tooSmall, barMove, barChoose
    case barPlainText, barHelp, barQuit, barOpenBrowser, barCopyLink, barCopy, barQR, barHideQR, barBack
    case barRetryNow, barNewCode, barAnotherAccount, barCheck, barReveal, barHide, barClear, barStop
    case barLookUp, barNext, barTypeToFilter, barCreate, barJoin, barUse, barMesh, barName, barRole
    case barAccount, barChange, barLaunch, barStay, barClose, helpMovePage, helpFirstLast, helpLetters
    case helpFilter, helpKeyClears, helpKeysToo, helpBringsBack, helpClearThenBack, helpRepaint
    case helpSuspend, helpComesBack, helpPlainText, helpASCII, helpEdit, helpLineEnds
    case helpWelcome, helpSignIn, helpToken, helpJoin, helpMesh, helpCreate, helpName, helpRole
    case helpConfirm, helpHandOff, helpQuit, helpError, helpExpired, helpNested
    case cancelled, fileFailed, unreachableShort, otherInvite, fileSetAside, fileModeFixed, fileUnreadable
    case wasFormer, meshClosest, stopCreatingMore, stopJoiningMore
    case barWithout, unreachableProxy, unreachableProxyUnusable, unreachableCertificates, remedyProxy
    case unreachableProxyPassword, remedyProxyPassword, remedyProxyUnusable, remedyCertificates, remedyInsecure,
        helpSignInSummary, dryRunChangesNothing
    case dryRunChooseOne, goOnUnsaved, barGoOn, agentNotThere
    case sessionWasIn, sessionWasGone, conversationsByDirectory, goToDirectory, startHere, cancel, helpElsewhere
    case hereNow, andMore, messagesWaiting
    case messages, messagesWake, messagesFocus, messagesQuiet, messagesUpdate, messagesLook, messagesOff
    case messagesNotHere, messagesKeptOut, messagesOnceReached, messagesNew, messagesWait
    case leftMesh, toComeBack, endedUnseen, agentEnded
    case serverUnreachable, startingAnyway
    case openedInBrowser, noBrowser, codeStays, titleCreateAccount, pickMesh, noMeshMatches, useAnotherAccount,
        continueAs, refusedPlain, tryingAgainNow, inviteEmpty, claudeMissing, keysPage, keysEnds
    case changeServer, titleServer, helpServer, whichServer, serverFound, serverEmpty, notAServer
    case fromDirectory, noneMatches, codeAlive, agentMissingYet, localServerRuns
    case soFar
}
