// What is written by hand is what the coder writes, byte for byte.

import Foundation
import Testing

@testable import MeshAPI

@Suite struct WrittenShapeTests {
    /// Every byte that is escaped, what is not though it might be, and what has more than one byte.
    private static let texts = [
        "", "Hello", "a/b\\c\"d\u{7F}é ñ 👩‍👩‍👧 \u{2028}\u{2029}", String(decoding: UInt8(0)...0x1F, as: UTF8.self),
        "\r\n\ttab", "\u{FFFD}",
    ]

    private static let dates = [
        0, 0.999, 951_782_399, 951_782_400, 1_795_097_460.5, 4_107_542_399, 253_402_300_799, -1.5,
    ]
    .map(Date.init(timeIntervalSince1970:))

    private func message(_ text: String, _ date: Date, full: Bool) -> Message {
        let member = MemberName(id: text, name: text, handle: full ? text : nil)
        var message = Message(
            id: text, seq: 7, from: Sender(kind: .peer, id: text, address: text, name: text, member: member),
            to: [text],
            body: text, chain: text, hop: 0, reason: .direct, createdAt: date, expiresAt: date)
        guard full else { return message }
        (message.from.role, message.from.host) = (text, text)
        (message.topic, message.replyTo, message.writtenAt) = (text, text, date)
        (message.mailbox, message.state, message.wakes) = (Mailbox(kind: .key, id: text), .posted, true)
        (message.states, message.readers) = (Dictionary(MessageState.allCases.map { ($0, 3) }) { $1 }, 0)
        (message.receipts, message.to) = ([receipt(text, date, full: true), receipt(text, date, full: false)], [])
        return message
    }

    private func receipt(_ text: String, _ date: Date, full: Bool) -> Receipt {
        Receipt(
            messageId: text, kind: .member, id: text, name: text, state: .handed, lane: full ? .notice : nil,
            reason: full ? text : nil, at: date,
            times: full ? Dictionary(MessageState.allCases.map { ($0, date) }) { $1 } : [:])
    }

    private func sent(_ text: String, _ date: Date, full: Bool) -> SentMessage {
        let plain = Who(kind: .topic, id: text, address: text, name: text)
        let who = Who(
            kind: .peer, id: text, address: text, name: text, member: MemberName(id: text, name: text), role: text,
            host: text, live: false, awaySince: date, receives: .wake)
        var sent = SentMessage(id: text, seq: 1, chain: text, hop: 2, createdAt: date, expiresAt: date, recipients: [])
        guard full else { return sent }
        sent.recipients = [
            Recipient(who: who, state: .queued, reason: text, wakes: false), Recipient(who: plain, state: .posted),
        ]
        (sent.notMentioned, sent.notInContact) = ([text, text], [who, plain])
        return sent
    }

    @Test(arguments: texts, dates) func theBytesAreTheCoders(_ text: String, _ date: Date) throws {
        for full in [true, false] {
            let events: [Event] = [
                .message(message(text, date, full: full)), .held(message(text, date, full: full)),
                .receipt(receipt(text, date, full: full)), .withdrawn(messageID: text), .ended(.kicked),
            ]
            for event in events {
                let (written, coded) = (try WireJSON.written(event), try WireJSON.encode(event))
                #expect(String(decoding: written, as: UTF8.self) == String(decoding: coded, as: UTF8.self))
            }
            let answer = sent(text, date, full: full)
            let (written, coded) = (WireJSON.written(answer), try WireJSON.encode(answer))
            #expect(String(decoding: written, as: UTF8.self) == String(decoding: coded, as: UTF8.self))
        }
        let (written, coded) = (WireJSON.written([text, text]), try WireJSON.encode([text, text]))
        #expect(written == String(decoding: coded, as: UTF8.self))
    }
}
