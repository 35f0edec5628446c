// What a batch of messages asks first: what was sent before, and who was woken lately.

import Foundation
import MeshAPI
import MeshStore
import Testing

@Suite struct MessageLookupTests {
    private static func message(_ seq: Int, by kind: PartyKind, client: String) -> (MessageRow, ReceiptRow) {
        let sender = Sender(
            kind: kind, id: "a", address: "ana/api", name: "api", member: MemberName(id: "ana", name: "Ana"))
        let message = MessageRow(
            id: "message-\(seq)", meshID: "m", seq: seq, change: 2 * seq, from: sender, to: ["bo/docs"], body: "Hi",
            chain: "message-\(seq)", hop: 0, reason: .direct, clientID: client, createdAt: Engine.now,
            expiresAt: Engine.now + 60)
        let receipt = ReceiptRow(
            messageID: message.id, mailbox: Mailbox(kind: .peer, id: "b"), meshID: "m", seq: seq, change: 2 * seq + 1,
            accountID: "bo", address: "bo/docs", name: "docs", from: Mailbox(kind: kind, id: "a"), fromAccount: "ana",
            state: .queued, reason: .direct, wakes: true, createdAt: Engine.now, expiresAt: Engine.now + 60,
            at: Engine.now)
        return (message, receipt)
    }

    /// A session's id is its own to choose: it may be an account's.
    @Test(arguments: Engine.there) func whatWasSentIsKnownByItsSenderAndItsID(_ engine: Engine) async throws {
        try await engine.with { (store) async throws -> Void in
            try await store.people("ana", "bo")
            try await store.write { transaction in
                try transaction.messages.insert(Self.message(1, by: .peer, client: "1").0)
                try transaction.messages.insert(Self.message(2, by: .member, client: "1").0)
            }
            try await store.read { (transaction) throws -> Void in
                func sent(_ ids: [(kind: PartyKind, sender: String, clientID: String)], in mesh: String = "m") throws
                    -> [String]
                { try transaction.messages.sent(ids, meshID: mesh).map(\.id).sorted() }
                #expect(try sent([(.peer, "a", "1"), (.peer, "a", "2"), (.key, "a", "1")]) == ["message-1"])
                #expect(try sent([(.member, "a", "1"), (.peer, "a", "1")]) == ["message-1", "message-2"])
                #expect(try sent([(.peer, "a", "1")], in: "other").isEmpty)
                #expect(try sent([]).isEmpty)
            }
        }
    }

    /// What a person said wakes whomever, and is not counted.
    @Test(arguments: Engine.there) func sixWakesAreEnoughToKnow(_ engine: Engine) async throws {
        try await engine.with { (store) async throws -> Void in
            try await store.people("ana", "bo")
            func wakes(since: Date = Engine.now - 1) async throws -> [String: Int] {
                try await store.read { try $0.receipts.wakes(of: ["b", "c", "d"], since: since) }
            }
            for seq in 1...8 {
                try await store.write { transaction in
                    let (message, receipt) = Self.message(seq, by: seq == 1 ? .member : .peer, client: "\(seq)")
                    try transaction.messages.insert(message)
                    try transaction.receipts.insert(receipt)
                }
                let found = try await wakes()
                #expect(found == ["b": min(seq - 1, 6), "c": 0, "d": 0])
            }
            let later = try await wakes(since: Engine.now)
            #expect(later == ["b": 0, "c": 0, "d": 0])
            let single = try await store.read { try $0.receipts.wakes(of: "b", since: Engine.now - 1) }
            #expect(single == 6)
        }
    }
}
