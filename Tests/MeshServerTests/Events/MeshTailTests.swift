// What was written just now, from memory: the same as the database would say, and nothing where anything is missing.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import ServerSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct MeshTailTests {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    private func message(_ seq: Int, change: Int, topic: String? = nil) -> MessageRow {
        let sender = Sender(
            kind: .peer, id: "a", address: "ada/api", name: "api", member: MemberName(id: "ada", name: "Ada"))
        return MessageRow(
            id: "message-\(seq)", meshID: "m", seq: seq, change: change, from: sender, to: ["bo/docs"], topicID: topic,
            body: "Hi", chain: "c", hop: 0, reason: .direct, clientID: "\(seq)", createdAt: start, expiresAt: start)
    }

    private func receipt(_ seq: Int, change: Int, at session: String = "b", _ state: MessageState = .queued)
        -> ReceiptRow
    {
        ReceiptRow(
            messageID: "message-\(seq)", mailbox: Mailbox(kind: .peer, id: session), meshID: "m", seq: seq,
            change: change, accountID: "bo", address: "bo/docs", name: "docs", from: Mailbox(kind: .peer, id: "a"),
            fromAccount: "ada", state: state, reason: .direct, createdAt: start, expiresAt: start, at: start)
    }

    /// One message and its receipt.
    private func segment(_ seq: Int, after change: Int, epoch: String = "e", at session: String = "b") -> MeshSegment {
        MeshSegment(
            epoch: epoch, after: change, upTo: change + 2, messages: [message(seq, change: change + 1)],
            receipts: [receipt(seq, change: change + 2, at: session)])
    }

    private func cursor(_ change: Int, epoch: String = "e") -> EventCursor {
        EventCursor(meshID: "m", head: MeshHead(epoch: epoch, seq: 0, change: change), newestID: nil)
    }

    /// Numbers of messages; `newest` is that of the newest one in the database.
    private func told(_ tail: MeshTail, after change: Int, upTo head: Int, newest: Int, for id: String = "b") -> [Int]?
    {
        news(tail, after: cursor(change), upTo: head, newest: newest, for: id)?.receipts.map(\.seq)
    }

    private func news(
        _ tail: MeshTail, after cursor: EventCursor, upTo head: Int, epoch: String = "e", newest: Int,
        for id: String = "b"
    ) -> MeshNews? {
        tail.news(
            after: cursor, upTo: MeshHead(epoch: epoch, seq: newest, change: head), newestID: "message-\(newest)",
            for: id)
    }

    @Test func whatFollowsWithoutAGapIsGivenToWhomItConcerns() throws {
        let tail = MeshTail()
        tail.add(segment(1, after: 10), meshID: "m", isCommitted: true)
        tail.add(segment(2, after: 12, at: "c"), meshID: "m", isCommitted: true)
        tail.add(segment(3, after: 14), meshID: "m", isCommitted: true)
        #expect(told(tail, after: 10, upTo: 16, newest: 3) == [1, 3])
        #expect(told(tail, after: 12, upTo: 16, newest: 3) == [3] && told(tail, after: 10, upTo: 14, newest: 2) == [1])
        #expect(told(tail, after: 10, upTo: 16, newest: 3, for: "a") == [1, 2, 3], "what it sent")
        #expect(told(tail, after: 10, upTo: 16, newest: 3, for: "d") == [], "nothing, and that is all there is")
        #expect(told(tail, after: 9, upTo: 16, newest: 3) == nil, "before what is here")
        #expect(told(tail, after: 10, upTo: 17, newest: 3) == nil, "behind what is here")
        #expect(news(tail, after: cursor(10, epoch: "f"), upTo: 16, newest: 3) == nil)
        #expect(news(tail, after: cursor(10), upTo: 16, epoch: "f", newest: 3) == nil)
        let found = try #require(news(tail, after: cursor(12), upTo: 16, newest: 3))
        #expect(found.messages.keys.sorted() == ["message-3"])
        #expect(found.newest(upTo: 16)?.seq == 3 && found.newest(upTo: 14)?.seq == 2 && found.newest(upTo: 10) == nil)
    }

    @Test func whatTheDatabaseDidNotTakeIsNotTold() {
        let tail = MeshTail()
        tail.add(segment(1, after: 10), meshID: "m")
        #expect(told(tail, after: 10, upTo: 12, newest: 1) == [1])
        #expect(told(tail, after: 10, upTo: 12, newest: 7) == nil, "another server's stands there")
        #expect(told(tail, after: 10, upTo: 10, newest: 0) == nil, "before the commit")
        // Run again, behind what another server did meanwhile: what it wrote at first never came to be.
        tail.add(segment(2, after: 12), meshID: "m")
        tail.commit(segment(2, after: 12), meshID: "m")
        #expect(told(tail, after: 10, upTo: 14, newest: 2) == nil && tail.news(after: cursor(10), for: "b") == nil)
        #expect(told(tail, after: 12, upTo: 14, newest: 2) == [2])
        tail.forget("m")
        #expect(told(tail, after: 12, upTo: 14, newest: 2) == nil)
        // The next one has its changes before anybody says that it failed, and is not kept here.
        tail.add(segment(3, after: 14), meshID: "m", isCommitted: true)
        tail.add(segment(4, after: 16), meshID: "m")
        var topic = segment(5, after: 16)
        topic.messages[0].topicID = "t"
        tail.add(topic, meshID: "m")
        tail.flush(topic, meshID: "m")
        #expect(tail.news(after: cursor(16), for: "b") == nil)
    }

    @Test func withoutTheDatabaseWhatTheDiskHasIsToldAndAllOfIt() {
        let tail = MeshTail()
        func told(after change: Int) -> [Int]? { tail.news(after: cursor(change), for: "b")?.news.receipts.map(\.seq) }
        let segments = [segment(1, after: 10), segment(2, after: 12), segment(3, after: 14)]
        tail.add(segments[0], meshID: "m")
        #expect(told(after: 10) == nil, "before its commit")
        tail.commit(segments[0], meshID: "m")
        #expect(told(after: 10) == nil, "before its flush")
        tail.add(segments[1], meshID: "m")
        tail.flush(segments[0], meshID: "m")
        #expect(told(after: 10) == [1] && told(after: 12) == nil && told(after: 9) == nil)
        tail.flush(segments[1], meshID: "m")
        #expect(told(after: 10) == [1, 2] && told(after: 12) == [2])
        #expect(tail.news(after: cursor(12, epoch: "f"), for: "b") == nil)
        // What is not here was committed behind it.
        tail.flush(segments[2], meshID: "m")
        #expect(told(after: 12) == nil)
        // One that comes late begins it anew, and is not the last that happened.
        tail.add(segment(4, after: 12), meshID: "m")
        tail.flush(segment(4, after: 12), meshID: "m")
        #expect(told(after: 12) == nil, "up to 16 something happened")
        tail.add(segment(5, after: 16), meshID: "m")
        tail.flush(segment(5, after: 16), meshID: "m")
        #expect(told(after: 16) == [5] && told(after: 14) == nil)
        tail.forget("m")
        #expect(told(after: 16) == nil)
    }

    @Test func whatElseHappensLeavesAGap() {
        let tail = MeshTail()
        tail.add(segment(1, after: 10), meshID: "m")
        tail.add(segment(2, after: 13), meshID: "m")
        #expect(told(tail, after: 12, upTo: 15, newest: 2) == nil && told(tail, after: 13, upTo: 15, newest: 2) == [2])
        tail.add(segment(3, after: 12), meshID: "m")
        #expect(told(tail, after: 13, upTo: 15, newest: 2) == nil, "one that comes late")
        var more = segment(4, after: 14)
        more.upTo += 1
        #expect(!more.isWhole, "a change that is none of its rows")
        var topic = segment(5, after: 14)
        topic.messages = [message(5, change: 15, topic: "t")]
        #expect(!topic.isWhole)
        tail.add(more, meshID: "m")
        tail.add(topic, meshID: "m")
        #expect(told(tail, after: 14, upTo: 16, newest: 5) == nil)
        tail.add(segment(6, after: 14, epoch: "f"), meshID: "m")
        #expect(told(tail, after: 12, upTo: 14, newest: 6) == nil, "another history")
    }

    @Test func aRowIsToldInItsNewestState() {
        let tail = MeshTail()
        tail.add(segment(1, after: 0), meshID: "m", isCommitted: true)
        tail.add(MeshSegment(epoch: "e", after: 2, upTo: 3, receipts: [receipt(1, change: 3, .seen)]), meshID: "m")
        #expect(news(tail, after: cursor(0), upTo: 3, newest: 1)?.receipts.map(\.state) == [.seen])
        let later = news(tail, after: cursor(2), upTo: 3, newest: 1)
        #expect(later?.messages["message-1"]?.body == "Hi", "said before, and still here")
    }

    @Test func onlySoMuchIsKept() {
        let tail = MeshTail(mostOfMesh: 5000, mostMeshes: 2)
        for number in 0..<5 { tail.add(segment(number + 1, after: 2 * number), meshID: "m", isCommitted: true) }
        #expect(
            told(tail, after: 4, upTo: 10, newest: 5) == nil && told(tail, after: 6, upTo: 10, newest: 5) == [4, 5])
        for mesh in ["n", "o"] { tail.add(segment(1, after: 0), meshID: mesh) }
        #expect(told(tail, after: 6, upTo: 10, newest: 5) == nil, "another mesh's is let go for those that are busy")
    }

    /// Sessions that write, answer and report, some away for a while: from memory each is told what the database says.
    @Test func fromMemoryAsFromTheDatabase() async throws {
        try await MeshTable.run { table in
            let services = table.bench.services
            let bo = try await table.member("Bo")
            let sessions = [
                try await table.session("s-api", of: table.owner, name: "api", role: "reviewer"),
                try await table.session("s-docs", of: bo, name: "docs", role: "reviewer"),
                try await table.session("s-web", of: bo, name: "web"),
            ]
            let names = ["ada/api", "bo/docs", "bo/web"]
            var viewers: [Viewer] = []
            for session in sessions {
                viewers.append(
                    Viewer(try await services.credentials.reader(sessionToken: session.token), meshID: table.meshID))
            }
            let plain = EventService(
                database: table.bench.database,
                changes: MeshChanges(
                    most: 1, isLimited: false, isAlone: true, surroundings: table.bench.time.surroundings,
                    look: MeshLook(database: table.bench.database)),
                now: table.bench.time.surroundings.now)
            var cursors = try await [plain.cursor(nil, field: "after", for: viewers[0])]
            var (sent, fromMemory): ([String], Int) = ([], 0)
            for step in 0..<60 {
                table.bench.time.advance(2)
                let (from, to) = (step % 3, (step * 7 + 1) % 3)
                switch step % 5 {
                case 2 where !sent.isEmpty:
                    _ = try await sessions[from].report(
                        sent[step * 31 % sent.count], step % 2 == 0 ? "fetched" : "seen")
                case 3 where !sent.isEmpty:
                    _ = try await sessions[from].say(
                        nil, id: "c\(step)", more: #","reply_to":"\#(sent[step * 17 % sent.count])""#)
                case 4 where step % 20 == 4: _ = try await sessions[from].say("#general", id: "c\(step)")
                default:
                    let address = step % 11 == 0 ? "@reviewer" : names[from == to ? (to + 1) % 3 : to]
                    let answer = try await sessions[from].say(address, id: "c\(step)")
                    if answer.status == .created { sent.append(try answer.decoded(SentMessage.self).id) }
                }
                cursors = cursors.suffix(8)
                for viewer in viewers {
                    for cursor in cursors {
                        let ours = try await services.events.batch(after: cursor, for: viewer)
                        let theirs = try await plain.batch(after: cursor, for: viewer)
                        let said = try await services.events.batch(after: cursor, for: viewer, wokenBy: .said)
                        for batch in [ours, said] {
                            #expect(
                                String(decoding: batch.json, as: UTF8.self)
                                    == String(decoding: theirs.json, as: UTF8.self))
                        }
                        let head = MeshHead(epoch: cursor.epoch, seq: ours.cursor.seq, change: ours.cursor.change)
                        let newestID = try await table.bench.database.lookUp {
                            try $0.messages.id(meshID: table.meshID, seq: head.seq)
                        }
                        let isHere =
                            services.changes.tail.news(
                                after: cursor, upTo: head, newestID: newestID, for: viewer.id) != nil
                        fromMemory += isHere && !ours.isEmpty ? 1 : 0
                    }
                }
                cursors.append(try await plain.cursor(nil, field: "after", for: viewers[0]))
            }
            #expect(sent.count > 20 && fromMemory > 100)
        }
    }
}
