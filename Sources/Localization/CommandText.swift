// The texts of the commands: section `command` of assets/l10n.
// To add one: a case here and its key in en.json and es.json; a test holds the three together.

public enum CommandText: String, TextKey {
    public static let section = "command"

    case replacingSession, authenticatedAs, authenticatedViaToken, tokenSaved, syncedMeshes, tagline
    case warningLabel, errorLabel, seeHelp, clash, unknownCommand, optionJSON, optionPlain, optionFullScreen
    case optionLang, optionNonInteractive, optionToken, optionServer, optionLocal, launchHelp, launchMesh
    case launchName, launchRole, launchJoin, launchResume, launchYes, launchExplain, launchDryRun, launchAgent
    case launchLink, launchArguments, localHelp, localStatusHelp, localStopHelp, localRunning, localStopped
    case localStoppedNow, serveHelp, serving, serveHost, servePort, serveDatabase, servePublicURL
    case serveRegistration, serveInsecure, serveLimits, serveProxy, serveMetricsToken
    case loginHelp, loginWithToken, loginTokenFile, loginNoBrowser, loginForce, replacingElsewhere, guestLeft
    case notSynced, syncedNone, variableHides, variableStays, logoutHelp, logoutRevokeToken, notSignedIn
    case tokenRevoked, removed, notRevoked, tokenStaysValid, localNeedsNoLogout, whoamiHelp, whoamiSessions
    case hidesSignIn, notChecked, sourceLabel, kindSession, kindToken, kindGuest, kindPeer, never, sessionsHelp
    case sessionsListHelp, sessionsRevokeHelp, idArgument, revokedNamed, revokedThisOne, thisMachine, thisSession
    case system, lastUsed, tokensHelp, tokensListHelp, tokensCreateHelp, tokensRevokeHelp, tokensExpires
    case tokenNameArgument, tokenShownOnce, tokenNeverExpires, noTokens, createHelp, createSlug, meshNameArgument
    case createdMesh, joinedLocally, invitePeers, notKept, listHelp, noMeshYet, syncHelp, syncAdded, syncRemoved
    case membersHelp, meshArgument, meshOption, joinedOn, peersHelp, since, noPeers, renameHelp, renamed
    case leaveHelp, leftMesh, inviteHelp, inviteEmail, inviteRole, inviteExpires, inviteUses, inviteQR, inviteGood
    case useCount, uses, emailed, notEmailed, inviteThisMachine, invitesHelp, invitesListHelp, invitesRevokeHelp
    case noInvites, joinHelp, joinName, joinedMesh, joinedAsGuest, launchThere, telemetryHelp, telemetryOnHelp
    case telemetryOffHelp, telemetryStatusHelp, telemetryNotice, telemetryIsOn, telemetryIsOff
    case telemetryDoNotTrack, telemetryCI, telemetryLocal, telemetryNotTold, telemetryWaiting, completionsHelp
    case completionsShell, helpHelp, helpTopic, variableToken, variableServer, variableDirectory, variableMesh
    case variableDisplayName, variableRole, variableAgent, variableLanguage, variableASCII, variableAccessible
    case variableNoColor, variableCI, variableDoNotTrack, variableProxy, variableNoProxy, variableCertificates
    case variableSessionID, variableMeshID, variableSessionToken, variableServe
    case serveAuditHelp, serveBackupHelp, serveBackupPath, serveRestoreHelp, serveRestorePath, serveUserHelp
    case serveUserAddHelp, serveUserResetHelp, serveUserEmail, serveUserName, servePasswordStdin, auditIntact
    case backupMade, restored, restoreKept, userAdded, userReset, userAddedGiven, userResetGiven, passwordOnce
    case doctorHelp, doctorTerminal, doctorNoTerminal, doctorPlainTerminal, doctorPlainTerminalHint, doctorNarrow
    case doctorLocale, doctorLocaleASCII, doctorDirectory, doctorNoDirectory, doctorReadOnly, doctorReadOnlyHint
    case doctorWide, doctorDamaged, doctorDamagedHint, doctorToken, doctorTokenEnds, doctorTokenUnchecked
    case doctorNoToken, doctorLocalToken, doctorServer, doctorLocalServer, doctorClock, doctorClockUnknown
    case doctorClockAhead, doctorClockBehind, doctorClockHint, doctorNoProxy, doctorProxy, doctorProxyUnusable
    case doctorProxyHint, doctorCertificates, doctorCertificatesHint, doctorCertificatesUnneeded
    case doctorNoCertificates, doctorNoCertificatesHint, doctorAgent, doctorClipboard, doctorClipboardTerminal
    case doctorClipboardFile, doctorInstall, doctorBrowser, doctorBrowserRemote, doctorBrowserNoDisplay
    case doctorBrowserText, doctorBrowserHint, doctorBrowserMissing
    case screensHelp, screensNames, screensSize, screensASCII, screensSVG
}
