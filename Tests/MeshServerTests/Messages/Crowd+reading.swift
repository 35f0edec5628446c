// All ways to read what is said in a mesh, and what may be read there.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import TestSupport
import Testing

@testable import MeshServer

extension Crowd {
    /// Whether somebody may see a message now.
    private func maySee(_ message: Message, _ party: Party) async throws -> Bool {
        if message.from.member.id == party.accountID { return true }
        if passed.contains(Passed(messageID: message.id, accountID: party.accountID)) { return true }
        let (meshID, accountID) = (table.meshID, party.accountID)
        if message.topic != nil {
            let isBlocked = try await table.bench.database.read {
                try $0.grants.isBlocked(message.from.member.id, by: accountID, meshID: meshID)
            }
            if !isBlocked { return true }
        }
        // Held or refused by hand, it is shown to the person.
        let receipts = try await table.bench.database.read { try $0.receipts.receipts(messageID: message.id) }
        return party.sessionID == nil && receipts.contains { $0.accountID == accountID && $0.times[.held] != nil }
    }

    mutating func checkEvents() async throws {
        for index in parties.indices {
            let page = try await events(parties[index], after: parties[index].cursor)
            parties[index].cursor = page.cursor
            for event in page.events {
                switch event {
                case .message(let message):
                    #expect(try await maySee(message, parties[index]), "event to \(parties[index].address)")
                case .held(let message):
                    #expect(parties[index].sessionID == nil)
                    #expect(try await maySee(message, parties[index]))
                default: break
                }
            }
        }
    }

    /// Every other way to read.
    func checkLists() async throws {
        for party in parties {
            for query in ["", "?unread=1", "?topic=general", "?held=1"] {
                if query == "?held=1", party.sessionID != nil { continue }
                let answer = try await party.api.get("\(table.path)/messages\(query)")
                for message in try answer.decodedList("messages", of: Message.self) {
                    let rows = try await table.bench.database.read { try $0.receipts.receipts(messageID: message.id) }
                    #expect(try await maySee(message, party), "\(query) to \(party.address): \(message) \(rows)")
                }
            }
            let mentions = try await party.api.get("\(table.path)/notifications")
                .decodedList("notifications", of: Mention.self)
            for mention in mentions {
                #expect(
                    mention.from.member.id == party.accountID
                        || passed.contains(Passed(messageID: mention.messageId, accountID: party.accountID)))
            }
            for id in said {
                let answer = try await party.api.get("\(table.path)/messages/\(id)")
                guard answer.status == .ok else { continue }
                #expect(try await maySee(try answer.decoded(Message.self), party), "by id to \(party.address)")
            }
        }
    }
}
