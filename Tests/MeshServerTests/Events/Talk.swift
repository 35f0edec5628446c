// A mesh of Ada's in which Bo is too, and what they say there, written as `POST messages` writes it: a number, a row and a
// receipt a mailbox, each with a change of its own.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import ServerSupport
import Testing

@testable import MeshServer
@testable import MeshServices

struct Talk: Sendable {
    let bench: Bench
    let client: any TestClientProtocol
    let meshID: String
    let ada: API
    let bo: API
    let adaID: String
    let boID: String

    init(_ bench: Bench, _ client: any TestClientProtocol) async throws {
        (self.bench, self.client) = (bench, client)
        ada = try await bench.signIn(try await bench.person("Ada", client), client)
        bo = try await bench.signIn(try await bench.person("Bo", client), client)
        meshID = try await ada.send(.post, "/api/my/meshes", #"{"name":"Team"}"#).decoded(Mesh.self).id
        let invite = try await ada.send(.post, "/api/my/meshes/\(meshID)/invites", "{}").decoded(Invite.self)
        _ = try await bo.send(.post, "/api/public/invites/\(invite.code)/claim", "{}")
        (adaID, boID) = (try await bench.accountID("Ada"), try await bench.accountID("Bo"))
    }

    var path: String { "/api/my/meshes/\(meshID)" }

    /// A session of `api`'s account, and the API by its own token.
    func peer(_ id: String, of api: API) async throws -> API {
        let token = SecretDigest.of(id)
        let body = """
            {"session_id":"\(id)","display_name":"\(id)","role":null,"pid":1,"host":"box","receives":"wake",\
            "token_hash":"\(SecretDigest.of(token))"}
            """
        try #require(try await api.send(.post, "\(path)/sessions", body).status == .ok)
        return API(client: client, token: token, scheme: "ClaudeMesh-Session")
    }

    /// Says something from an account, or a session of it, to mailboxes or in a topic; returns the message's id.
    @discardableResult
    func say(
        _ body: String = "Hello", from accountID: String, session: String? = nil, to mailboxes: [Mailbox] = [],
        topic: String? = nil, state: MessageState = .queued
    ) async throws -> String {
        let (meshID, now) = (meshID, bench.time.now)
        let id = Identifier.make()
        let sender = Mailbox(kind: session == nil ? .member : .peer, id: session ?? accountID)
        try await bench.database.write { transaction in
            let head = try #require(
                try transaction.heads.take(meshID: meshID, messages: 1, changes: 1 + mailboxes.count))
            let topicID = try topic.map {
                try #require(try transaction.topics.topic(named: $0, meshID: meshID)).id
            }
            let first = head.change - mailboxes.count
            try transaction.run(
                """
                INSERT INTO messages (id, mesh_id, seq, change, from_kind, from_id, from_account, from_address, from_name,
                    to_written, topic_id, body, chain, hop, reason, client_id, created_at, expires_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?6, ?6, '["x"]', ?8, ?9, ?1, 0, ?10, ?1, ?11, ?12)
                """, id, meshID, head.seq, first, sender.kind.rawValue, sender.id, accountID, topicID, body,
                topic == nil ? "direct" : "topic", now.milliseconds, now.milliseconds + 1_000_000)
            for (index, mailbox) in mailboxes.enumerated() {
                try transaction.run(
                    """
                    INSERT INTO receipts (message_id, mailbox_kind, mailbox_id, mesh_id, seq, change, account_id, address,
                        name, from_kind, from_id, from_account, state, reason, created_at, expires_at, at,
                        \(state.rawValue)_at)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, COALESCE((SELECT account_id FROM presences WHERE session_id = ?3), ?3),
                        ?3, ?3, ?7, ?8, ?9, ?10, 'direct', ?11, ?12, ?11, ?11)
                    """, id, mailbox.kind.rawValue, mailbox.id, meshID, head.seq, first + 1 + index,
                    sender.kind.rawValue, sender.id, accountID, state.rawValue, now.milliseconds,
                    now.milliseconds + 1_000_000)
            }
            if let topicID {
                try transaction.run(
                    "UPDATE topics SET last_seq = ?2, last_at = ?3 WHERE id = ?1", topicID, head.seq, now.milliseconds)
            }
        }
        bench.services.changes.post(
            meshID, to: topic == nil ? Set(mailboxes.map(\.id) + [sender.id, accountID]) : nil)
        return id
    }

    /// A step of a receipt.
    func step(_ messageID: String, at mailbox: Mailbox, _ state: MessageState) async throws {
        let (meshID, now) = (meshID, bench.time.now)
        try await bench.database.write { transaction in
            let head = try #require(try transaction.heads.take(meshID: meshID, changes: 1))
            try transaction.run(
                """
                UPDATE receipts SET state = ?3, change = ?4, at = ?5, \(state.rawValue)_at = ?5
                WHERE message_id = ?1 AND mailbox_id = ?2
                """, messageID, mailbox.id, state.rawValue, head.change, now.milliseconds)
        }
        bench.services.changes.post(meshID)
    }

    func events(_ api: API, after: String? = nil, wait: Int? = nil) async throws -> EventPage {
        var query: [String] = []
        if let after { query.append("after=\(after)") }
        if let wait { query.append("wait=\(wait)") }
        let answer = try await api.get("\(path)/events" + (query.isEmpty ? "" : "?" + query.joined(separator: "&")))
        try #require(answer.status == .ok, "\(answer.text)")
        return try answer.decoded(EventPage.self)
    }

    /// The place of now.
    func now(_ api: API) async throws -> String { try await events(api).cursor }
}

extension EventPage {
    /// `message:ID`, `receipt:ID:STATE` …: what a test compares.
    var brief: [String] { events.map(\.brief) }
}

extension Event {
    var brief: String {
        switch self {
        case .message(let message): "message:\(message.id)"
        case .held(let message): "held:\(message.id)"
        case .withdrawn(let id): "withdrawn:\(id)"
        case .receipt(let receipt): "receipt:\(receipt.messageId):\(receipt.state.rawValue)"
        case .peer(let change, let peer): "peer:\(change.rawValue):\(peer.sessionID)"
        case .topic(let change, let topic): "topic:\(change.rawValue):\(topic.name)"
        case .member(let change, let member): "member:\(change.rawValue):\(member.name)"
        case .ended(let reason): "ended:\(reason.rawValue)"
        }
    }
}
