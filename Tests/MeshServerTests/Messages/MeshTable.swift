// A mesh with people and their sessions in it, for tests of what is said there.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import Testing

@testable import MeshServer
@testable import MeshServices

struct MeshTable: Sendable {
    let bench: Bench
    let client: any TestClientProtocol
    let meshID: String
    let owner: API

    var path: String { "/api/my/meshes/\(meshID)" }

    static func run(_ test: @escaping @Sendable (MeshTable) async throws -> Void) async throws {
        let bench = try Bench()
        try await bench.run { client in
            let ada = try await bench.signIn(try await bench.person("Ada", client), client)
            let mesh = try await ada.send(.post, "/api/my/meshes", #"{"name":"Planning"}"#).decoded(Mesh.self)
            try await test(MeshTable(bench: bench, client: client, meshID: mesh.id, owner: ada))
        }
    }

    /// A member who came by an invite; by one for several they are a stranger.
    func member(_ name: String, uses: Int = 1) async throws -> API {
        let invite = try await owner.send(.post, "\(path)/invites", #"{"max_uses":\#(uses)}"#).decoded(Invite.self)
        let api = try await bench.signIn(try await bench.person(name, client), client)
        try #require(try await api.send(.post, "/api/public/invites/\(invite.code)/claim", "{}").status == .ok)
        return api
    }

    /// A session of that member, and who speaks by its own token.
    func session(
        _ id: String, of api: API, name: String, role: String? = nil, receives: String = "wake", more: String = ""
    ) async throws -> PeerAPI {
        let token = SecretDigest.of("token of \(id)")
        let role = role.map { #","role":"\#($0)""# } ?? ""
        let answer = try await api.send(
            .post, "\(path)/sessions",
            #"{"session_id":"\#(id)","display_name":"\#(name)","pid":7,"host":"box","receives":"\#(receives)","token_hash":"\#(SecretDigest.of(token))"\#(role)\#(more)}"#
        )
        try #require(answer.status == .ok, "\(answer.text)")
        return PeerAPI(api: API(client: client), token: token, path: path)
    }

    /// The token of a session, by its own word.
    struct PeerAPI: Sendable {
        var api: API
        var token: String
        var path: String

        func send(_ method: HTTPRequest.Method, _ route: String, _ body: String? = nil) async throws -> TestResponse {
            try await api.send(
                method, path + route, body, headers: [.authorization: "ClaudeMesh-Session \(token)"])
        }

        func say(_ to: String?, _ body: String = "Hi", id: String, more: String = "") async throws -> TestResponse {
            try await send(.post, "/messages", MeshTable.body(to, body, id: id, more: more))
        }

        /// What is read of messages, by the query.
        func read(_ query: String) async throws -> [Message] {
            try await send(.get, "/messages?\(query)").decodedList("messages", of: Message.self)
        }

        func report(_ message: String, _ state: String) async throws -> String? {
            let body = #"{"receipts":[{"message_id":"\#(message)","state":"\#(state)","lane":"tool"}]}"#
            return try await send(.post, "/receipts", body).decoded(ReceiptsReported.self).receipts.first?.state
                .rawValue
        }
    }

    static func body(_ to: String?, _ body: String, id: String, more: String = "") -> String {
        let address = to.map { #","to":\#($0.hasPrefix("[") ? $0 : "\"\($0)\"")"# } ?? ""
        return #"{"body":"\#(body)","client_id":"\#(id)"\#(address)\#(more)}"#
    }

    func say(_ api: API, _ to: String?, _ body: String = "Hi", id: String, more: String = "") async throws
        -> TestResponse
    {
        try await api.send(.post, "\(path)/messages", Self.body(to, body, id: id, more: more))
    }
}
