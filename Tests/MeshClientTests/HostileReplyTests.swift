// What comes back when it should not: every answer may be late, cut, huge, a page, of the wrong shape, or missing.

import Foundation
import MeshAPI
import MeshClient
import NIOCore
import NIOPosix
import TestSupport
import Testing

struct HostileReplyTests {
    static let token = APIClientTests.token

    @Test(
        arguments: [
            // A page instead of the interface.
            (.reply(200, "<html>Log in</html>", type: "text/html"), .unreachable(.webPage)),
            (.reply(200, "\r\n <!DOCTYPE html>", type: "application/json"), .unreachable(.webPage)),
            (.reply(404, "<h1>Not Found</h1>", type: "text/html; charset=utf-8"), .unreachable(.webPage)),
            (.reply(403, "<html>", type: "TEXT/HTML"), .unreachable(.webPage)),
            (.reply(502, "<html>", type: "text/html"), .refused(status: 502, body: nil, retryAfter: nil)),
            (.reply(401, "<html>", type: "text/html"), .refused(status: 401, body: nil, retryAfter: nil)),
            // Redirects lead nowhere.
            (.reply(302, "", headers: ["location: http://127.0.0.1:1/"]), .unreachable(.redirected)),
            (.reply(307, "", headers: ["location: /api/my/whoami"]), .unreachable(.redirected)),
            // Wrong shapes.
            (.json(""), .unreachable(.malformed)),
            (.json("[]"), .unreachable(.malformed)),
            (.json("null"), .unreachable(.malformed)),
            (.json(#"{"user":1}"#), .unreachable(.malformed)),
            (.json(#"{"user":{"id":"a"}}"#), .unreachable(.malformed)),
            (
                .json(#"{"user":{"id":"u","name":"n"},"credential":{"id":"c","kind":"king","name":""}}"#),
                .unreachable(.malformed)
            ),
            (.json(String(repeating: "[", count: 100_000)), .unreachable(.malformed)),
            (.json("\u{0}\u{1}"), .unreachable(.malformed)),
            (.raw("SSH-2.0-OpenSSH_9.2\r\n"), .unreachable(.malformed)),
            // Cut.
            (.raw(""), .unreachable(.connectionLost)),
            (.raw("HTTP/1.1 200 OK\r\n"), .unreachable(.connectionLost)),
            (.raw("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"user\""), .unreachable(.connectionLost)),
            (
                .raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n7\r\n{\"user\""),
                .unreachable(.connectionLost)
            ),
            // Huge.
            (.raw("HTTP/1.1 200 OK\r\ncontent-length: 8388609\r\n\r\n", close: false), .unreachable(.tooLarge)),
            (
                .endless(
                    head: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
                    "10000\r\n" + String(repeating: "x", count: 0x10000) + "\r\n", every: .zero),
                .unreachable(.tooLarge)
            ),
            // Refusals.
            (
                .reply(409, #"{"error":"slug_taken","message":"m","suggestion":"a-2"}"#),
                .refused(
                    status: 409, body: ErrorBody(error: "slug_taken", message: "m", suggestion: "a-2"), retryAfter: nil)
            ),
            (
                .reply(429, #"{"error":"rate_limited"}"#, headers: ["retry-after: 7"]),
                .refused(status: 429, body: ErrorBody(error: "rate_limited"), retryAfter: 7)
            ),
            (
                .reply(429, "<html>", type: "text/html", headers: ["retry-after: soon"]),
                .refused(status: 429, body: nil, retryAfter: nil)
            ),
            (.reply(500, "oh"), .refused(status: 500, body: nil, retryAfter: nil)),
        ] as [(Answer, APIFailure)])
    func anAnswerIsOneFailure(answer: Answer, failure: APIFailure) async throws {
        try await ScriptedServer.run { _ in
            answer
        } _: { server in
            await #expect(throws: failure) { try await server.client(.bearer(Self.token)).whoami() }
            // Where a server went, another may be there.
            let isGone = failure == .unreachable(.connectionLost) || failure.status == 502
            #expect(server.received.count == (isGone ? 2 : 1), "followed nowhere")
        }
    }

    @Test func anAnswerOfJustUnder8MiBIsRead() async throws {
        let padding = String(repeating: "x", count: (8 << 20) - 100)
        let body = #"{"user":{"id":"u","name":"n","x":"\#(padding)"},"credential":{"id":"c","kind":"pat","name":""}}"#
        try await ScriptedServer.run { _ in
            .json(body)
        } _: { server in
            let answer = try await server.client(.bearer(Self.token)).whoami()
            #expect(answer.user.id == "u")
        }
    }

    @Test(
        arguments: [
            .never,
            .raw("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n{", close: false),
            .endless(head: "HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n", " ", every: .milliseconds(5)),
            .endless(head: "HTTP/1.1 200 OK\r\n", "x-more: 1\r\n", every: .milliseconds(5)),
        ] as [Answer])
    func nobodyIsWaitedForLongerThanSaid(answer: Answer) async throws {
        try await ScriptedServer.run { _ in
            answer
        } _: { server in
            let client = try server.client(.bearer(Self.token)).within(.milliseconds(300))
            let start = ContinuousClock.now
            await #expect(throws: APIFailure.unreachable(.noAnswer(seconds: 1))) { try await client.whoami() }
            #expect(ContinuousClock.now - start < .seconds(10))
            try await eventually("the connection is closed") { server.connections == 0 }
        }
    }

    @Test func aHeldPollMayTakeLongerThanACall() async throws {
        try await ScriptedServer.run { _ in
            try? await Task.sleep(for: .milliseconds(400))
            return .json(#"{"status":"pending","opened":true}"#)
        } _: { server in
            let client = try server.client().within(.milliseconds(100))
            await #expect(throws: APIFailure.unreachable(.noAnswer(seconds: 1))) {
                try await client.pollDeviceCode("d", wait: nil)
            }
            let status = try await client.pollDeviceCode("d", wait: 1)
            #expect(status.status == .pending && status.opened == true)
            #expect(server.received.last?.path == "/api/auth/cli/device-code/d?wait=1")
        }
    }

    @Test func aCancelledCallEndsAtOnce() async throws {
        try await ScriptedServer.run { _ in
            .never
        } _: { server in
            let client = try server.client(.bearer(Self.token)).within(.seconds(600))
            let call = Task { () -> APIFailure? in
                do throws(APIFailure) { _ = try await client.whoami() } catch { return error }
                return nil
            }
            try await eventually("the request arrived") { !server.received.isEmpty }
            call.cancel()
            #expect(await call.value == .cancelled)
            try await eventually("the connection is closed") { server.connections == 0 }
        }
    }

    @Test func timesOutOfReasonAreBroughtWithinIt() async throws {
        let max = Int.max
        try await ScriptedServer.run { _ in
            .reply(
                201,
                #"{"device_code":"d","user_code":"A","verification_url":"u","expires_in":\#(max),"wait_max":\#(max),"interval":1e99}"#
            )
        } _: { server in
            let code = try await server.client().createDeviceCode(
                DeviceCodeRequest(deviceName: "a", deviceOs: "b", deviceArch: "c"))
            #expect(code.expiresIn == 86_400 && code.waitMax == 300)
        }
    }

    @Test func aTokenThatIsNoneIsNotTaken() async throws {
        let claim = #"{"mesh":\#(APIClientTests.mesh),"membership":"member","token":"cm_session_x\r\ny: z"}"#
        try await ScriptedServer.run { request in
            request.path.hasSuffix("claim")
                ? .json(claim) : .reply(201, #"{"id":"t","name":"n","created_at":"2026-01-01T00:00:00Z","token":"x"}"#)
        } _: { server in
            let client = try server.client(.bearer(Self.token))
            await #expect(throws: APIFailure.unreachable(.malformed)) {
                try await client.claimInvite("c", ClaimInvite(), key: "k")
            }
            await #expect(throws: APIFailure.unreachable(.malformed)) {
                try await client.createAccessToken(CreateAccessToken(name: "n"), key: "k")
            }
        }
    }

    @Test func aClosedPortIsRefused() async throws {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        try await channel.close()
        let client = APIClient(
            server: try ServerAddress("http://127.0.0.1:\(port)"),
            transport: Transport(environment: [:], userAgent: "t"))
        await #expect(throws: APIFailure.unreachable(.refused)) { try await client.invitePreview("x") }
    }

    @Test func aNameThatIsNoneIsNotResolved() async throws {
        let client = APIClient(
            server: try ServerAddress("https://claudemesh.invalid"),
            transport: Transport(environment: [:], userAgent: "t"))
        await #expect(throws: APIFailure.unreachable(.nameNotResolved)) { try await client.invitePreview("x") }
    }

    @Test func manyCallsAtOnceShareATransport() async throws {
        try await ScriptedServer.run { request in
            .json(
                #"{"mesh_name":"\#(request.path)","inviter_name":"","role":"member","expires_at":"2026-01-01T00:00:00Z","uses_left":1,"member_count":2}"#
            )
        } _: { server in
            let client = try server.client()
            let names = try await withThrowingTaskGroup(of: (Int, String).self) { group in
                for number in 0..<50 {
                    group.addTask { (number, try await client.invitePreview("\(number)").meshName) }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            #expect(names.count == 50 && names.allSatisfy { $1 == "/api/public/invites/\($0)" })
        }
    }
}
