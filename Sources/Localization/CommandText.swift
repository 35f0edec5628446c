// The texts of the commands: section `command` of assets/l10n.
// To add one: a case here and its key in en.json and es.json; a test holds the three together.

public enum CommandText: String, TextKey {
    public static let section = "command"

    case replacingSession, authenticatedAs, authenticatedViaToken, tokenSaved, syncedMeshes, tagline
    case warningLabel, errorLabel, seeHelp, optionJSON, optionPlain, optionFullScreen
    case optionLang, optionNonInteractive, optionToken, optionServer, optionLocal, launchHelp, launchMesh
    case launchName, launchRole, launchJoin, launchResume, launchYes, launchExplain, launchDryRun, launchAgent
    case launchLink, launchArguments, localHelp, localStatusHelp, localStopHelp, localRunning, localStopped
    case localStoppedNow, serveHelp, serving, serveHost, servePort, serveDatabase, servePublicURL
    case serveRegistration, serveInsecure, serveLimits, serveProxy, serveMetricsToken, loginHelp, loginWithToken
    case loginTokenFile, loginNoBrowser, loginForce, replacingElsewhere, guestLeft, notSynced, syncedNone
    case variableHides, variableStays, logoutHelp, logoutRevokeToken, notSignedIn, tokenRevoked, tokenWasOver, removed
    case notRevoked, tokenStaysValid, localNeedsNoLogout, whoamiHelp, whoamiSessions, hidesSignIn, notChecked
    case sourceLabel, kindSession, kindToken, kindGuest, kindPeer, never, sessionsHelp, sessionsListHelp
    case sessionsRevokeHelp, idArgument, revokedNamed, revokedThisOne, thisMachine, thisSession, system
    case lastUsed, tokensHelp, tokensListHelp, tokensCreateHelp, tokensRevokeHelp, tokensExpires
    case tokenNameArgument, tokenShownOnce, tokenNeverExpires, noTokens, createHelp, createSlug
    case meshNameArgument, createdMesh, joinedLocally, invitePeers, notKept, listHelp, noMeshYet, syncHelp
    case syncAdded, syncRemoved, membersHelp, meshArgument, meshOption, membership, joinedOn, peersHelp, since, noPeers
    case renameHelp, renamed, leaveHelp, leftMesh, leaveArchive, leaveYes, archiveQuestion, nothingEnded,
        archivedMesh, inviteHelp, inviteEmail, inviteRole,
        inviteExpires
    case inviteUses, inviteQR, inviteGood, uses, emailed, notEmailed, inviteThisMachine, invitesHelp
    case invitesListHelp, invitesRevokeHelp, noInvites, joinHelp, joinName, joinedMesh, joinedAsGuest,
        nameUnchanged
    case launchThere, telemetryHelp, telemetryOnHelp, telemetryOffHelp, telemetryStatusHelp, telemetryNotice
    case telemetryIsOn, telemetryIsOff, telemetryDoNotTrack, telemetryCI, telemetryLocal, telemetryNotTold
    case telemetryWaiting, completionsHelp, completionsShell, helpHelp, helpTopic, variableToken, variableServer
    case variableDirectory, variableMesh, variableDisplayName, variableRole, variableAgent, variableLanguage
    case variableASCII, variableAccessible, variableNoColor, variableCI, variableDoNotTrack, variableProxy
    case variableNoProxy, variableCertificates, variableSessionID, variableMeshID, variableSessionToken
    case serveDatabaseURLFile, serveKeyFile, serveDrain, serveStatusHelp, serveCopyHelp, serveCopyTo, serverName
    case serverVersion, serverStreams, serverSchema, noServers, serverCopied, serverCopiedKey
    case variableServe, variableServeLog, serveAuditHelp, serveBackupHelp, serveBackupPath, serveRestoreHelp,
        serveRestorePath
    case serveUserHelp, serveUserAddHelp, serveUserResetHelp, serveUserEmail, serveUserName, servePasswordStdin
    case auditIntact, backupMade, restored, restoreKept, userAdded, userReset, userAddedGiven, userResetGiven
    case passwordOnce, doctorHelp, doctorSignInLabel, doctorAgentLabel
    case doctorTerminal, doctorNoTerminal, doctorPlainTerminal
    case doctorPlainTerminalHint, doctorNarrow, doctorLocale, doctorLocaleASCII, doctorDirectory
    case doctorNoDirectory, doctorReadOnly, doctorReadOnlyHint, doctorWide, doctorDamaged, doctorDamagedHint
    case doctorToken, doctorTokenEnds, doctorTokenUnchecked, doctorTokenUnread, doctorNoToken, doctorLocalToken
    case doctorServer, doctorServerUnread
    case doctorLocalServer, doctorClock, doctorClockUnknown, doctorClockAhead, doctorClockBehind
    case doctorClockHint, doctorNoProxy, doctorProxy, doctorProxyUnusable, doctorCertificates
    case doctorCertificatesUnneeded, doctorNoCertificates, doctorNoCertificatesHint
    case doctorAgent, doctorClipboard, doctorClipboardTerminal, doctorClipboardFile, doctorInstall
    case doctorBrowser, doctorBrowserRemote, doctorBrowserNoDisplay, doctorBrowserText, doctorBrowserHint
    case doctorBrowserMissing, explainSkipped
    case explainComplete, explainCurrent, explainPending, explainAlways, explainNoIdentity, explainSignedIn
    case explainTokenGiven, explainWayIn, explainInviteAsked, explainInviteGiven, explainNoInvite
    case explainSignsInFirst, explainNoWayIn, explainYes, explainJoined, explainNotJoined, explainNotSignedIn
    case explainAnswer, explainNoMesh, explainMeshUnasked, explainWaitsForLocal, explainNoName, explainNoRole
    case serveMailCommand, serveMailFrom, helpUsage, helpArguments, helpOptions, helpCommonOptions, helpCommands
    case helpExamples, helpCommonNames, helpMan, manName, manEnvironment, manWritten, groupStart, groupMeshes
    case groupMessages, groupWho, groupAccount, groupMachine
    case helpUsual, helpDefault, helpOptionsWord, helpHelpOption, helpVersionOption, helpOfCommands, joinThere
    case tokenPrompt, yes, yesLetter
    case explainConfirmed, explainNotConfirmed, explainEnds, listGoesOn, doctorWideAndDamaged
    case doctorCannotMake, doctorCannotMakeHint, doctorCertificatesEmpty, notRevokedUnread
    case variableSessionTokenText, variableBrowser, variableMailKey
    case daemonHelp, daemonRunHelp, daemonStatusHelp, daemonStopHelp, daemonLogsHelp, daemonRunning
    case daemonStopped, daemonStoppedNow, daemonWaiting, daemonGiven, daemonToSend, mcpHelp
    case daemonFollowing, daemonConnecting, daemonSignedOut, daemonOver
    case doctorLanesHelp, doctorNoMessages, doctorLane, doctorLaneInbox, doctorLaneNotice, doctorLaneTool
    case doctorLaneNone, doctorLaneNoneHint, doctorProved, doctorUnproved, doctorUnprovedHint, doctorBack
    case doctorBackAlone, doctorSelf, doctorLost, doctorSelfLost
    case launchCan, launchAttention, launchNoMessages, messagesCannotRun, launchReducedMotion
}
