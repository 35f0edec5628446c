// The texts of what is said in a mesh, and of the commands that say and read it: section `message` of assets/l10n.
// To add one: a case here and its key in en.json and es.json; a test holds the three together.

public enum MessageText: String, TextKey {
    public static let section = "message"

    case personOnly, personOnlyRemedy, isSelf, idReused, tooLarge, tooLargeThere, tooLargeRemedy, tooMany
    case tooManyRemedy, blocked, refused, noBroadcast, refusedQuoted, rateLimit, heldFull, heldFullRemedy
    case loopLimit, loopLimitRemedy, loopLimitPair, loopLimitNamed, loopLimitChain, loopLimitMinute, loopLimitHour
    case kicked, kickedBy, kickedRemedy, banned, bannedRemedy, moved
    case removedFromMesh, meshEnded, signInEnded, seenAlready, seenBy, topicTaken, noMessage, noTopic, near
    case everyone, noRole, rolesHere, nobody, twoFit, severalFit, nothingSent, perhapsSent, nothingToSend
    case secretKey, secretToken, secretRemedy, secretRemedySession, noAddressRemedy, idForm, stateQueued
    case stateFetched, stateHanded, stateSeen, stateAcknowledged, stateHeld, stateRefused, stateExpired
    case stateWithdrawn, statePosted, keyName, here, away, awaySince, posted, held, takesNothing, queuedAway
    case queuedAwaySince, queuedWakes, queuedNotWakes, became, statusIdle, statusWorking, statusAsking
    case statusDeaf, wakesTakesNone, wakesLook, wakesTurn, wakesOpen, wakesFocus, wakesQuiet, nobodyThere
    case notMentioned, notInContact, sent, sessionCount, personCount, wakeQuestion, nobodyAnswered, inboxEmpty
    case settled, followLost, noMessages, takenBack, muted, joined, unread, topic, topicForm, topicCreated
    case topicJoined, topicLeft, topicMuted, topicHeard, attentionOpen, attentionFocus, attentionQuiet
    case waitsHere, attentionUntil, address, status, wokenBy, directory, nobodyInYourMeshes, sendHelp, sendWords
    case sendTopic, sendReplyTo, sendWait, sendWithin, sendID, sendWake, sendAnyway, replyHelp, messageID
    case messageWords, inboxHelp, inboxFollow, inboxAll, inboxCount, inboxDone, messagesHelp, messagesListHelp
    case messagesWith, messagesTopic, messagesShowHelp, messagesWithdrawHelp, topicsHelp, topicsListHelp
    case topicsCreateHelp, topicsAbout, topicName, topicsJoinHelp, topicsLeaveHelp, topicsMuteHelp
    case topicsMuteOff, attentionHelp, attentionArgument, attentionFor
    // Contacts.
    case contactsHelp, contactsFirst, contactsMine, contactArgument, allowHelp, blockHelp, unblockHelp
    case grantHelp, grantAbilities, revokeHelp, contactOpen, contactDirect, contactBroadcast
    case contactStranger, contactWaits, contactRefused, contactBlocked, contactGuest, contactSince
    case contactByInvite, contactByLink, contactSelf, nobodyAnywhere, everyContact, noContacts
    case allowQuestion, blockQuestion, unblockQuestion, revokeQuestion, refuseQuestion, allowed, allowedHeld
    case blockedDone, notBlocked, unblocked, unblockedOpen, granted, revoked, revokedOpen, refusedDone
    case firstContactSet, firstContactChosen, firstContactOpen, firstContactVouched, firstContactAsk
    case firstContactMine, outOfContact, outOfContactRemedy
    // Why a receipt is as it is.
    case reasonPersons, reasonAnswered, reasonBanned
    case watchHelp, watchMesh, watchBell, peersWatch
}
