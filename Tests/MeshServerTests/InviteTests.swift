// Invites: making, looking, joining as an account or a guest, what is over, and a guest that becomes an account.

import Foundation
import HTTPTypes
import HummingbirdTesting
import Mail
import MeshAPI
import MeshStore
import ServerSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct InviteTests {
    /// Ada, the owner of a mesh.
    private func mesh(_ bench: Bench, _ client: any TestClientProtocol) async throws -> (API, Mesh) {
        let api = try await bench.signIn(try await bench.person("Ada", client), client)
        return (api, try await api.send(.post, "/api/my/meshes", #"{"name":"Team"}"#).decoded(Mesh.self))
    }

    private func invite(_ api: API, _ mesh: Mesh, _ body: String = "{}") async throws -> Invite {
        let answer = try await api.send(.post, "/api/my/meshes/\(mesh.id)/invites", body)
        try #require(answer.status == .created)
        return try answer.decoded(Invite.self)
    }

    private func claim(_ api: API, _ invite: Invite, _ body: String? = nil, headers: HTTPFields = [:]) async throws
        -> TestResponse
    {
        try await api.send(.post, "/api/public/invites/\(invite.code)/claim", body, headers: headers)
    }

    @Test func aMemberSeesWhatTheyAreAlready() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let (ada, mesh) = try await mesh(bench, client)
            let made = try await invite(ada, mesh)
            let path = "/api/public/invites/\(made.code)"
            let bob = try await bench.signIn(try await bench.person("Bob", client), client)
            let nobody = API(client: client)
            for (who, membership) in [(ada, Membership.owner), (bob, nil), (nobody, nil)] {
                #expect(try await who.get(path).decoded(InvitePreview.self).membership == membership)
            }
            #expect(try await claim(bob, made).status == .ok)
            // It is used up, by Bob: he is told where it led, others that it is over.
            let own = try await bob.get(path).decoded(InvitePreview.self)
            #expect((own.membership, own.usesLeft) == (.member, 0))
            #expect(try await nobody.get(path).refusal.error == "invite_exhausted")
            #expect(try await API(client: client, token: "cm_pat_none").get(path).refusal.error == "invite_exhausted")
        }
    }

    @Test func anInviteSaysWhatItIs() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let (ada, mesh) = try await mesh(bench, client)
            let made = try await invite(ada, mesh, #"{"role":"admin","expires_in_days":3,"max_uses":5}"#)
            #expect(ReadableCode.normalize(made.code, length: 12) == made.code)
            #expect(made.url == "http://127.0.0.1:7420/i/\(made.code)")
            #expect((made.role, made.maxUses, made.uses, made.emailed) == (.admin, 5, 0, false))
            #expect(made.expiresAt == bench.time.now.addingTimeInterval(3 * 86_400))
            let preview = try await API(client: client).get("/api/public/invites/\(made.code.lowercased())")
                .decoded(InvitePreview.self)
            #expect((preview.meshName, preview.inviterName, preview.role) == ("Team", "Ada", .admin))
            #expect((preview.usesLeft, preview.memberCount) == (5, 1))
            let list = try await ada.get("/api/my/meshes/\(mesh.id)/invites").decodedList("invites", of: Invite.self)
            #expect(list.map(\.code) == [made.code])
            let plain = try await invite(ada, mesh)
            #expect((plain.role, plain.maxUses) == (.member, 1))
            #expect(plain.expiresAt == bench.time.now.addingTimeInterval(7 * 86_400))
        }
    }

    @Test(arguments: [
        (#"{"role":"owner"}"#, "role"), (#"{"role":"king"}"#, "role"), (#"{"max_uses":0}"#, "max_uses"),
        (#"{"max_uses":1001}"#, "max_uses"), (#"{"expires_in_days":0}"#, "expires_in_days"),
        (#"{"expires_in_days":366}"#, "expires_in_days"), (#"{"email":"no"}"#, "email"),
        (#"{"email":"a@b\r\nBcc: c@d"}"#, "email"), (#"{"expires_in_days":"x"}"#, "expires_in_days"),
        (#"{"max_uses":1.5}"#, "max_uses"), (#"{"max_uses":1e30}"#, "max_uses"), (#"{"max_uses":true}"#, "max_uses"),
        (#"{"expires_in_days":99999999999999999999}"#, "expires_in_days"), ("{\"email\":\"a\u{202E}@b.c\"}", "email"),
    ])
    func whatIsWrongIsNamed(body: String, field: String) async throws {
        let bench = try Bench()
        try await bench.run { client in
            let (ada, mesh) = try await mesh(bench, client)
            let answer = try await ada.send(.post, "/api/my/meshes/\(mesh.id)/invites", body)
            #expect(answer.status == .unprocessableContent)
            #expect(try answer.refusal.field == field)
        }
    }

    @Test func anAccountJoinsAndBeingAMemberCostsNoUse() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let (ada, mesh) = try await mesh(bench, client)
            let made = try await invite(ada, mesh, #"{"max_uses":2}"#)
            let eve = try await bench.signIn(try await bench.person("Eve", client), client)
            for _ in 0..<3 {
                let joined = try await claim(eve, made).decoded(InviteClaim.self)
                #expect((joined.mesh.id, joined.membership, joined.token) == (mesh.id, .member, nil))
                #expect(joined.mesh.memberCount == 2)
            }
            _ = try await claim(ada, made)
            let left = try await API(client: client).get("/api/public/invites/\(made.code)")
            #expect(try left.decoded(InvitePreview.self).usesLeft == 1)
        }
    }

    @Test func aGuestNeedsNoAccountAndIsInThatMeshAlone() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let (ada, mesh) = try await mesh(bench, client)
            let made = try await invite(ada, mesh)
            let joined = try await claim(API(client: client), made, #"{"display_name":" Gus "}"#).decoded(
                InviteClaim.self)
            let token = try #require(joined.token)
            #expect(TokenForm.kind(of: token) == .session)
            #expect(joined.user?.email == nil)
            let gus = API(client: client, token: token)
            let me = try await gus.get("/api/my/whoami").decoded(WhoAmI.self)
            #expect((me.user.name, me.credential.kind) == ("Gus", .guest))
            #expect(try await gus.get("/api/my/meshes").decodedMeshes().map(\.id) == [mesh.id])
            #expect(try await gus.send(.post, "/api/my/meshes", #"{"name":"x"}"#).status == .forbidden)
            #expect(try await gus.get("/api/my/cli/tokens").refusal.error == "session_required")
            let other = try await ada.send(.post, "/api/my/meshes", #"{"name":"Other"}"#).decoded(Mesh.self)
            let elsewhere = try await claim(gus, try await invite(ada, other))
            #expect(elsewhere.status == .forbidden)
            #expect(try elsewhere.refusal.error == "guest_only")
            #expect(try await !bench.everythingStored().contains(token))
            for _ in 0..<2 {
                bench.time.advance(89 * 86_400)
                #expect(try await gus.get("/api/my/whoami").status == .ok, "each use is good for 90 days more")
            }
            bench.time.advance(90 * 86_400)
            #expect(try await gus.get("/api/my/whoami").refusal.error == "token_expired")
        }
    }

    @Test func whatIsOverSaysWhy() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let (ada, mesh) = try await mesh(bench, client)
            func refusal(_ made: Invite) async throws -> [String] {
                let preview = try await API(client: client).get("/api/public/invites/\(made.code)")
                let claimed = try await claim(API(client: client), made)
                #expect((preview.status, claimed.status) == (.gone, .gone))
                return [try preview.refusal.error, try claimed.refusal.error]
            }
            let used = try await invite(ada, mesh)
            _ = try await claim(API(client: client), used)
            #expect(try await refusal(used) == ["invite_exhausted", "invite_exhausted"])
            let revoked = try await invite(ada, mesh)
            let path = "/api/my/meshes/\(mesh.id)/invites/\(revoked.id)"
            #expect(try await ada.send(.delete, path).status == .noContent)
            #expect(try await ada.send(.delete, path).status == .notFound)
            #expect(try await refusal(revoked) == ["invite_revoked", "invite_revoked"])
            let old = try await invite(ada, mesh, #"{"expires_in_days":1}"#)
            bench.time.advance(86_400)
            #expect(try await refusal(old) == ["invite_expired", "invite_expired"])
            #expect(try await API(client: client).get("/api/public/invites/AAAA-AAAA-AAAA").status == .notFound)
            #expect(try await API(client: client).get("/api/public/invites/nonsense").status == .notFound)
            let good = try await invite(ada, mesh)
            for name in ["a\\nb", String(repeating: "a", count: 65), " "] {
                let refused = try await claim(API(client: client), good, #"{"display_name":"\#(name)"}"#)
                #expect(try refused.refusal.field == "display_name")
            }
            #expect(try await ada.send(.delete, "/api/my/meshes/\(mesh.id)").status == .noContent)
            #expect(try await claim(API(client: client), good).status == .notFound, "its mesh is gone")
        }
    }

    @Test func ofFiftyClaimersOneUseLetsOneIn() async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { client in
            let (ada, mesh) = try await mesh(bench, client)
            let made = try await invite(ada, mesh)
            let statuses = try await withThrowingTaskGroup(of: HTTPResponse.Status.self) { group in
                for _ in 0..<50 { group.addTask { try await claim(API(client: client), made).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.count { $0 == .ok } == 1)
            #expect(statuses.count { $0 == .gone } == 49)
            let members = try await ada.get("/api/my/meshes/\(mesh.id)/members").decodedList("members", of: Member.self)
            #expect(members.count == 2)
            let guests = "SELECT count(*) FROM accounts WHERE kind = 'guest'"
            #expect(
                try await bench.database.read { try $0.count(guests) } == 1, "who came too late left nothing behind")
        }
    }

    @Test func theSameKeyJoinsOnceAndTheFormerTokenIsVoid() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let (ada, mesh) = try await mesh(bench, client)
            let made = try await invite(ada, mesh)
            let key: HTTPFields = [.idempotencyKey: "k"]
            let body = #"{"display_name":"Gus"}"#
            let first = try await claim(API(client: client), made, body, headers: key).decoded(InviteClaim.self)
            let again = try await claim(API(client: client), made, body, headers: key).decoded(InviteClaim.self)
            #expect(first.user?.id == again.user?.id)
            #expect(first.token != again.token)
            #expect(try await API(client: client, token: first.token).get("/api/my/whoami").status == .unauthorized)
            #expect(try await API(client: client, token: again.token).get("/api/my/whoami").status == .ok)
            let events = ["auth.cli.session.claimed", "auth.cli.session.revoked", "auth.cli.session.claimed"]
            #expect(try await bench.events(of: try #require(first.user?.id), like: "auth.cli.session.%") == events)
        }
    }

    /// A code has many spellings, a path too: they are one invite, and one guest.
    @Test func theSpellingOfTheCodeMakesNoSecondGuest() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let (ada, mesh) = try await mesh(bench, client)
            let made = try await invite(ada, mesh, #"{"max_uses":9}"#)
            let code = made.code
            var users: Set<String?> = []
            for spelling in [code, code.lowercased(), code.replacing("-", with: ""), code.replacing("-", with: "%2D")] {
                let answer = try await API(client: client).send(
                    .post, "/api/public/invites/\(spelling)/claim", headers: [.idempotencyKey: "k"])
                users.insert(try answer.decoded(InviteClaim.self).user?.id)
            }
            #expect(users.count == 1)
            #expect(try await ada.get("/api/public/invites/\(code)").decoded(InvitePreview.self).usesLeft == 8)
        }
    }

    /// A key is all that tells one stranger from another: who guesses one gets nobody's token.
    @Test(arguments: [("k", false), (String(repeating: "k", count: 21), false), (UUID().uuidString, true)])
    func aGuestIsNotTakenOverByAGuessedKey(key: String, isChance: Bool) async throws {
        // Over a socket, so that whoever asks has an address.
        let bench = try Bench { $0.trustedProxies = ["127.0.0.1", "::1"] }
        try await bench.server.application().test(.live) { client in
            let (ada, mesh) = try await mesh(bench, client)
            let made = try await invite(ada, mesh, #"{"max_uses":9}"#)
            func claim(from address: String) async throws -> TestResponse {
                try await self.claim(
                    API(client: client), made, headers: [.idempotencyKey: key, .forwardedFor: address])
            }
            let guest = try await claim(from: "192.0.2.1").decoded(InviteClaim.self)
            let isElsewhereAnother =
                try await claim(from: "192.0.2.2").decoded(InviteClaim.self).user?.id != guest.user?.id
            #expect(isElsewhereAnother == !isChance)
            let own = try await claim(from: "192.0.2.1").decoded(InviteClaim.self)
            #expect(own.user?.id == guest.user?.id)
            let holder = API(client: client, token: own.token)
            #expect(try await holder.get("/api/my/whoami").status == .ok)
            // Now it is in use: only a key that none can guess proves that the same one asks.
            let again = try await claim(from: "192.0.2.1")
            #expect(again.status == (isChance ? .ok : .conflict))
            if !isChance { #expect(try again.refusal.error == "key_in_use") }
            #expect(try await holder.get("/api/my/whoami").status == (isChance ? .unauthorized : .ok))
        }
    }

    @Test func aKeyWhoseGuestIsGoneMakesNoOther() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let (ada, mesh) = try await mesh(bench, client)
            let made = try await invite(ada, mesh, #"{"max_uses":9}"#)
            let key: HTTPFields = [.idempotencyKey: "k"]
            let guest = try await claim(API(client: client), made, headers: key).decoded(InviteClaim.self)
            let left = try await API(client: client, token: guest.token)
                .send(.delete, "/api/my/meshes/\(mesh.id)/members/me")
            #expect(left.status == .noContent)
            let again = try await claim(API(client: client), made, headers: key)
            #expect(again.status == .conflict)
            #expect(try again.refusal.error == "key_spent")
        }
    }

    @Test func aGuestOfAnArchivedMeshMayJoinAnother() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let (ada, mesh) = try await mesh(bench, client)
            let joined = try await claim(API(client: client), try await invite(ada, mesh)).decoded(InviteClaim.self)
            let guest = API(client: client, token: joined.token)
            let other = try await ada.send(.post, "/api/my/meshes", #"{"name":"Other"}"#).decoded(Mesh.self)
            let made = try await invite(ada, other)
            #expect(try await claim(guest, made).refusal.error == "guest_only")
            #expect(try await ada.send(.delete, "/api/my/meshes/\(mesh.id)").status == .noContent)
            #expect(try await claim(guest, made).status == .ok)
        }
    }

    @Test func aGuestWhoSignsInTakesTheMembershipAlong() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let (ada, mesh) = try await mesh(bench, client)
            let joined = try await claim(API(client: client), try await invite(ada, mesh)).decoded(InviteClaim.self)
            let token = try #require(joined.token)
            let eve = try await bench.signIn(try await bench.person("Eve", client), client)
            let answer = try await eve.send(.post, "/api/my/guests", #"{"token":"\#(token)"}"#)
            #expect(answer.status == .ok)
            #expect(try answer.decodedMeshes().map(\.id) == [mesh.id])
            #expect(try await API(client: client, token: token).get("/api/my/whoami").status == .unauthorized)
            let members = try await ada.get("/api/my/meshes/\(mesh.id)/members").decodedList("members", of: Member.self)
            #expect(members.map(\.name).sorted() == ["Ada", "Eve"])
            let again = try await eve.send(.post, "/api/my/guests", #"{"token":"\#(token)"}"#)
            #expect(again.status == .notFound)
            let notAGuest = try #require(ada.token)
            #expect(try await eve.send(.post, "/api/my/guests", #"{"token":"\#(notAGuest)"}"#).status == .notFound)
            #expect(try await eve.send(.post, "/api/my/guests", #"{"token":"x"}"#).refusal.field == "token")
        }
    }

    @Test func takingAlongTwiceWithOneKeyIsTheSameAnswer() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let (ada, mesh) = try await mesh(bench, client)
            let joined = try await claim(API(client: client), try await invite(ada, mesh)).decoded(InviteClaim.self)
            let body = #"{"token":"\#(try #require(joined.token))"}"#
            let eve = try await bench.signIn(try await bench.person("Eve", client), client)
            for _ in 0..<2 {
                let answer = try await eve.send(.post, "/api/my/guests", body, headers: [.idempotencyKey: "k"])
                #expect(try answer.decodedMeshes().map(\.id) == [mesh.id])
            }
            let other = try await eve.send(.post, "/api/my/guests", #"{"token":"cm"}"#, headers: [.idempotencyKey: "k"])
            #expect(other.status == .unprocessableContent)
            #expect(try await eve.send(.post, "/api/my/guests", body).status == .notFound)
        }
    }

    @Test func membersMayNotInvite() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let (ada, mesh) = try await mesh(bench, client)
            let made = try await invite(ada, mesh)
            let eve = try await bench.signIn(try await bench.person("Eve", client), client)
            let path = "/api/my/meshes/\(mesh.id)/invites"
            #expect(try await eve.get(path).status == .notFound, "not there for a stranger")
            _ = try await claim(eve, made)
            #expect(try await eve.get(path).status == .forbidden)
            #expect(try await eve.send(.post, path, "{}").status == .forbidden)
            #expect(try await eve.send(.delete, "\(path)/\(made.id)").status == .forbidden)
        }
    }

    @Test func lookingAndClaimingAreLimited() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let api = API(client: client)
            @Sendable func statuses(_ method: HTTPRequest.Method, _ path: String, _ count: Int) async throws
                -> [HTTPResponse.Status]
            {
                var out: [HTTPResponse.Status] = []
                for _ in 0..<count { out.append(try await api.send(method, path).status) }
                return out
            }
            let path = "/api/public/invites/AAAA-AAAA-AAAA"
            let looks = try await statuses(.get, path, 31)
            #expect(looks == Array(repeating: .notFound, count: 30) + [.tooManyRequests])
            let claims = try await statuses(.post, "\(path)/claim", 11)
            #expect(claims == Array(repeating: .notFound, count: 10) + [.tooManyRequests])
        }
    }

    @Test func emailedTellsTheTruth() async throws {
        let outbox = FileManager.default.temporaryDirectory.appending(path: "meshserver-mail-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: outbox) }
        let good = try Bench { $0.mail = .command(["/usr/bin/tee", outbox]) }
        try await good.run { client in
            let (ada, mesh) = try await mesh(good, client)
            let key: HTTPFields = [.idempotencyKey: "k", .acceptLanguage: "es"]
            let path = "/api/my/meshes/\(mesh.id)/invites"
            let first = try await ada.send(.post, path, #"{"email":"eve@example.com"}"#, headers: key)
            let made = try first.decoded(Invite.self)
            #expect(made.emailed == true)
            let mail = try String(contentsOfFile: outbox, encoding: .utf8)
            #expect(mail.contains("eve@example.com"))
            #expect(mail.contains("claudemesh@127.0.0.1"))
            try FileManager.default.removeItem(atPath: outbox)
            let again = try await ada.send(.post, path, #"{"email":"eve@example.com"}"#, headers: key)
            #expect(again.text == first.text)
            #expect(!FileManager.default.fileExists(atPath: outbox), "one mail")
        }
        let none = try Bench()
        try await none.run { client in
            let (ada, mesh) = try await mesh(none, client)
            #expect(try await invite(ada, mesh, #"{"email":"eve@example.com"}"#).emailed == false)
        }
        let log = RecordedLog()
        let bad = try Bench(logger: log.logger) { $0.mail = .command(["/bin/false"]) }
        try await bad.run { client in
            let (ada, mesh) = try await mesh(bad, client)
            #expect(try await invite(ada, mesh, #"{"email":"eve@example.com"}"#).emailed == false)
            let line = try #require(log.text.split(separator: "\n").first { $0.hasPrefix("mail did not leave") })
            #expect(line.contains("the program failed") && line.contains(#""exit_code": 1"#), "\(line)")
            #expect(!line.contains("eve"))
        }
    }

    /// Whatever mesh and token they come from; links are not counted, nor is an answer that was given before.
    @Test func aHundredMailsAnHourPerAccount() async throws {
        let bench = try Bench { $0.mail = .command(["/bin/true"]) }
        try await bench.run { client in
            let (ada, mesh) = try await mesh(bench, client)
            for _ in 0..<100 { try await bench.services.limits.take(.inviteMails, bench.accountID("Ada")) }
            let path = "/api/my/meshes/\(mesh.id)/invites"
            let body = #"{"email":"eve@example.com"}"#
            let limited = try await ada.send(.post, path, body, headers: [.idempotencyKey: "k"])
            #expect(limited.status == .tooManyRequests)
            #expect(limited.headers[.retryAfter] == "3600")
            let list = try await ada.get(path).decodedList("invites", of: Invite.self)
            #expect(list.isEmpty, "nothing was made")
            _ = try await invite(ada, mesh)
            bench.time.advance(3600)
            #expect(try await ada.send(.post, path, body, headers: [.idempotencyKey: "k"]).status == .created)
            for _ in 0..<99 { try await bench.services.limits.take(.inviteMails, bench.accountID("Ada")) }
            #expect(try await ada.send(.post, path, body).status == .tooManyRequests, "it counted")
            #expect(try await ada.send(.post, path, body, headers: [.idempotencyKey: "k"]).status == .created)
        }
    }

    @Test func aPageShowsTheInviteAndItsOneLine() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let (ada, mesh) = try await mesh(bench, client)
            let made = try await invite(ada, mesh)
            let page = try await Browser(client: client).get("/i/\(made.code)").text
            for text in ["Join Team?", "Ada", "claudemesh http://127.0.0.1:7420/i/\(made.code)", "1 use left"] {
                #expect(page.contains(text), "\(text)")
            }
            _ = try await claim(API(client: client), made)
            let over = try await Browser(client: client).get("/i/\(made.code)")
            #expect(over.status == .gone)
            #expect(over.text.contains("This invite was used up."))
            let unknown = try await Browser(client: client).get("/i/AAAA-BBBB-CCCC")
            #expect(unknown.status == .notFound && unknown.text.contains("This invite can&#39;t be used."))
        }
    }

    @Test func registrationByInviteIsNoWayAroundTheLimits() async throws {
        let bench = try Bench { $0.registration = .invite }
        try await bench.run { client in
            let browser = Browser(client: client)
            var statuses: [Int] = []
            for _ in 0..<31 { statuses.append(try await browser.get("/register?next=/i/AAAA-AAAA-AAAA").status.code) }
            #expect(statuses == Array(repeating: 403, count: 30) + [429])
            var claims: [Int?] = []
            for number in 0..<11 {
                let refusal = await #expect(throws: Refusal.self) {
                    try await bench.services.accounts.register(
                        name: "Eve", email: "\(number)@example.com", password: "correct horse",
                        invite: "AAAA-AAAA-AAAA", caller: Caller(address: "192.0.2.1"))
                }
                claims.append(refusal?.status.rawValue)
            }
            #expect(claims == Array(repeating: 404, count: 10) + [429])
        }
    }

    /// ABCD-EFGH-JKLM, for one member of the mesh Team.
    private func addInvite(to bench: Bench) async throws {
        let now = bench.time.now
        let owner = AccountRow(id: "o", kind: .person, name: "Ada", passwordChangedAt: now, createdAt: now)
        let invite = InviteRow(
            id: "i", meshID: "m", inviterID: "o", code: "ABCD-EFGH-JKLM", membership: .member, createdAt: now,
            expiresAt: now.addingTimeInterval(60), maxUses: 1)
        try await bench.database.write { transaction in
            try transaction.accounts.insert(owner)
            try transaction.meshes.insert(id: "m", ownerID: "o", slug: "m", name: "Team", at: now)
            try transaction.invites.insert(invite)
        }
    }

    @Test func registrationByInviteLetsOnlyTheInvitedIn() async throws {
        let bench = try Bench { $0.registration = .invite }
        try await bench.run { client in
            try await addInvite(to: bench)
            let browser = Browser(client: client)
            #expect(try await browser.get("/register").status == .forbidden)
            #expect(try await browser.get("/register?next=/i/AAAA-AAAA-AAAA").status == .forbidden)
            #expect(try await browser.get("/register?next=/i/ABCD-EFGH-JKLM").status == .ok)
            var fields = ["name": "Eve", "email": "eve@example.com", "password": "correct horse"]
            #expect(try await browser.submit("/register", fields).status == .forbidden)
            fields["next"] = "/i/ABCD-EFGH-JKLM"
            let answer = try await browser.submit("/register", fields)
            #expect(answer.status == .seeOther)
            #expect(try await browser.get("/dashboard").text.contains("Team"), "and is in the mesh")
            // The one use was theirs.
            let landing = try await browser.get(try #require(answer.headers[.location]))
            #expect(landing.status == .ok && landing.text.contains("You are in this mesh already."))
            let second = Browser(client: client)
            #expect(try await second.get("/register?next=/i/ABCD-EFGH-JKLM").status == .gone, "used up")
            fields["email"] = "zoe@example.com"
            _ = try await second.get("/login")
            #expect(try await second.submit("/register", fields).status == .gone)
            // As where the last use went while the password was hashed.
            let late = await #expect(throws: Refusal.self) {
                try await bench.services.accounts.register(
                    name: "Zoe", email: "zoe@example.com", password: "correct horse", invite: "ABCD-EFGH-JKLM")
            }
            #expect(late?.status == .gone)
            #expect(try await bench.database.read { try $0.accounts.account(email: "zoe@example.com") } == nil)
        }
    }

    @Test(arguments: [
        ("uses = max_uses", "This invite was used up."), ("expires_at = 1", "This invite has expired."),
        ("revoked_at = 1", "This invite was revoked."),
    ])
    func anInviteThatIsOverSaysSoToWhoWouldRegister(change: String, text: String) async throws {
        let bench = try Bench { $0.registration = .invite }
        try await bench.run { client in
            try await addInvite(to: bench)
            let browser = Browser(client: client)
            #expect(try await browser.get("/register?next=/i/ABCD-EFGH-JKLM").status == .ok)
            try await bench.database.write { try $0.run("UPDATE invites SET \(change)") }
            let fields = [
                "name": "Eve", "email": "eve@example.com", "password": "correct horse", "next": "/i/ABCD-EFGH-JKLM",
            ]
            for answer in [
                try await browser.submit("/register", fields), try await browser.get("/i/ABCD-EFGH-JKLM"),
                try await browser.get("/register?next=/i/ABCD-EFGH-JKLM"),
            ] {
                #expect(answer.status == .gone && answer.text.contains(text))
                #expect(!answer.text.contains("Registration is closed"))
            }
            let unknown = try await browser.get("/register?next=/i/AAAA-AAAA-AAAA")
            #expect(unknown.status == .forbidden && unknown.text.contains("Registration is closed"))
            #expect(unknown.text.contains(#"<a href="/">Continue</a>"#))
        }
    }

    /// What each way of registering shows and takes, with an invite and without: the form, the form sent, the link to it on
    /// the page to sign in and on the invite's.
    @Test(arguments: [
        (RegistrationMode.open, [200, 303, 1, 1], [200, 303, 1, 1]), (.invite, [403, 403, 0, 1], [200, 303, 1, 1]),
        (.closed, [403, 403, 0, 0], [403, 403, 0, 0]),
    ])
    func registrationIsForWhomItsModeSays(mode: RegistrationMode, without: [Int], with: [Int]) async throws {
        let bench = try Bench { $0.registration = mode }
        try await bench.run { client in
            _ = try await bench.services.accounts.register(
                name: "Ada", email: "ada@example.com", password: "correct horse")
            let ada = Browser(client: client)
            _ = try await ada.get("/login")
            _ = try await ada.submit("/login", ["email": "ada@example.com", "password": "correct horse"])
            let api = try await bench.signIn(ada, client)
            let mesh = try await api.send(.post, "/api/my/meshes", #"{"name":"Team"}"#).decoded(Mesh.self)
            for (isInvited, expected) in [(false, without), (true, with)] {
                let made = try await invite(api, mesh, #"{"max_uses":9}"#)
                let next = isInvited ? "/i/\(made.code)" : "/dashboard"
                let browser = Browser(client: client)
                let login = try await browser.get("/login?next=\(next)")
                let form = try await browser.get("/register?next=\(next)")
                let page = try await browser.get("/i/\(made.code)")
                let fields = ["name": "Eve", "email": "eve\(isInvited)@example.com", "password": "correct horse"]
                let sent = try await browser.submit("/register", fields.merging(["next": next]) { $1 })
                let links = [login, page].map { $0.text.contains("href=\"/register?") ? 1 : 0 }
                #expect([form.status.code, sent.status.code] + links == expected, "\(mode), invited: \(isInvited)")
                // Open to all, it makes nobody a member unasked.
                let list = try await api.get("/api/my/meshes/\(mesh.id)/invites").decodedList(
                    "invites", of: Invite.self)
                #expect(list.first { $0.id == made.id }?.uses == (isInvited && mode == .invite ? 1 : 0))
            }
            // An account is nothing that an invite's claim makes: a guest comes in whatever the mode.
            let made = try await invite(api, mesh)
            #expect(try await claim(API(client: client), made, #"{"display_name":"Gus"}"#).status == .ok)
        }
    }

    /// Not the one it was asked under, nor what is said to have stood before a proxy.
    @Test func linksAreOfThePublicAddressAlone() async throws {
        let bench = try Bench { ($0.publicURL, $0.registration) = ("https://mesh.example.com:8443", .open) }
        let name = try #require(HTTPField.Name("X-Forwarded-Host"))
        let headers: HTTPFields = [name: "evil.example", .forwarded: "host=evil.example;proto=http"]
        try await bench.run { client in
            // Under `localhost`.
            let (ada, mesh) = try await mesh(bench, client)
            let base = "https://mesh.example.com:8443"
            let invites = "/api/my/meshes/\(mesh.id)/invites"
            let made = try await ada.send(.post, invites, "{}", headers: headers).decoded(Invite.self)
            #expect(made.url == "\(base)/i/\(made.code)")
            let list = try await ada.send(.get, invites, headers: headers).decodedList("invites", of: Invite.self)
            #expect(list.map(\.url) == [made.url])
            let page = try await Browser(client: client).get("/i/\(made.code)", headers: headers)
            #expect(page.text.contains("claudemesh \(base)/i/\(made.code)"))
            #expect(!page.text.contains("evil") && !page.text.contains("localhost"))
            let code = try await ada.send(
                .post, "/api/auth/cli/device-code", #"{"device_name":"a","device_os":"b","device_arch":"c"}"#,
                headers: headers
            ).decoded(DeviceCode.self)
            #expect(code.verificationUrl == "\(base)/cli-auth")
            let metadata = try await ada.send(.get, "/.well-known/oauth-authorization-server", headers: headers).text
            #expect(metadata.contains(base) && !metadata.contains("evil") && !metadata.contains("localhost"))
        }
    }
}
