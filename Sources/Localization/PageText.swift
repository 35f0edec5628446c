// The texts of web pages: section `page` of assets/l10n. Templates name them as `{{t.signIn}}`.
// To add one: a case here and its key in en.json and es.json; a test holds the three together.

public enum PageText: String, TextKey {
    public static let section = "page"

    case skip, account, signOut, signIn, createAccount, signInTitle, registerTitle, signOutTitle
    case signInForCode, registerForCode, name, email, password, passwordHint, noAccount, haveAccount
    case signOutText, stay, nameInvalid, nameControl, emailInvalid, emailTaken, passwordShort, passwordLong,
        passwordControl
    case signInWrong, forgotPassword
    case registerClosed, codeTitle, codeLabel, codeHint, goOn, codeUnusable, cardTitle, cardDevice, cardAsked
    case cardExpires, cardAccount, cardWarning, approve, deny, notYou, switchAccount, askedSeconds
    case askedMinutes, expiresSeconds, expiresMinutes, approvedTitle, approvedText, deniedTitle, deniedText
    case dashboardTitle, noMeshes, linkDevice, more, memberCount, membershipOwner, membershipAdmin
    case membershipMember, errorTitle, errorNotFound, errorForm, errorTooMany, errorBusy, errorHost
    case errorRequest, errorField, errorOther
    case settings, meshes, inviteTitle, invitedBy, joinAs, theyJoinAs, members, inviteExpires, inviteJoin
    case inviteRegister, usesLeft, inviteExpired, inviteUnknown, inviteRevoked, inviteExhausted, inviteMember,
        tokensTitle
    case generateToken, tokenName, tokenExpires, tokenOnce, copy, copied, revoke, noTokens, never
    case neverWarning, oneYear, neverExpires, until, days, usedOn, neverUsed, linkedOn, sessionsTitle, noSessions
    case passwordTitle, currentPassword, newPassword, passwordEnds, changePassword, currentWrong
    case passwordChanged, errorChoice
    // Meshes, invites and passwords made on the pages.
    case makeMesh, backToMesh, invitesTitle, makeInvite, inviteFor, people, inviteEmail, inviteLetsIn
    case inviteMailed, inviteNotMailed, invitesOut, noInvites, forgotTitle, forgotLead, forgotSend, forgotSent
    case resetTitle, resetFor, resetUnusable, resetDone
    // A mesh's page.
    case meshForYou, meshTopics, meshHere, meshNobody, meshMembers, meshSilence, meshOlder, meshMarkRead
    case meshTo, meshMessage, meshSend, meshMention, meshHeldHint, meshUnread, meshReaders
    case meshLater, meshLetIn, meshRefuse, meshBlock, meshSetAside
    case contactGuest, contactSince, contactByInvite, contactByLink
    case meshNoRecipient, meshAmbiguous, meshSelf, meshBlocked, meshHeldFull, meshTooLong, meshEmpty
    case stateQueued, stateFetched, stateHanded, stateSeen, stateAcknowledged, stateHeld, stateRefused, stateExpired,
        stateWithdrawn
    case statusIdle, statusWorking, statusAsking, statusDeaf, statusUnknown
}
