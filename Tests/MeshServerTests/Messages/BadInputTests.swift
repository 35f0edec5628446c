// Bad input, each field of each route of the mesh: named, 4xx, and nothing is changed by it.
// To add a field: a line in `rows`, by who asks and what.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct BadInputTests {
    private enum Asker: Sendable, CaseIterable { case owner, peer, key }

    /// A request whose one field is wrong. In a path and a body `$MESSAGE`, `$BO` and `$ADA` are what there is.
    private struct Row: Sendable {
        var method: HTTPRequest.Method
        var path: String
        var body: String?
        /// What the answer names; nil where it is the thing of the path that is none.
        var field: String?
        var status = 422
        var asker = Asker.owner
    }

    private static func row(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, _ field: String?, _ status: Int = 422,
        _ asker: Asker = .owner
    ) -> Row {
        Row(method: method, path: path, body: body, field: field, status: status, asker: asker)
    }

    private static let long = String(repeating: "x", count: 300)

    /// A message that is right but for one field.
    private static func message(_ field: String, _ values: String..., status: Int = 422, named: String? = nil) -> [Row]
    {
        values.map { value in
            var fields = ["to": #""bo""#, "body": #""Hi""#, "client_id": #""c""#]
            fields[field] = value
            let body = fields.map { #""\#($0)":\#($1)"# }.sorted().joined(separator: ",")
            return row(.post, "/messages", "{\(body)}", named ?? field, status)
        }
    }

    private static let messages: [Row] =
        message("to", "7", "null", #""""#, "[]", "{}", #"["bo",""]"#, ##""#a\u0007""##, #""\#(long)""#)
        + message("to", "[7]", named: "to[0]") + message("to", ##"["#general","#ci"]"##, status: 404, named: "")
        + message("to", "[\(Array(repeating: #""bo""#, count: 17).joined(separator: ","))]")
        + message("body", "7", "null", "[]", #""""#, #""a\u0000b""#)
        + message("body", #""\#(String(repeating: "x", count: 65_537))""#, status: 413, named: "")
        + message("client_id", "7", "null", #""""#, #""a b""#, #""é""#, #""\#(long)""#)
        + message("reply_to", "7", #""""#, #""a b""#, #""\#(long)""#) + message("reply_to", #""none""#, status: 404)
        + message("parent", "7", #""""#, #""é""#, #""\#(long)""#)
        + message("mentions", #""bo""#, "{}")
        + message("mentions", #"[""]"#, #"["\#(long)"]"#, #"["b\u0000o"]"#, named: "mentions[0]")
        + message("mentions", "[\(Array(repeating: #""bo""#, count: 17).joined(separator: ","))]")
        + message("mentions", "[7]", named: "mentions[0]")
        + message("within", "9", "604801", #""10""#, "10.5", "-1", "1e99")
        + message("written_at", "7", #""noon""#, #""2026-13-01T00:00:00Z""#) + message("wake", "1", #""yes""#)
        + [
            row(.post, "/messages", #"{"to":"bo","body":"Hi","client_id":"c","parent":"none"}"#, "parent", 422, .peer),
            row(.get, "/messages?with=", nil, "with"), row(.get, "/messages?with=%23general", nil, "with"),
            row(.get, "/messages?with=@all", nil, "with"), row(.get, "/messages?with=\(long)", nil, "with"),
            row(.get, "/messages?topic=none", nil, nil, 404), row(.get, "/messages?limit=0", nil, "limit"),
            row(.get, "/messages?cursor=x", nil, "cursor"),
            row(.get, "/messages?unread=yes", nil, "unread"), row(.get, "/messages?held=0", nil, "held"),
            row(.get, "/sessions?away=true", nil, "away"), row(.get, "/notifications?unread=", nil, "unread"),
            row(.get, "/messages/none", nil, nil, 404),
            row(.delete, "/messages/none", nil, nil, 404), row(.get, "/messages?held=1", nil, nil, 403, .peer),
            row(.get, "/events?after=x", nil, "after"), row(.get, "/events?wait=soon", nil, "wait"),
            row(.post, "/receipts", "{}", "receipts"), row(.post, "/receipts", #"{"receipts":{}}"#, "receipts"),
            row(.post, "/receipts", #"{"receipts":[7]}"#, "receipts[0]"),
            row(.post, "/receipts", #"{"receipts":[{"state":"seen"}]}"#, "receipts[0].message_id"),
            row(.post, "/receipts", #"{"receipts":[{"message_id":7,"state":"seen"}]}"#, "receipts[0].message_id"),
            row(.post, "/receipts", #"{"receipts":[{"message_id":"$MESSAGE"}]}"#, "receipts[0].state"),
        ]
        + [#""posted""#, #""held""#, #""expired""#, #""withdrawn""#, #""read""#, "7"].map {
            row(.post, "/receipts", #"{"receipts":[{"message_id":"$MESSAGE","state":\#($0)}]}"#, "receipts[0].state")
        }
        + [(#""lane":"mail""#, "lane"), (#""lane":7"#, "lane"), (#""session_id":7"#, "session_id")].map {
            row(.post, "/receipts", #"{"receipts":[{"message_id":"x","state":"seen",\#($0)}]}"#, "receipts[0].\($1)")
        }
        + [
            row(
                .post, "/receipts",
                #"{"receipts":[\#(Array(repeating: #"{"message_id":"x","state":"seen"}"#, count: 201).joined(separator: ","))]}"#,
                "receipts")
        ]

    private static let sessions: [Row] =
        [
            ("session_id", [#""""#, #""a b""#, #""kick""#, "7", #""\#(long)""#]),
            ("display_name", [#""""#, #""a\u0007""#, "7", #""\#(long)""#]), ("role", [#""""#, "7", #""\#(long)""#]),
            ("pid", ["0", "-1", #""1""#, "1.5"]), ("host", [#""""#, "7", #""a\u202e""#]),
            ("token_hash", [#""""#, #""abc""#, "7", #""\#(String(repeating: "G", count: 64))""#]),
            ("directory", [#""""#, "7", #""a\u0000""#]), ("receives", [#""all""#, "7"]),
            ("attention", [#""wide""#, "7"]), ("can", [#""read""#, "7", "{}"]),
        ].flatMap { field, values in
            values.map { value in
                var fields = [
                    "session_id": #""s""#, "display_name": #""docs""#, "pid": "7", "host": #""box""#,
                    "token_hash": #""\#(String(repeating: "ab", count: 32))""#,
                ]
                fields[field] = value
                let body = fields.map { #""\#($0)":\#($1)"# }.sorted().joined(separator: ",")
                return row(.post, "/sessions", "{\(body)}", field)
            }
        }
        + [
            row(.post, "/sessions", "{}", "session_id"), row(.get, "/sessions?limit=x", nil, "limit"),
            row(.patch, "/sessions/s-ada", #"{"status":"asleep"}"#, "status"),
            row(.patch, "/sessions/s-ada", #"{"status":"asking","asks":""}"#, "asks"),
            row(.patch, "/sessions/s-ada", #"{"status":"asking","asks":"a\u0007"}"#, "asks"),
            row(.patch, "/sessions/s-ada", #"{"attention":"wide"}"#, "attention"),
            row(.patch, "/sessions/s-ada", #"{"attention":"focus","attention_until":"noon"}"#, "attention_until"),
            row(
                .patch, "/sessions/s-ada", #"{"attention":"focus","attention_until":"2001-01-01T00:00:00Z"}"#,
                "attention_until"),
            row(.patch, "/sessions/none", "{}", nil, 404), row(.delete, "/sessions/none", nil, nil, 404),
            row(.post, "/sessions/kick", "{}", "stale_seconds"),
            row(.post, "/sessions/kick", #"{"all":true,"stale_seconds":60}"#, "stale_seconds"),
            row(.post, "/sessions/kick", #"{"stale_seconds":0}"#, "stale_seconds"),
            row(.post, "/sessions/kick", #"{"stale_seconds":"60"}"#, "stale_seconds"),
            row(.post, "/sessions/kick", #"{"all":"yes"}"#, "all"),
            row(.post, "/sessions/none/kick", nil, nil, 404), row(.post, "/sessions/none/disconnect", nil, nil, 404),
        ]

    private static let people: [Row] = [
        row(.put, "/grants/$BO", "{}", "can"), row(.put, "/grants/$BO", #"{"can":"dm"}"#, "can"),
        row(.put, "/grants/$BO", #"{"can":["all"]}"#, "can[0]"), row(.put, "/grants/$BO", #"{"can":[7]}"#, "can[0]"),
        row(.put, "/grants/$ADA", #"{"can":["dm"]}"#, "member_id"), row(.delete, "/grants/$ADA", nil, "member_id"),
        row(.put, "/grants/none", #"{"can":["dm"]}"#, nil, 404), row(.delete, "/grants/none", nil, nil, 404),
        row(.get, "/grants?cursor=x", nil, "cursor"), row(.get, "/grants?limit=1001", nil, "limit"),
        row(.patch, "/members/me", #"{"first_contact":"open"}"#, "first_contact"),
        row(.patch, "/members/me", #"{"first_contact":7}"#, "first_contact"),
        row(.patch, "/members/me", #"{"attention":"wide"}"#, "attention"),
        row(.patch, "/members/me", #"{"attention":"focus","attention_until":"noon"}"#, "attention_until"),
        row(
            .patch, "/members/me", #"{"attention":"focus","attention_until":"2001-01-01T00:00:00Z"}"#,
            "attention_until"),
        row(.patch, "", #"{"first_contact":"closed"}"#, "first_contact"), row(.patch, "", "{}", "name"),
        row(.post, "/members/none/ban", nil, nil, 404), row(.delete, "/members/$BO/ban", nil, nil, 404),
        row(.post, "/members/$ADA/ban", nil, nil, 403), row(.get, "/bans?cursor=x", nil, "cursor"),
    ]

    private static let topics: [Row] =
        ["7", #""""#, #""CI""#, ##""#ci""##, #""c i""#, #""é""#, #""\#(long)""#].flatMap {
            [
                row(.post, "/topics", #"{"name":\#($0)}"#, "name"),
                row(.patch, "/topics/builds", #"{"name":\#($0)}"#, "name"),
            ]
        }
        + ["7", #""\#(long)""#, #""a\u0007""#].flatMap {
            [
                row(.post, "/topics", #"{"name":"new","about":\#($0)}"#, "about"),
                row(.patch, "/topics/builds", #"{"about":\#($0)}"#, "about"),
            ]
        }
        + [
            row(.post, "/topics", "{}", "name"), row(.patch, "/topics/builds", "{}", "name"),
            row(.post, "/topics", #"{"name":"general"}"#, nil, 409),
            row(.patch, "/topics/builds", #"{"name":"general"}"#, nil, 409),
            row(.patch, "/topics/general", #"{"about":"x"}"#, nil, 403), row(.delete, "/topics/general", nil, nil, 403),
            row(.delete, "/topics/general/members/me", nil, nil, 403), row(.delete, "/topics/none", nil, nil, 404),
            row(.put, "/topics/none/members/me", nil, nil, 404), row(.get, "/topics?cursor=x", nil, "cursor"),
            row(.put, "/topics/builds/attention", "{}", "mute"),
            row(.put, "/topics/builds/attention", #"{"mute":"yes"}"#, "mute"),
            row(.post, "/topics/general/read", "{}", "up_to"),
            row(.post, "/topics/general/read", #"{"up_to":7}"#, "up_to"),
            row(.post, "/topics/general/read", #"{"up_to":"$MESSAGE"}"#, "up_to"),
            row(.get, "/notifications?limit=-1", nil, "limit"), row(.post, "/notifications/read", "{}", "ids"),
            row(.post, "/notifications/read", #"{"ids":"x"}"#, "ids"),
            row(.post, "/notifications/read", #"{"ids":[7]}"#, "ids[0]"),
            row(.post, "/notifications/read", #"{"ids":["x"],"up_to":"x"}"#, "ids"),
            row(.post, "/notifications/read", #"{"up_to":7}"#, "up_to"),
            row(.post, "/notifications/read", #"{"up_to":"none"}"#, "up_to"),
        ]

    private static let keys: [Row] =
        [
            ("label", [#""""#, "7", "null", #""a\u0007""#, #""\#(long)""#]), ("can", [#""send""#, "[]", "7"]),
            ("topics", [#""builds""#, "[]", #"["none"]"#, #"[""]"#, "7"]),
            ("expires_in_days", ["0", "-1", "3651", #""30""#, "1.5"]),
        ].flatMap { field, values in
            values.map { value in
                let label = field == "label" ? "" : #""label":"ci","#
                return row(.post, "/keys", #"{\#(label)"\#(field)":\#(value)}"#, field)
            }
        }
        + [
            row(.post, "/keys", "{}", "label"), row(.post, "/keys", #"{"label":"a","can":["all"]}"#, "can[0]"),
            row(.delete, "/keys/none", nil, nil, 404), row(.get, "/keys?limit=0", nil, "limit"),
            row(.post, "/messages", ##"{"to":"#general","body":"","client_id":"c"}"##, "body", 422, .key),
            row(.post, "/messages", #"{"to":"bo","body":"Hi","client_id":"c","wake":true}"#, nil, 403, .key),
            row(.post, "/messages", #"{"to":"nobody","body":"Hi","client_id":"c"}"#, nil, 404, .key),
            row(.get, "/messages?topic=general", nil, nil, 403, .key),
        ]

    @Test func eachIsNamedAndChangesNothing() async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { client in
            let talk = try await Talk(bench, client)
            let peer = try await talk.peer("s-ada", of: talk.ada)
            let body = #"{"to":"bo","body":"Hello","client_id":"first"}"#
            let said = try await talk.ada.send(.post, "\(talk.path)/messages", body).decoded(SentMessage.self)
            _ = try await talk.ada.send(.post, "\(talk.path)/topics", #"{"name":"builds"}"#)
            let made = try await talk.ada.send(.post, "\(talk.path)/keys", #"{"label":"ci"}"#).decoded(MeshKey.self)
            let key = API(client: client, token: made.key)
            _ = try await key.get("/api/my/whoami")
            func filled(_ text: String) -> String {
                text.replacing("$MESSAGE", with: said.id).replacing("$BO", with: talk.boID)
                    .replacing("$ADA", with: talk.adaID)
            }
            let before = try await bench.everythingStored()
            for row in Self.messages + Self.sessions + Self.people + Self.topics + Self.keys {
                let name = Comment(rawValue: "\(row.method) \(row.path.prefix(60)) \(row.body?.prefix(160) ?? "")")
                let api =
                    switch row.asker {
                    case .owner: talk.ada
                    case .peer: peer
                    case .key: key
                    }
                let answer = try await api.send(row.method, talk.path + filled(row.path), row.body.map(filled))
                #expect(answer.status.code == row.status, name)
                guard answer.status.code >= 400 else { continue }
                if let field = row.field { #expect(try answer.refusal.field ?? "" == field, name) }
            }
            #expect(try await bench.everythingStored() == before)
        }
    }
}
