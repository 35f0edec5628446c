// What goes out: routes, headers, credentials, pages; and to whom.

import FoundationEssentials
import MeshAPI
import MeshClient
import Testing

struct APIClientTests {
    static let token = "cm_pat_" + String(repeating: "a", count: 52)
    static let mesh =
        #"{"id":"m1","slug":"dev","name":"Dev","membership":"owner","member_count":1,"created_at":"2026-01-01T00:00:00Z","#
        + #""joined_at":"2026-01-01T00:00:00.123Z"}"#

    @Test func aCallCarriesItsCredentialAndNameAndReadsItsAnswer() async throws {
        try await ScriptedServer.run { _ in
            .json(#"{"user":{"id":"u1","name":"Ale"},"credential":{"id":"c1","kind":"pat","name":"ci"},"new":1}"#)
        } _: { server in
            let answer = try await server.client(.bearer(Self.token)).whoami()
            #expect(answer.user == User(id: "u1", name: "Ale") && answer.credential.kind == .pat)
            let request = try #require(server.received.first)
            #expect(request.method == "GET" && request.path == "/api/my/whoami")
            #expect(request.headers["authorization"] == "Bearer \(Self.token)")
            #expect(request.headers["user-agent"] == "claudemesh-tests/1")
            #expect(request.headers["accept"] == "application/json")
            #expect(request.headers["idempotency-key"] == nil)
        }
    }

    @Test func aSessionsTokenHasItsOwnScheme() async throws {
        let hex = String(repeating: "0f", count: 32)
        try await ScriptedServer.run { _ in
            .json(#"{"peers":[]}"#)
        } _: { server in
            _ = try await server.client(.session(hex)).peers(in: "m1")
            #expect(server.received[0].headers["authorization"] == "ClaudeMesh-Session \(hex)")
            #expect(server.received[0].path == "/api/my/meshes/m1/sessions?limit=1000")
        }
    }

    @Test func whatIsMadeCarriesTheCallersKey() async throws {
        try await ScriptedServer.run { _ in
            .reply(201, Self.mesh)
        } _: { server in
            let client = try server.client(.bearer(Self.token))
            let made = try await client.createMesh(CreateMesh(name: "Dev \"x\" ñ"), key: "k-1")
            #expect(made.slug == "dev")
            let request = server.received[0]
            #expect(request.method == "POST" && request.headers["idempotency-key"] == "k-1")
            #expect(request.headers["content-type"] == "application/json")
            #expect(request.body == #"{"name":"Dev \"x\" ñ"}"#)
        }
    }

    /// Of several servers one may go while it answers: a message has an id, and goes once more, whole, and no third time.
    @Test(arguments: [
        (Answer.raw("", close: true), 2), (.reply(502, "<html>Bad Gateway", type: "text/html"), 2),
        (.reply(504, ""), 2), (.reply(503, "", headers: ["Retry-After: 0"]), 2),
        (.reply(503, "", headers: ["Retry-After: 30"]), 1), (.reply(503, ""), 1), (.reply(500, ""), 1),
        (.reply(429, "", headers: ["Retry-After: 1"]), 1),
    ])
    func aMessageWhoseServerWentIsSentOnceMore(lost: Answer, tries: Int) async throws {
        let message = SendMessage(to: ["bo"], body: "hi", clientId: "c1")
        let taken =
            #"{"id":"m","seq":1,"chain":"m","hop":0,"created_at":"2026-01-01T00:00:00Z","#
            + #""expires_at":"2026-01-08T00:00:00Z","recipients":[]}"#
        for isBack in [true, false] {
            let count = Counter()
            try await ScriptedServer.run { _ in
                count.next() > 1 && isBack ? .reply(201, taken) : lost
            } _: { server in
                let sent = try? await server.client(.bearer(Self.token)).sendMessage(message, in: "m1")
                #expect((sent?.id == "m") == (isBack && tries == 2))
                #expect(server.received.count == tries)
                #expect(Set(server.received.map(\.body)).count == 1)
            }
        }
    }

    /// So does all that is the same asked twice, by its method, its key or its kind; nothing else does.
    @Test(arguments: [
        ("GET", 2), ("PUT", 2), ("PATCH", 2), ("DELETE", 2), ("POST with a key", 2), ("POST that is the same again", 2),
        ("POST", 1), ("a poll for a code", 1),
    ])
    func whatMayBeAskedTwiceIs(what: String, tries: Int) async throws {
        try await ScriptedServer.run { _ in
            .reply(502, "")
        } _: { server in
            let client = try server.client(.bearer(Self.token))
            await #expect(throws: APIFailure.refused(status: 502, body: nil, retryAfter: nil)) {
                switch what {
                case "GET": _ = try await client.topics(in: "m")
                case "PUT": _ = try await client.muteTopic("ci", true, in: "m")
                case "PATCH": _ = try await client.changeMyself(ChangeMyself(attention: .quiet), in: "m")
                case "DELETE": try await client.revokeMeshKey("k", in: "m")
                case "POST with a key": _ = try await client.createMesh(CreateMesh(name: "Dev"), key: "k")
                case "POST that is the same again": try await client.kick("s", in: "m")
                case "POST": _ = try await client.createTopic(CreateTopic(name: "ci"), in: "m")
                default: _ = try await client.pollDeviceCode("d", wait: nil)
                }
            }
            #expect(server.received.count == tries)
        }
    }

    /// Whether the first try came through nobody knows; what is gone is gone.
    @Test func whatIsGoneAtTheSecondTryIsRemoved() async throws {
        let count = Counter()
        try await ScriptedServer.run { _ in
            count.next() == 1 ? .raw("", close: true) : .reply(404, #"{"error":"not_found"}"#)
        } _: { server in
            let client = try server.client(.bearer(Self.token))
            try await client.revokeMeshKey("k", in: "m")
            await #expect(throws: APIFailure.self) { try await client.revokeMeshKey("k", in: "m") }
            #expect(server.received.count == 3)
        }
    }

    /// A call's bound holds for both tries.
    @Test func aCallThatHasLittleTimeIsNotRepeated() async throws {
        try await ScriptedServer.run { _ in
            .reply(502, "")
        } _: { server in
            let client = try server.client(.bearer(Self.token)).within(.milliseconds(400))
            await #expect(throws: APIFailure.self) { try await client.whoami() }
            #expect(server.received.count == 1)
        }
    }

    /// A code is nobody's yet; a preview says whether one is in that mesh already.
    @Test func aCodeIsAskedForWithoutTheTokenAndAPreviewWithIt() async throws {
        try await ScriptedServer.run { request in
            request.path.hasSuffix("device-code")
                ? .reply(
                    201, #"{"device_code":"d","user_code":"ABCD-EFGH","verification_url":"http://x","expires_in":600}"#)
                : .json(
                    #"{"mesh_name":"a","inviter_name":"b","role":"member","expires_at":"2026-01-01T00:00:00Z","#
                        + #""uses_left":1,"member_count":2}"#)
        } _: { server in
            let client = try server.client(.bearer(Self.token))
            let code = try await client.createDeviceCode(
                DeviceCodeRequest(deviceName: "box", deviceOs: "linux", deviceArch: "x86_64"))
            #expect(code.interval == nil && code.waitMax == nil)
            _ = try await client.invitePreview("AAAA-BBBB-CCCC")
            #expect(server.received.count == 2)
            #expect(server.received[0].headers["authorization"] == nil)
            #expect(server.received[1].headers["authorization"] == "Bearer \(Self.token)")
            #expect(server.received[0].body.contains(#""device_name":"box""#))
        }
    }

    @Test func everyPageOfAListIsRead() async throws {
        try await ScriptedServer.run { request in
            let number = request.path.split(separator: "=").last.flatMap { Int($0) } ?? 1
            let mesh = Self.mesh.replacing("\"m1\"", with: "\"m\(request.path.contains("cursor") ? number : 1)\"")
            let next =
                request.path.contains("cursor=3")
                ? "" : #","next_cursor":"\#(request.path.contains("cursor") ? number + 1 : 2)""#
            return .json(#"{"meshes":[\#(mesh)]\#(next)}"#)
        } _: { server in
            var lasts: [Bool] = []
            var ids: [String] = []
            try await server.client(.bearer(Self.token)).meshes(matching: "de v") { page, isLast in
                ids += page.map(\.id)
                lasts.append(isLast)
            }
            #expect(ids == ["m1", "m2", "m3"] && lasts == [false, false, true])
            #expect(server.received[0].path == "/api/my/meshes?q=de%20v&limit=1000")
            #expect(server.received[1].path == "/api/my/meshes?q=de%20v&limit=1000&cursor=2")
        }
    }

    @Test func aListThatTurnsInCirclesEnds() async throws {
        try await ScriptedServer.run { _ in
            .json(#"{"meshes":[\#(Self.mesh)],"next_cursor":"again"}"#)
        } _: { server in
            let meshes = try await server.client(.bearer(Self.token)).meshes()
            #expect(meshes.count == 2 && server.received.count == 2)
        }
    }

    @Test func aLongListWaitsWhereTheServerAsksItTo() async throws {
        let (tries, pauses) = (Counter(), Counter())
        try await ScriptedServer.run { _ in
            switch tries.next() {
            case 1: .json(#"{"meshes":[\#(Self.mesh)],"next_cursor":"2"}"#)
            case 2, 3: .reply(429, #"{"error":"rate_limited"}"#, headers: ["retry-after: 1"])
            default: .json(#"{"meshes":[\#(Self.mesh)]}"#)
            }
        } _: { server in
            var client = try server.client(.bearer(Self.token))
            client.onPause = { seconds in
                #expect(seconds == 1)
                _ = pauses.next()
            }
            let meshes = try await client.meshes()
            #expect(meshes.count == 2 && server.received.count == 4)
            #expect(pauses.next() == 2, "it is said once")
        }
    }

    /// Whoever asked too much before hears it at once.
    @Test func theFirstPageIsNotWaitedFor() async throws {
        try await ScriptedServer.run { _ in
            .reply(429, #"{"error":"rate_limited"}"#, headers: ["retry-after: 1"])
        } _: { server in
            let client = try server.client(.bearer(Self.token))
            await #expect(
                throws: APIFailure.refused(status: 429, body: ErrorBody(error: "rate_limited"), retryAfter: 1)
            ) { try await client.meshes() }
            #expect(server.received.count == 1)
        }
    }

    @Test func deletesTakeAnEmptyAnswer() async throws {
        try await ScriptedServer.run { _ in
            .reply(204, "")
        } _: { server in
            let client = try server.client(.bearer(Self.token))
            try await client.removeMember(from: "m1")
            try await client.endSession("s1", in: "m1")
            #expect(server.received.map(\.path) == ["/api/my/meshes/m1/members/me", "/api/my/meshes/m1/sessions/s1"])
            #expect(server.received.allSatisfy { $0.method == "DELETE" })
        }
    }

    @Test func aSecretNeverTravelsInTheClear() async throws {
        // An address of the documentation's range: were it asked, this would take the whole timeout.
        let transport = Transport(environment: [:], userAgent: "t")
        let client = APIClient(
            server: try ServerAddress("http://192.0.2.1"), credential: .bearer(Self.token), transport: transport)
        let device = DeviceCodeRequest(deviceName: "a", deviceOs: "b", deviceArch: "c")
        await #expect(throws: APIFailure.unreachable(.insecure)) { try await client.whoami() }
        await #expect(throws: APIFailure.unreachable(.insecure)) { try await client.createDeviceCode(device) }
        await #expect(throws: APIFailure.unreachable(.insecure)) {
            try await client.with(nil).claimInvite("AAAA", ClaimInvite(), key: "k")
        }
    }

    @Test func aTokenThatIsNoneReachesNoWire() async throws {
        try await ScriptedServer.run { _ in
            .json("{}")
        } _: { server in
            for bad in ["a\r\nx-evil: 1", "", "a b", "ñ"] {
                let failure = await #expect(throws: APIFailure.self) { try await server.client(.bearer(bad)).whoami() }
                #expect(failure?.status == 401)
            }
            #expect(server.received.isEmpty)
        }
    }

    @Test func aCredentialNeverPrints() {
        for credential in [Authorization.bearer(Self.token), .session("secret")] {
            var dumped = ""
            dump(credential, to: &dumped)
            for text in [
                "\(credential)", String(reflecting: credential), dumped, "\([credential])",
                String(describing: Optional(credential)),
            ] {
                #expect(!text.contains("aaaa") && !text.contains("secret"))
            }
        }
    }
}
