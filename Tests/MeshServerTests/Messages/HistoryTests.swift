// What was said, page by page: newest first, each message once, however many sessions of a member's it reached.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import ServerSupport
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct HistoryTests {
    private struct Listed: Decodable {
        var messages: [Message]
        var nextCursor: String?
    }

    private func pages(_ path: String, of limit: Int, _ get: (String) async throws -> Listed) async throws -> [[String]]
    {
        var (pages, cursor) = ([[String]](), String?.none)
        repeat {
            let page = try await get("\(path)?limit=\(limit)" + (cursor.map { "&cursor=\($0)" } ?? ""))
            pages.append(page.messages.map(\.body))
            cursor = page.nextCursor
        } while cursor != nil && pages.count < 20
        return pages
    }

    @Test func eachMessageIsOnOnePage() async throws {
        try await MeshTable.run { table in
            let bo = try await table.member("Bo")
            let one = try await table.session("one", of: bo, name: "one", role: "reviewer")
            _ = try await table.session("two", of: bo, name: "two", role: "reviewer")
            var said: [String] = []
            for number in 0..<4 {
                for (to, body) in [("@reviewer", "both \(number)"), ("bo", "person \(number)")] {
                    let id = body.replacing(" ", with: "-")
                    #expect(try await table.say(table.owner, to, body, id: id).status == .created)
                    said.append(body)
                }
                #expect(try await one.say("ada", "own \(number)", id: "own-\(number)").status == .created)
                said.append("own \(number)")
            }
            let newest = Array(said.reversed())
            for limit in [1, 3, 5, 100] {
                let all = try await pages("\(table.path)/messages", of: limit) { path in
                    try await bo.get(path).decoded(Listed.self)
                }
                #expect(all.flatMap { $0 } == newest, "by pages of \(limit)")
                #expect(all.dropLast().allSatisfy { $0.count == limit })
            }
            let session = try await pages("/messages", of: 3) { path in
                try await one.send(.get, path).decoded(Listed.self)
            }
            #expect(session.flatMap { $0 } == newest.filter { !$0.hasPrefix("person") })
        }
    }

    @Test func aProbeGoesWithTheSweepAndWhatWasSaidStays() async throws {
        try await MeshTable.run { table in
            _ = try await table.say(table.owner, "@self", id: "probe")
            _ = try await table.member("Bo")
            _ = try await table.say(table.owner, "bo", id: "said")
            func rows() async throws -> [String] {
                try await table.bench.services.database.read {
                    try $0.all("SELECT client_id FROM messages ORDER BY seq").map { try $0["client_id"] }
                }
            }
            try await table.bench.services.sweep()
            #expect(try await rows() == ["probe", "said"])
            table.bench.time.advance(61)
            try await table.bench.services.sweep()
            #expect(try await rows() == ["said"])
        }
    }

    /// However much was said: SQLite says how it finds what was sent before, and who was woken.
    @Test func whatABatchAsksForFirstIsFoundByItsIndex() async throws {
        guard !TestDatabase.isForServers else { return }
        let (sent, woken) = try await Bench().database.read { transaction in
            (
                try transaction.all(
                    "EXPLAIN QUERY PLAN " + MessageRows.sentBefore(2), "mesh", "peer", "a", "1",
                    "peer", "b", "2"
                ) {
                    try $0["detail"] as String
                },
                try transaction.all("EXPLAIN QUERY PLAN " + ReceiptRows.wakesOf(2), 1, "a", "b") {
                    try $0["detail"] as String
                }
            )
        }
        let index = "INDEX messages_once (from_id=? AND mesh_id=? AND client_id=? AND from_kind=?)"
        #expect(sent.contains { $0.contains(index) }, "\(sent)")
        #expect(woken.contains { $0.contains("INDEX receipts_woken (mailbox_id=? AND created_at>?)") }, "\(woken)")
    }
}
