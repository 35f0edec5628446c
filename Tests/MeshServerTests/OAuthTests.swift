// The device flow as a standard OAuth client speaks it: RFC 8628, 6749 and 8414 over the same codes.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import ServerSupport
import Testing

@testable import MeshServer
@testable import MeshServices

private struct Grant: Decodable {
    var device_code, user_code, verification_uri: String
    var expires_in, interval: Int
}

private func post(_ client: any TestClientProtocol, _ path: String, _ form: String) async throws -> TestResponse {
    try await API(client: client).send(.post, path, form, headers: [.contentType: "application/x-www-form-urlencoded"])
}

private func begin(_ client: any TestClientProtocol) async throws -> Grant {
    let answer = try await post(client, "/oauth/device_authorization", "client_id=claudemesh-cli")
    try #require(answer.status == .ok)
    #expect(answer.headers[.cacheControl] == "no-store")
    return try JSONDecoder().decode(Grant.self, from: Data(answer.text.utf8))
}

private func askToken(_ client: any TestClientProtocol, _ grant: Grant) async throws -> TestResponse {
    try await post(
        client, "/oauth/token",
        "grant_type=urn:ietf:params:oauth:grant-type:device_code&client_id=claudemesh-cli&device_code=\(grant.device_code)"
    )
}

private func error(_ answer: TestResponse) throws -> String { try answer.refusal.error }

@Suite struct OAuthTests {
    @Test func fromPendingOverSlowDownToAToken() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let grant = try await begin(client)
            #expect(grant.interval == 2)
            #expect(try error(await askToken(client, grant)) == "authorization_pending")
            #expect(try error(await askToken(client, grant)) == "slow_down")

            let browser = try await bench.person("Ana", client)
            _ = try await browser.get("/cli-auth?code=\(grant.user_code)")
            _ = try await browser.submit("/api/auth/cli/device-code/\(grant.user_code)/approve")
            bench.time.advance(2)

            let answer = try await askToken(client, grant)
            #expect(answer.status == .ok)
            #expect(answer.headers[.cacheControl] == "no-store")
            #expect(answer.headers[.pragma] == "no-cache")
            let token = try answer.decoded([String: Field].self)
            #expect(token["token_type"]?.text == "Bearer")
            #expect(token["expires_in"]?.number == 90 * 86_400)
            let who = try await API(client: client, token: token["access_token"]?.text).get("/api/my/whoami")
            #expect(try who.decoded(WhoAmI.self).user.name == "Ana")

            bench.time.advance(2)
            #expect(try error(await askToken(client, grant)) == "invalid_grant")
        }
    }

    @Test func deniedAndExpiredAreTold() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let denied = try await begin(client)
            let browser = try await bench.person("Ana", client)
            _ = try await browser.get("/cli-auth?code=\(denied.user_code)")
            _ = try await browser.submit("/api/auth/cli/device-code/\(denied.user_code)/deny")
            #expect(try error(await askToken(client, denied)) == "access_denied")

            let late = try await begin(client)
            bench.time.advance(601)
            #expect(try error(await askToken(client, late)) == "expired_token")
        }
    }

    @Test(arguments: [
        ("", "invalid_request"), ("client_id=claudemesh-cli", "invalid_request"),
        ("client_id=somebody&grant_type=password", "invalid_client"),
        ("client_id=claudemesh-cli&grant_type=password", "unsupported_grant_type"),
        ("client_id=claudemesh-cli&grant_type=urn:ietf:params:oauth:grant-type:device_code", "invalid_request"),
        (
            "client_id=claudemesh-cli&grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=nope",
            "invalid_grant"
        ),
    ])
    func whatIsWrongHasTheNameOfTheRFC(form: String, name: String) async throws {
        try await Bench().run { client in
            let answer = try await post(client, "/oauth/token", form)
            #expect(try error(answer) == name)
            #expect(answer.status == .badRequest)
        }
    }

    @Test func aFormThatIsNoneOrSaysAThingTwiceIsInvalid() async throws {
        try await Bench().run { client in
            for path in ["/oauth/device_authorization", "/oauth/token"] {
                for doubled in [
                    "client_id=claudemesh-cli&client_id=claudemesh-cli", "client_id=claudemesh-cli&x=1&x=2",
                ] {
                    let answer = try await post(client, path, doubled)
                    #expect(answer.status == .badRequest)
                    #expect(try error(answer) == "invalid_request")
                }
                for type in ["application/json", "text/plain", ""] {
                    let answer = try await API(client: client).send(
                        .post, path, #"{"client_id":"claudemesh-cli"}"#, headers: [.contentType: type])
                    #expect(answer.status == .badRequest)
                    #expect(try error(answer) == "invalid_request")
                    #expect(answer.headers[.cacheControl] == "no-store")
                }
            }
        }
    }

    /// RFC 6749 §5.2: 401 with the scheme for a client that used the header, and only for it.
    @Test func aClientThatTriedTheHeaderIsToldTheScheme() async throws {
        try await Bench().run { client in
            for form in ["grant_type=x", "grant_type=x&client_id=somebody"] {
                let answer = try await API(client: client).send(
                    .post, "/oauth/token", form,
                    headers: [
                        .contentType: "application/x-www-form-urlencoded", .authorization: "Basic c29tZWJvZHk6eA==",
                    ])
                #expect(answer.status == .unauthorized)
                #expect(try error(answer) == "invalid_client")
                #expect(answer.headers[.wwwAuthenticate] == "Basic realm=\"claudemesh\"")
            }
            let bare = try await post(client, "/oauth/token", "client_id=somebody")
            #expect(bare.status == .badRequest && bare.headers[.wwwAuthenticate] == nil)
        }
    }

    @Test func metadataNamesTheEndpoints() async throws {
        try await Bench().run { client in
            let answer = try await API(client: client).get("/.well-known/oauth-authorization-server")
            let issuer = "http://127.0.0.1:7420"
            #expect(answer.text.contains("\"issuer\":\"\(issuer)\""))
            #expect(answer.text.contains("\"response_types_supported\":[\"none\"]"), "required, and never empty")
            #expect(answer.text.contains("\"token_endpoint\":\"\(issuer)/oauth/token\""))
            #expect(answer.text.contains("\"device_authorization_endpoint\":\"\(issuer)/oauth/device_authorization\""))
        }
    }
}

/// A text or a number.
private struct Field: Decodable {
    var text: String?
    var number: Int?

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        text = try? container.decode(String.self)
        number = try? container.decode(Int.self)
    }
}
