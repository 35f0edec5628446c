// The shapes of what is said in a mesh: the very keys, there and back.

import FoundationEssentials
import MeshAPI
import Testing

private let start = Date(timeIntervalSince1970: 1_800_000_000)
private let end = Date(timeIntervalSince1970: 1_800_086_400)
private let (startText, endText) = ("2027-01-15T08:00:00Z", "2027-01-16T08:00:00Z")

/// `value` is written as `json` (keys sorted) and read back as itself.
private func expectRoundTrip<Value: Codable & Equatable>(
    _ value: Value, _ json: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    #expect(String(decoding: try WireJSON.encode(value), as: UTF8.self) == json, sourceLocation: sourceLocation)
    #expect(try WireJSON.decode(Value.self, from: Data(json.utf8)) == value, sourceLocation: sourceLocation)
}

private let bo = MemberName(id: "b", name: "Bo Chen", handle: "bo")
private let boJSON = #"{"handle":"bo","id":"b","name":"Bo Chen"}"#
private let docs = Sender(
    kind: .peer, id: "s1", address: "bo/docs", name: "docs", member: bo, role: "writer", host: "box")
private let docsJSON =
    #"{"address":"bo/docs","host":"box","id":"s1","kind":"peer","member":\#(boJSON),"name":"docs","role":"writer"}"#
private let message = Message(
    id: "m", seq: 7, from: docs, to: ["ana", "@reviewer"], body: "Hi", replyTo: "l", chain: "k", hop: 2,
    reason: .answer, createdAt: start, expiresAt: end, mailbox: Mailbox(kind: .peer, id: "s2"), state: .queued,
    wakes: true)
private let messageJSON =
    #"{"body":"Hi","body_version":1,"chain":"k","created_at":"\#(startText)","expires_at":"\#(endText)","from":\#(docsJSON),"hop":2,"id":"m","mailbox":{"id":"s2","kind":"peer"},"reason":"answer","reply_to":"l","seq":7,"state":"queued","to":["ana","@reviewer"],"wakes":true}"#
private let receipt = Receipt(
    messageId: "m", kind: .peer, id: "s2", name: "api", state: .handed, lane: .inbox, at: end,
    times: [.queued: start, .handed: end])
private let receiptJSON =
    #"{"at":"\#(endText)","id":"s2","kind":"peer","lane":"inbox","message_id":"m","name":"api","state":"handed","times":{"handed":"\#(endText)","queued":"\#(startText)"}}"#

@Suite struct MeshShapesTests {
    @Test func whoIsMeant() throws {
        try expectRoundTrip(docs, docsJSON)
        try expectRoundTrip(
            Who(
                kind: .peer, id: "s1", address: "bo/docs", name: "docs", member: bo, live: false, awaySince: start,
                receives: .turn),
            #"{"address":"bo/docs","away_since":"\#(startText)","id":"s1","kind":"peer","live":false,"member":\#(boJSON),"name":"docs","receives":"turn"}"#
        )
        try expectRoundTrip(
            Who(kind: .topic, id: "t", address: "#ci", name: "ci"),
            ##"{"address":"#ci","id":"t","kind":"topic","name":"ci"}"##)
    }

    @Test func messages() throws {
        try expectRoundTrip(message, messageJSON)
        var sent = message
        sent.states = [.queued: 2, .seen: 1]
        sent.receipts = [receipt]
        sent.writtenAt = start
        (sent.mailbox, sent.state, sent.wakes, sent.replyTo, sent.topic, sent.readers) = (nil, nil, nil, nil, "ci", 3)
        let data = try WireJSON.encode(sent)
        #expect(try WireJSON.decode(Message.self, from: data) == sent)
        let text = String(decoding: data, as: UTF8.self)
        #expect(text.contains(#""receipts":[\#(receiptJSON)]"#))
        #expect(text.contains(#""states":{"queued":2,"seen":1}"#) && text.contains(#""readers":3"#))
        #expect(text.contains(#""topic":"ci""#) && text.contains(#""written_at":"\#(startText)""#))
    }

    @Test func sending() throws {
        try expectRoundTrip(
            SendMessage(to: "bo", body: "Hi", clientId: "c1"), #"{"body":"Hi","client_id":"c1","to":"bo"}"#)
        try expectRoundTrip(
            SendMessage(
                to: ["bo", "#ci"], body: "Hi", clientId: "c1", parent: "m", mentions: ["ana"], within: 60,
                writtenAt: start, wake: true),
            ##"{"body":"Hi","client_id":"c1","mentions":["ana"],"parent":"m","to":["bo","#ci"],"wake":true,"within":60,"written_at":"\##(startText)"}"##
        )
        let one = try WireJSON.decode(Addresses.self, from: Data(#"["bo"]"#.utf8))
        #expect(one == "bo")
        #expect(throws: DecodingError.self) { try WireJSON.decode(Addresses.self, from: Data("7".utf8)) }
        try expectRoundTrip(
            SentMessage(
                id: "m", seq: 7, chain: "m", hop: 0, createdAt: start, expiresAt: end,
                recipients: [
                    Recipient(
                        who: Who(kind: .member, id: "b", address: "bo", name: "Bo Chen"), state: .queued,
                        reason: RecipientReason.receivesNothing, wakes: false)
                ], notMentioned: ["zed"], notInContact: [Who(kind: .peer, id: "x", address: "cem/api", name: "api")]),
            #"{"chain":"m","created_at":"\#(startText)","expires_at":"\#(endText)","hop":0,"id":"m","not_in_contact":[{"address":"cem/api","id":"x","kind":"peer","name":"api"}],"not_mentioned":["zed"],"recipients":[{"address":"bo","id":"b","kind":"member","name":"Bo Chen","reason":"receives_nothing","state":"queued","wakes":false}],"seq":7}"#
        )
    }

    @Test func receipts() throws {
        try expectRoundTrip(receipt, receiptJSON)
        try expectRoundTrip(
            ReportReceipts(receipts: [.init(messageId: "m", sessionId: "s", state: .seen, lane: .tool)]),
            #"{"receipts":[{"lane":"tool","message_id":"m","session_id":"s","state":"seen"}]}"#)
        try expectRoundTrip(
            ReceiptsReported(receipts: [.init(messageId: "m", state: .seen)]),
            #"{"receipts":[{"message_id":"m","state":"seen"}]}"#)
    }

    @Test func peers() throws {
        var peer = Peer(
            sessionID: "s1", handle: "docs", address: "bo/docs", displayName: "Docs", receives: .wake, role: nil,
            host: "box", since: start, isSelf: true, member: bo, status: .asking, statusAt: end, attention: .focus)
        (peer.asks, peer.directory, peer.can, peer.lane) = ("Bash", "/home/bo/docs", [.read], .inbox)
        (peer.waiting, peer.cursor) = (2, "c")
        try expectRoundTrip(
            peer,
            #"{"address":"bo/docs","asks":"Bash","attention":"focus","can":["read"],"cursor":"c","directory":"/home/bo/docs","display_name":"Docs","handle":"docs","host":"box","lane":"inbox","live":true,"member":\#(boJSON),"receives":"wake","self":true,"session_id":"s1","since":"\#(startText)","status":"asking","status_at":"\#(endText)","waiting":2}"#
        )
        let old = #"{"display_name":"My API","host":"h","self":false,"session_id":"s","since":"\#(startText)"}"#
        let read = try WireJSON.decode(Peer.self, from: Data(old.utf8))
        #expect(read.handle == "my-api" && read.receives == .nothing && read.live && read.member == nil)
    }

    @Test func presence() throws {
        try expectRoundTrip(
            RegisterSession(
                sessionId: "s", displayName: "B", role: nil, pid: 7, host: "h", tokenHash: "ff", directory: "/d",
                receives: .turn, attention: .quiet, can: [.read, .send]),
            #"{"attention":"quiet","can":["read","send"],"directory":"/d","display_name":"B","host":"h","pid":7,"receives":"turn","session_id":"s","token_hash":"ff"}"#
        )
        try expectRoundTrip(
            ChangeSession(status: .asking, asks: "Bash", attention: .open, attentionUntil: end),
            #"{"asks":"Bash","attention":"open","attention_until":"\#(endText)","status":"asking"}"#)
        try expectRoundTrip(ChangeMyself(attention: .quiet), #"{"attention":"quiet"}"#)
        try expectRoundTrip(ChangeMyself(firstContact: .some(nil)), #"{"first_contact":null}"#)
        try expectRoundTrip(ChangeMyself(firstContact: .ask), #"{"first_contact":"ask"}"#)
        try expectRoundTrip(KickSessions(staleSeconds: 1800), #"{"stale_seconds":1800}"#)
        try expectRoundTrip(
            KickedSessions(kicked: [.init(sessionId: "s", displayName: "B")]),
            #"{"kicked":[{"display_name":"B","session_id":"s"}]}"#)
    }

    @Test func whoMay() throws {
        try expectRoundTrip(
            Grant(
                member: bo, can: [.dm], state: .open, since: start, by: .letIn,
                invitedBy: MemberName(id: "a", name: "Ada"), invite: .init(uses: 3, maxUses: 10), guest: true),
            #"{"by":"let_in","can":["dm"],"guest":true,"invite":{"max_uses":10,"uses":3},"invited_by":{"id":"a","name":"Ada"},"member":\#(boJSON),"since":"\#(startText)","state":"open"}"#
        )
        try expectRoundTrip(PutGrant(can: [.dm, .broadcast]), #"{"can":["dm","broadcast"]}"#)
        try expectRoundTrip(
            Ban(id: "b", name: "Bo", bannedAt: start, by: MemberName(id: "a", name: "Ada")),
            #"{"banned_at":"\#(startText)","by":{"id":"a","name":"Ada"},"id":"b","name":"Bo"}"#)
        try expectRoundTrip(
            MeshKey(
                id: "k", label: "ci", can: [.send], topics: ["ci"], by: bo, createdAt: start, expiresAt: nil,
                lastUsedAt: nil, key: "x"),
            #"{"by":\#(boJSON),"can":["send"],"created_at":"\#(startText)","expires_at":null,"id":"k","key":"x","label":"ci","last_used_at":null,"topics":["ci"]}"#
        )
        try expectRoundTrip(
            CreateKey(label: "ci", can: [.send], expiresInDays: 30),
            #"{"can":["send"],"expires_in_days":30,"label":"ci"}"#)
        try expectRoundTrip(
            WhoIsKey(credential: .init(name: "ci", can: [.send], mesh: .init(id: "m", slug: "s", name: "M"))),
            #"{"credential":{"can":["send"],"kind":"key","mesh":{"id":"m","name":"M","slug":"s"},"name":"ci"}}"#)
    }

    @Test func topicsAndMentions() throws {
        try expectRoundTrip(
            Topic(
                id: "t", name: "ci", about: "Builds", createdAt: start, by: bo, members: 2, joined: true, muted: false,
                unread: 4, lastAt: end),
            #"{"about":"Builds","by":\#(boJSON),"created_at":"\#(startText)","id":"t","joined":true,"last_at":"\#(endText)","members":2,"muted":false,"name":"ci","unread":4}"#
        )
        try expectRoundTrip(CreateTopic(name: "ci"), #"{"name":"ci"}"#)
        try expectRoundTrip(ChangeTopic(about: "x"), #"{"about":"x"}"#)
        try expectRoundTrip(MuteTopic(mute: true), #"{"mute":true}"#)
        try expectRoundTrip(ReadTopic(upTo: "m"), #"{"up_to":"m"}"#)
        try expectRoundTrip(
            Mention(id: "n", messageId: "m", topic: "ci", from: docs, createdAt: start, readAt: nil),
            #"{"created_at":"\#(startText)","from":\#(docsJSON),"id":"n","message_id":"m","read_at":null,"topic":"ci"}"#
        )
        try expectRoundTrip(ReadMentions(upTo: "n"), #"{"up_to":"n"}"#)
        try expectRoundTrip(MentionsRead(read: 3), #"{"read":3}"#)
    }

    @Test(arguments: [
        ("ci", true), ("a-b_9", true), ("", false), ("Ci", false), ("a b", false), ("ñ", false),
        (String(repeating: "a", count: 48), true), (String(repeating: "a", count: 49), false),
    ])
    func topicNames(name: String, isGood: Bool) {
        #expect(Topic.isName(name) == isGood)
    }

    @Test func events() throws {
        try expectRoundTrip(Event.message(message), #"{"message":\#(messageJSON),"type":"message"}"#)
        try expectRoundTrip(Event.held(message), #"{"message":\#(messageJSON),"type":"held"}"#)
        try expectRoundTrip(Event.withdrawn(messageID: "m"), #"{"message_id":"m","type":"withdrawn"}"#)
        try expectRoundTrip(Event.receipt(receipt), #"{"receipt":\#(receiptJSON),"type":"receipt"}"#)
        try expectRoundTrip(
            Event.topic(.changed, .init(id: "t", name: "ci", former: "builds")),
            #"{"change":"changed","topic":{"former":"builds","id":"t","name":"ci"},"type":"topic"}"#)
        try expectRoundTrip(
            Event.member(.banned, .init(id: "b", name: "Bo", membership: .member)),
            #"{"change":"banned","member":{"id":"b","membership":"member","name":"Bo"},"type":"member"}"#)
        try expectRoundTrip(Event.ended(.kicked), #"{"reason":"kicked","type":"ended"}"#)
        let peer = Peer(
            sessionID: "s1", displayName: "Docs", role: nil, host: "box", since: start, isSelf: false, member: bo)
        let data = try WireJSON.encode(Event.peer(.joined, peer))
        #expect(try WireJSON.decode(Event.self, from: data) == .peer(.joined, peer))
    }

    @Test func eventsOfNewerServersArePassedOver() throws {
        let json = #"{"cursor":"c","events":[{"type":"weather"},{"reason":"moved","type":"ended"}],"reset":true}"#
        let page = try WireJSON.decode(EventPage.self, from: Data(json.utf8))
        #expect(page == EventPage(events: [.ended(.moved)], cursor: "c", reset: true))
        try expectRoundTrip(
            EventPage(events: [.ended(.moved)], cursor: "c"),
            #"{"cursor":"c","events":[{"reason":"moved","type":"ended"}]}"#)
        #expect(throws: DecodingError.self) {
            try WireJSON.decode(EventPage.self, from: Data(#"{"cursor":"c","events":[{"type":"ended"}]}"#.utf8))
        }
    }

    @Test func errorsNameAddressesAndThoseNearThem() throws {
        try expectRoundTrip(
            ErrorBody(
                error: "no_recipient", address: "@tester", near: [],
                roles: [RoleHere(role: "reviewer", count: 2)]),
            #"{"address":"@tester","error":"no_recipient","near":[],"roles":[{"count":2,"role":"reviewer"}]}"#)
    }

    @Test func attentionIsWideOrNarrow() {
        #expect(Attention.quiet.isWithin(.focus) && Attention.open.isWithin(.open))
        #expect(!Attention.open.isWithin(.focus))
    }
}

@Suite struct HandleTests {
    @Test(arguments: [
        ("Bo Chen", [], "bo"), ("Bo Chen", ["bo"], "bo-chen"), ("Bo Chen", ["bo", "bo-chen"], "bo-chen-2"),
        ("Bo Chen", ["bo", "bo-chen", "bo-chen-2"], "bo-chen-3"), ("李雷", [], "member"),
        ("李雷", ["member"], "member-2"), ("José", [], "jose"), ("José", ["jose"], "jose-2"), ("李 Lei", [], "lei"),
    ])
    func ofMembers(name: String, taken: [String], handle: String) {
        #expect(Handle.ofMember(named: name) { !taken.contains($0) } == handle)
    }

    @Test func ofPeers() {
        #expect(Handle.ofPeer(named: "My API") == "my-api")
        #expect(Handle.ofPeer(named: "世界") == "session")
        #expect(Handle.free("api") { $0 != "api" } == "api-2")
        let long = Handle.ofPeer(named: String(repeating: "ab ", count: 20))
        #expect(long.count == 40)
        #expect(Slug.isValid(Handle.free(long) { $0 != long }))
    }
}
