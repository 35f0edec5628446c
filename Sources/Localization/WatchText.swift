// The texts of the mesh on one screen: section `watch` of assets/l10n.
// To add one: a case here and its key in en.json and es.json; a test holds the three together.

public enum WatchText: String, TextKey {
    public static let section = "watch"

    case youSay, wantsToWriteYou, guestWantsToWriteYou
    case now, yesterday, minutes, hours, days, keyName, you, asks, works, idle, deaf, isHere, left, leftAt, askingFor
    case askingForSome, workingFor, idleFor, isDeaf, forYouState, acknowledged, seenBy, queued, fetched
    case givenNotConfirmed, notConfirmed
    case handed, seen, held, refused, expired, withdrawn, waitsHere, serverFailed, notReached, tryingAgain
    case connecting, over, offlineSince, hereCount, askCount, forYouCount, newCount, peers, peersAsOf, away
    case people, topics, muted, said, everything, earlier, earlierCount, newerCount, newSince, new, goesOn, nothingSaid
    case nothingFits, forYou, andMore, waitsForYou, waitsForYouToRun, asksYouText, asksYou, tellsYouText
    case tellsYou, wantsToWrite, guestWantsToWrite, chainWaits, to, answerTo, nobodyYet, barSend, barTake
    case barForYou, barPeers, barFilter, barWhole, barOpen, barWrite, barMeshes, barAttention, barNext
    case barLine, barDone, barKeep, barNoAnswer, barEverything, barNewest, barPutOut, barBan, helpHistory
    case helpMesh, helpLine, helpLists, helpForYou, quitQuestion, quitWaiting, quitDraft, quitDrafts, readOn,
        anotherMesh
    case endedKicked, endedBanned, endedRemoved, endedArchived, endedCredential, peer, whose, yours, role
    case whereRuns, session, takes, lastSeen, writeToIt, saidWithIt, goToIt, setContact, putOut, putOutNote
    case ban, banNote, person, address, sessions, noneHere, contact, writeTo, saidWith, saidIn, whatMayWake
    case topic, madeBy, members, about, mute, unmute, muteNote, joinTopic, leaveTopic, messageTitle, answer
    case doneWithIt, goneTitle, isGone, takesWake, takesFocus, takesQuiet, takesTurn, takesLook, takesNothing
    case contactOpen, contactHeld, contactRefused, contactBlocked, firstWordTitle, who, guest, member
    case sinceWhen, cameBy, linkUses, linkOf, sessionLabel, onHost, toLabel, saysUnread, decideLater, letIn
    case letInNote, refuseThis, refuseNote, block, blockNote, leaveAsIs, asMesh, putOutTitle, putOutQuestion
    case keyPageDown, barRest, waitsForYouRun, yoursNamed, lineGuest, lineInvited
    case banSelf, noOwnerOut, noAdminOut, onlyModerators
    case banCounts, banNothing, banBoth, banSessions, banInvites, banKeys
    case putOutSays, putOutOwn, banTitle, banQuestion, banSays, banBack, typeName, attentionTitle
    case attentionSays, attentionOpen, attentionOpenNote, attentionFocus, attentionFocusNote, attentionQuiet
    case attentionQuietNote, attentionOpenDone, attentionFocusDone, attentionQuietDone, meshesTitle
    case toNobodyYet, toWhom, tooLong, looksLikeKey, looksLikeToken, heldThere, refusedThere, notInContact
    case nobodyThere, failed, nobodyCalled, nobodyCalledNear, severalFit, isYou, takesNone, heldFull, tooFast
    case otherName, letInDone, refuseDone, blockDone, asMeshDone, putOutDone, banDone, mutedDone, heardDone
    case joinedDone, leftDone, wentThere, runsInTerminal, runsOn
    case lineWatching, lineHere, lineForYou, lineTypeHelp, lineNew, lineHelp, lineNothing, lineSent, lineWaits
    case lineTo, lineDecide, lineUnreadDecide, lineOffline, lineBack, lineSays, lineMore, lineWorking
    case lineAsking, wordHelp, wordQuit, wordPeers, wordForYou, wordMore, wordDone, wordPutOut, wordBan
    case wordAttention, wordLetIn, wordRefuse, wordBlock, wordLater
}
