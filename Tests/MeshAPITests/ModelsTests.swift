// The wire's shapes: the very keys, there and back.

import FoundationEssentials
import MeshAPI
import Testing

private let start = Date(timeIntervalSince1970: 1_800_000_000)
private let end = Date(timeIntervalSince1970: 1_800_086_400)

/// `value` is written as `json` (keys sorted) and read back as itself.
private func expectRoundTrip<Value: Codable & Equatable>(
    _ value: Value, _ json: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    #expect(String(decoding: try WireJSON.encode(value), as: UTF8.self) == json, sourceLocation: sourceLocation)
    #expect(try WireJSON.decode(Value.self, from: Data(json.utf8)) == value, sourceLocation: sourceLocation)
}

@Suite struct ModelsTests {
    private static let mesh = Mesh(
        id: "m1", slug: "platform", name: "Platform/Team", membership: .owner, memberCount: 9, createdAt: start,
        joinedAt: end)
    private static let meshJSON =
        #"{"created_at":"2027-01-15T08:00:00Z","id":"m1","joined_at":"2027-01-16T08:00:00Z","member_count":9,"membership":"owner","name":"Platform/Team","slug":"platform"}"#

    @Test func meshesAndPeople() throws {
        try expectRoundTrip(Self.mesh, Self.meshJSON)
        try expectRoundTrip(User(id: "u", name: "Ana"), #"{"id":"u","name":"Ana"}"#)
        try expectRoundTrip(
            Member(id: "u", name: "Ana", membership: .admin, joinedAt: start),
            #"{"id":"u","joined_at":"2027-01-15T08:00:00Z","membership":"admin","name":"Ana"}"#)
    }

    @Test func credentials() throws {
        try expectRoundTrip(
            WhoAmI(
                user: User(id: "u", name: "Ana", email: "ana@example.com"),
                credential: CredentialInfo(id: "c", kind: .pat, name: "CI", expiresAt: end)),
            #"{"credential":{"expires_at":"2027-01-16T08:00:00Z","id":"c","kind":"pat","name":"CI"},"user":{"email":"ana@example.com","id":"u","name":"Ana"}}"#
        )
        try expectRoundTrip(
            CLISession(
                id: "s", name: "laptop", os: "linux", arch: "x86_64", createdAt: start, lastUsedAt: nil, expiresAt: end,
                current: true),
            #"{"arch":"x86_64","created_at":"2027-01-15T08:00:00Z","current":true,"expires_at":"2027-01-16T08:00:00Z","id":"s","last_used_at":null,"name":"laptop","os":"linux"}"#
        )
        try expectRoundTrip(
            AccessToken(id: "t", name: "CI", createdAt: start, lastUsedAt: end, expiresAt: nil, token: "x"),
            #"{"created_at":"2027-01-15T08:00:00Z","expires_at":null,"id":"t","last_used_at":"2027-01-16T08:00:00Z","name":"CI","token":"x"}"#
        )
        // Left out is as good as null.
        let bare = #"{"created_at":"2027-01-15T08:00:00Z","id":"t","name":"CI"}"#
        #expect(
            try WireJSON.decode(AccessToken.self, from: Data(bare.utf8))
                == AccessToken(id: "t", name: "CI", createdAt: start, lastUsedAt: nil, expiresAt: nil))
    }

    @Test func invites() throws {
        try expectRoundTrip(
            Invite(
                id: "i", code: "ABCD-EFGH-JKLM", url: "https://h/i/ABCD-EFGH-JKLM", email: "b@x", role: .member,
                expiresAt: end, maxUses: 3, uses: 1, emailed: false),
            #"{"code":"ABCD-EFGH-JKLM","email":"b@x","emailed":false,"expires_at":"2027-01-16T08:00:00Z","id":"i","max_uses":3,"role":"member","url":"https://h/i/ABCD-EFGH-JKLM","uses":1}"#
        )
        try expectRoundTrip(
            InvitePreview(
                meshName: "M", inviterName: "Ana", role: .member, expiresAt: end, usesLeft: 2, memberCount: 4),
            #"{"expires_at":"2027-01-16T08:00:00Z","inviter_name":"Ana","member_count":4,"mesh_name":"M","role":"member","uses_left":2}"#
        )
        try expectRoundTrip(
            InviteClaim(mesh: Self.mesh, membership: .member), #"{"membership":"member","mesh":\#(Self.meshJSON)}"#)
    }

    @Test func deviceCodes() throws {
        try expectRoundTrip(
            DeviceCodeRequest(deviceName: "laptop", deviceOs: "linux", deviceArch: "arm64"),
            #"{"device_arch":"arm64","device_name":"laptop","device_os":"linux"}"#)
        try expectRoundTrip(
            DeviceCode(
                deviceCode: "d", userCode: "ABCD-EFGH", verificationUrl: "https://h/c",
                verificationUrlComplete: "https://h/c/ABCD-EFGH",
                expiresAt: end, expiresIn: 600, interval: 1.5, waitMax: 25),
            #"{"device_code":"d","expires_at":"2027-01-16T08:00:00Z","expires_in":600,"interval":1.5,"user_code":"ABCD-EFGH","verification_url":"https://h/c","verification_url_complete":"https://h/c/ABCD-EFGH","wait_max":25}"#
        )
        try expectRoundTrip(DeviceCodeStatus(status: .pending, opened: true), #"{"opened":true,"status":"pending"}"#)
        try expectRoundTrip(
            DeviceCodeStatus(status: .approved, token: "t", user: User(id: "u", name: "A")),
            #"{"status":"approved","token":"t","user":{"id":"u","name":"A"}}"#)
        try expectRoundTrip(
            DeviceCodeStatus(status: .approved, alreadyClaimed: true),
            #"{"already_claimed":true,"status":"approved","token":null}"#)
    }

    @Test func requestsAndErrors() throws {
        try expectRoundTrip(CreateMesh(name: "M", slug: "m"), #"{"name":"M","slug":"m"}"#)
        try expectRoundTrip(
            CreateInvite(role: .admin, expiresInDays: 7, maxUses: 1),
            #"{"expires_in_days":7,"max_uses":1,"role":"admin"}"#)
        try expectRoundTrip(ClaimInvite(displayName: "B"), #"{"display_name":"B"}"#)
        try expectRoundTrip(CreateAccessToken(name: "CI", expiresInDays: 90), #"{"expires_in_days":90,"name":"CI"}"#)
        try expectRoundTrip(
            RegisterSession(sessionId: "s", displayName: "B", role: "lead", pid: 7, host: "h", tokenHash: "ff"),
            #"{"display_name":"B","host":"h","pid":7,"role":"lead","session_id":"s","token_hash":"ff"}"#)
        try expectRoundTrip(
            ErrorBody(error: "slow_down", interval: 3, slowDown: true),
            #"{"error":"slow_down","interval":3,"slow_down":true}"#)
        try expectRoundTrip(
            ErrorBody(error: "slug_taken", message: "Taken", suggestion: "m-2"),
            #"{"error":"slug_taken","message":"Taken","suggestion":"m-2"}"#)
    }

    @Test func failuresSayTheirStatusAndCode() {
        let refused = APIFailure.refused(status: 409, body: ErrorBody(error: "slug_taken"), retryAfter: nil)
        #expect(refused.status == 409 && refused.code == "slug_taken")
        #expect(APIFailure.unreachable(.refused).status == nil && APIFailure.cancelled.code == nil)
    }
}

@Suite struct WireJSONTests {
    private struct Stamp: Codable, Equatable { var at: Date }

    @Test(arguments: [
        ("2027-01-15T08:00:00Z", 0.0), ("2027-01-15T08:00:00.000Z", 0), ("2027-01-15T08:00:00.25Z", 0.25),
        ("2027-01-15T08:00:00.123456Z", 0.123456),
        ("2027-01-15T10:00:00+02:00", 0), ("2027-01-15T03:30:00.5-04:30", 0.5),
    ])
    func readsRFC3339(text: String, fraction: Double) throws {
        let stamp = try WireJSON.decode(Stamp.self, from: Data(#"{"at":"\#(text)"}"#.utf8))
        #expect(abs(stamp.at.timeIntervalSince(start) - fraction) < 0.001)
    }

    @Test(arguments: [
        "", "yesterday", "2027-01-15", "2027-01-15T08:00:00", "2027-13-15T08:00:00Z", "1800000000",
        "2027-02-29T08:00:00Z", "2027-01-15T24:00:00Z", "2027-01-15T08:60:00Z", "2027-01-15T08:00:61Z",
    ])
    func refusesOtherTimes(text: String) {
        #expect(throws: DecodingError.self) { try WireJSON.decode(Stamp.self, from: Data(#"{"at":"\#(text)"}"#.utf8)) }
    }

    @Test func ignoresUnknownKeysAndRefusesOtherShapes() throws {
        #expect(
            try WireJSON.decode(User.self, from: Data(#"{"id":"u","name":"A","new":[1]}"#.utf8))
                == User(id: "u", name: "A"))
        for text in ["", "[]", "<html>", #"{"id":1,"name":"A"}"#, #"{"id":"u"}"#, #"{"id":"u","name":"A""#] {
            #expect(throws: DecodingError.self) { try WireJSON.decode(User.self, from: Data(text.utf8)) }
        }
    }

    @Test func isOneLineOfSortedKeys() throws {
        let text = String(decoding: try WireJSON.encode(User(id: "a/b", name: "x\ny")), as: UTF8.self)
        #expect(text == #"{"id":"a/b","name":"x\ny"}"#)
        #expect(WireJSON.timestamp(start) == "2027-01-15T08:00:00Z")
        #expect(WireJSON.parseTimestamp(WireJSON.timestamp(end)) == end)
    }

    /// What is counted by hand is what Foundation makes of it, and it writes itself what it reads.
    @Test func timesAreThoseOfTheCalendar() {
        for second in stride(from: 0, through: 4_200_000_000, by: 86_399 * 7 + 1) {
            let date = Date(timeIntervalSince1970: Double(second))
            #expect(WireJSON.parseTimestamp(WireJSON.timestamp(date)) == date)
        }
        let leap = WireJSON.parseTimestamp("2028-02-29T23:59:59Z")
        #expect(leap == WireJSON.parseTimestamp("2028-02-29T23:59:59.000Z") && leap != nil)
        for text in ["2027-02-29T00:00:00Z", "2027-13-01T00:00:00Z", "2027-00-10T00:00:00Z", "2027-01-01T24:00:00Z"] {
            #expect(WireJSON.parseTimestamp(text) == nil, "\(text)")
        }
        #expect(WireJSON.parseTimestamp("1969-07-20T20:17:40Z") == Date(timeIntervalSince1970: -14_182_940))
    }
}

@Suite struct TrimmingTests {
    @Test(arguments: [(" a b \r\n", "a b"), ("\t\u{A0}x\u{3000}", "x"), ("", ""), (" \n ", ""), ("x", "x")])
    func trims(text: String, trimmed: String) {
        #expect(text.trimmingWhitespace() == trimmed)
    }
}
