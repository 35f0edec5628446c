// All ways to read what is said in a mesh, and what may be read there.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

extension Crowd {
    /// Whether somebody may see a message now.
    private func maySee(_ message: Message, _ party: Party) async throws -> Bool {
        if isOwn(message, party) || passed.contains(where: { $0.messageID == message.id && isTheirs($0, party) }) {
            return true
        }
        if let key = party.key {
            let isOfTopic = message.topic.map { key.topics?.contains($0) ?? true } ?? false
            return isOfTopic && key.can.contains(.read)
        }
        let (meshID, accountID) = (table.meshID, party.accountID)
        if message.topic != nil {
            let isBlocked = try await table.bench.database.read {
                try $0.grants.isBlocked(message.from.member.id, by: accountID, meshID: meshID)
            }
            if !isBlocked { return true }
        }
        // Held or refused by hand, it is shown to the person.
        let receipts = try await table.bench.database.read { try $0.receipts.receipts(messageID: message.id) }
        return party.mailbox.kind == .member
            && receipts.contains { $0.accountID == accountID && $0.times[.held] != nil }
    }

    /// What one sent; a member's are their sessions' and their scripts' too.
    private func isOwn(_ message: Message, _ party: Party) -> Bool {
        party.mailbox.kind == .member
            ? message.from.member.id == party.accountID
            : message.from.kind == party.mailbox.kind && message.from.id == party.mailbox.id
    }

    /// A member reads their sessions' mailboxes; what is kept for a script is the script's.
    private func isTheirs(_ passed: Passed, _ party: Party) -> Bool {
        party.mailbox.kind == .member
            ? passed.accountID == party.accountID && passed.mailbox.kind != .key : passed.mailbox == party.mailbox
    }

    mutating func checkEvents() async throws {
        for index in parties.indices {
            let page = try await events(parties[index], after: parties[index].cursor)
            parties[index].cursor = page.cursor
            parties[index].told += page.brief
            for event in page.events {
                switch event {
                case .message(let message):
                    #expect(try await maySee(message, parties[index]), "event to \(parties[index].address)")
                case .held(let message):
                    #expect(parties[index].mailbox.kind == .member)
                    #expect(try await maySee(message, parties[index]))
                default: break
                }
            }
        }
    }

    /// Every other way to read.
    func checkLists() async throws {
        for party in parties {
            for query in ["", "?unread=1", "?topic=general", "?topic=ci", "?held=1"] {
                let answer = try await party.api.get("\(table.path)/messages\(query)")
                guard answer.status == .ok else {
                    #expect(
                        answer.status == .forbidden && party.mailbox.kind != .member, "\(query) to \(party.address)")
                    continue
                }
                for message in try answer.decodedList("messages", of: Message.self) {
                    let rows = try await table.bench.database.read { try $0.receipts.receipts(messageID: message.id) }
                    #expect(try await maySee(message, party), "\(query) to \(party.address): \(message) \(rows)")
                }
            }
            if party.key != nil { try await checkElsewhere(party) } else { try await checkMentions(party) }
            for id in said {
                let answer = try await party.api.get("\(table.path)/messages/\(id)")
                guard answer.status == .ok else { continue }
                #expect(try await maySee(try answer.decoded(Message.self), party), "by id to \(party.address)")
            }
        }
    }

    private func checkMentions(_ party: Party) async throws {
        let mentions = try await party.api.get("\(table.path)/notifications")
            .decodedList("notifications", of: Mention.self)
        for mention in mentions {
            #expect(
                mention.from.member.id == party.accountID
                    || passed.contains { $0.messageID == mention.messageId && isTheirs($0, party) })
        }
    }

    /// A script learns by no other route who is here, what is said, and who may say what.
    private func checkElsewhere(_ party: Party) async throws {
        for route in [
            "", "/members", "/sessions", "/topics", "/grants", "/keys", "/bans", "/notifications", "/invites",
        ] {
            #expect(try await party.api.get(table.path + route).status == .forbidden, "\(route)")
        }
        #expect(try await party.api.get("/api/my/meshes").status == .unauthorized)
    }
}

extension Crowd {
    /// A stream for each, from where their polls are.
    func listen(on port: Int) async throws -> [Listener] {
        var ears: [Listener] = []
        for party in parties {
            let ear = try await Listener(
                port: port, path: "\(table.path)/events?after=\(party.cursor)",
                authorization: "\(party.api.scheme) \(party.api.token ?? "")")
            try await eventually { ear.lastID != nil }
            ears.append(ear)
        }
        return ears
    }

    /// What came by each stream is what polls told.
    func check(_ ears: [Listener]) async throws {
        for (party, ear) in zip(parties, ears) {
            try await eventually { ear.heard.count >= party.told.count }
            #expect(ear.heard.map(\.brief) == party.told, "\(party.address)")
        }
    }
}
