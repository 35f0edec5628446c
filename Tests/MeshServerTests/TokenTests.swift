// Access tokens and signed-in machines, over the API and on the pages.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import ServerSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct TokenTests {
    @Test func aTokenIsShownOnceAndWorksUntilRevoked() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let ada = try await bench.signIn(try await bench.person("Ada", client), client)
            let answer = try await ada.send(.post, "/api/my/cli/tokens", #"{"name":"CI"}"#)
            #expect(answer.status == .created)
            let made = try answer.decoded(AccessToken.self)
            let token = try #require(made.token)
            #expect(TokenForm.kind(of: token) == .pat)
            #expect(made.expiresAt == bench.time.now.addingTimeInterval(365 * 86_400))
            let ci = API(client: client, token: token)
            let me = try await ci.get("/api/my/whoami").decoded(WhoAmI.self)
            #expect((me.credential.kind, me.credential.name) == (.pat, "CI"))
            let list = try await ada.get("/api/my/cli/tokens")
            #expect(!list.text.contains(token))
            #expect(try list.decodedList("tokens", of: AccessToken.self).map(\.lastUsedAt) == [bench.time.now])
            #expect(try await ada.send(.delete, "/api/my/cli/tokens/\(made.id)").status == .noContent)
            #expect(try await ada.send(.delete, "/api/my/cli/tokens/\(made.id)").status == .notFound)
            #expect(try await ci.get("/api/my/whoami").refusal.error == "token_revoked")
        }
    }

    @Test func aTokenDoesNotSlideAndMayNeverExpire() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let ada = try await bench.signIn(try await bench.person("Ada", client), client)
            func make(_ days: Int) async throws -> API {
                let body = #"{"name":"t","expires_in_days":\#(days)}"#
                let made = try await ada.send(.post, "/api/my/cli/tokens", body).decoded(AccessToken.self)
                return API(client: client, token: made.token)
            }
            let (month, ever) = (try await make(30), try await make(0))
            bench.time.advance(29 * 86_400)
            #expect(try await month.get("/api/my/whoami").status == .ok)
            bench.time.advance(86_400)
            #expect(try await month.get("/api/my/whoami").refusal.error == "token_expired")
            bench.time.advance(5000 * 86_400)
            #expect(try await ever.get("/api/my/whoami").status == .ok)
        }
    }

    @Test func aTokenMakesAndEndsNoOthers() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let ada = try await bench.signIn(try await bench.person("Ada", client), client)
            let made = try await ada.send(.post, "/api/my/cli/tokens", #"{"name":"CI"}"#).decoded(AccessToken.self)
            let ci = API(client: client, token: made.token)
            let closed: [(HTTPRequest.Method, String)] = [
                (.get, "/api/my/cli/tokens"), (.post, "/api/my/cli/tokens"),
                (.delete, "/api/my/cli/tokens/\(made.id)"), (.get, "/api/my/cli/sessions"),
                (.delete, "/api/my/cli/sessions/x"),
            ]
            for (method, path) in closed {
                let answer = try await ci.send(method, path, method == .post ? #"{"name":"x"}"# : nil)
                #expect(answer.status == .forbidden)
                #expect(try answer.refusal.error == "session_required")
            }
            #expect(try await ci.send(.delete, "/api/my/cli/sessions/current").status == .noContent)
            #expect(try await ci.get("/api/my/whoami").status == .unauthorized)
        }
    }

    @Test func machinesAreListedAndRevoked() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let browser = try await bench.person("Ada", client)
            let (one, two) = (try await bench.signIn(browser, client), try await bench.signIn(browser, client))
            let eve = try await bench.signIn(try await bench.person("Eve", client), client)
            let list = try await one.get("/api/my/cli/sessions").decodedList("sessions", of: CLISession.self)
            #expect(list.count == 2)
            #expect(list.count { $0.current } == 1)
            #expect(list.allSatisfy { $0.name == "laptop" && $0.os == "Linux" && $0.arch == "arm64" })
            let other = try #require(list.first { !$0.current })
            #expect(try await eve.send(.delete, "/api/my/cli/sessions/\(other.id)").status == .notFound)
            #expect(try await one.send(.delete, "/api/my/cli/sessions/\(other.id)").status == .noContent)
            #expect(try await one.send(.delete, "/api/my/cli/sessions/\(other.id)").status == .notFound)
            #expect(try await two.get("/api/my/whoami").refusal.error == "token_revoked")
            #expect(try await one.send(.delete, "/api/my/cli/sessions/current").status == .noContent)
            #expect(try await one.get("/api/my/whoami").status == .unauthorized)
        }
    }

    @Test func theSameKeyMakesOneTokenAndTheFormerSecretIsVoid() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let ada = try await bench.signIn(try await bench.person("Ada", client), client)
            let key: HTTPFields = [.idempotencyKey: "k"]
            let body = #"{"name":"CI"}"#
            let first = try await ada.send(.post, "/api/my/cli/tokens", body, headers: key).decoded(AccessToken.self)
            let again = try await ada.send(.post, "/api/my/cli/tokens", body, headers: key).decoded(AccessToken.self)
            #expect(first.id == again.id)
            #expect(try await API(client: client, token: first.token).get("/api/my/whoami").status == .unauthorized)
            #expect(try await API(client: client, token: again.token).get("/api/my/whoami").status == .ok)
            let stored = try await bench.everythingStored()
            for token in [first.token, again.token] { #expect(!stored.contains(token ?? "-")) }
            let events = ["auth.cli.pat.created", "auth.cli.pat.revoked", "auth.cli.pat.created"]
            #expect(try await bench.events(of: try await account(ada), like: "auth.cli.pat.%") == events)
            // Once it is revoked the key is spent: it makes no other, and brings nothing back.
            #expect(try await ada.send(.delete, "/api/my/cli/tokens/\(first.id)").status == .noContent)
            let spent = try await ada.send(.post, "/api/my/cli/tokens", body, headers: key)
            #expect(spent.status == .conflict)
            #expect(try spent.refusal.error == "key_spent")
            #expect(try await API(client: client, token: again.token).get("/api/my/whoami").status == .unauthorized)
        }
    }

    private func account(_ api: API) async throws -> String {
        try await api.get("/api/my/whoami").decoded(WhoAmI.self).user.id
    }

    @Test func aVoidedTokenTakesItsSessionsAlong() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let ada = try await bench.signIn(try await bench.person("Ada", client), client)
            let mesh = try await ada.send(.post, "/api/my/meshes", #"{"name":"Team"}"#).decoded(Mesh.self)
            let key: HTTPFields = [.idempotencyKey: "k"]
            func token() async throws -> AccessToken {
                try await ada.send(.post, "/api/my/cli/tokens", #"{"name":"CI"}"#, headers: key)
                    .decoded(AccessToken.self)
            }
            let hash = String(repeating: "a", count: 64)
            let sessions = "/api/my/meshes/\(mesh.id)/sessions"
            let body = #"{"session_id":"\#(UUID())","display_name":"x","pid":1,"host":"h","token_hash":"\#(hash)"}"#
            let put = try await API(client: client, token: try await token().token).send(.post, sessions, body)
            #expect(put.status.kind == .successful)
            #expect(try await ada.get(sessions).decodedList("peers", of: Peer.self).count == 1)
            _ = try await token()
            #expect(try await ada.get(sessions).decodedList("peers", of: Peer.self).isEmpty)
        }
    }

    @Test(arguments: [
        (#"{}"#, "name"), (#"{"name":""}"#, "name"), (#"{"name":"x","expires_in_days":-1}"#, "expires_in_days"),
        (#"{"name":"x","expires_in_days":3651}"#, "expires_in_days"),
        (#"{"name":"\#(String(repeating: "x", count: 65))"}"#, "name"),
    ])
    func whatIsWrongIsNamed(body: String, field: String) async throws {
        let bench = try Bench()
        try await bench.run { client in
            let ada = try await bench.signIn(try await bench.person("Ada", client), client)
            let answer = try await ada.send(.post, "/api/my/cli/tokens", body)
            #expect(answer.status == .unprocessableContent)
            #expect(try answer.refusal.field == field)
        }
    }

    @Test func aPersonMakesAndRevokesATokenInTheBrowser() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let ada = try await bench.person("Ada", client)
            let path = "/dashboard/settings/cli-tokens"
            _ = try await ada.get(path)
            let page = try await ada.submit(path, ["name": "<CI>", "expires_in_days": "0"]).text
            let token = String(try #require(page.firstMatch(of: /cm_pat_[a-z2-7]{52}/)).0)
            #expect(page.contains("This token will not be shown again."))
            #expect(page.contains("&lt;CI&gt;"))
            let api = API(client: client, token: token)
            #expect(try await api.get("/api/my/whoami").status == .ok)
            #expect(!page.contains(">Copy<"), "the button is the script's: a text browser shows a hidden one too")
            let again = try await ada.get(path).text
            #expect(!again.contains(token))
            let id = try #require(again.firstMatch(of: /cli-tokens\/([a-z0-9]+)\/revoke/)).1
            #expect(try await ada.submit("\(path)/\(id)/revoke", ["csrf_token": "0"]).status == .forbidden)
            for _ in 0..<2 { #expect(try await ada.submit("\(path)/\(id)/revoke").status == .seeOther) }
            #expect(try await api.get("/api/my/whoami").status == .unauthorized)
            #expect(try await ada.submit(path, ["name": "", "expires_in_days": "30"]).status == .unprocessableContent)
            let choice = try await ada.submit(path, ["name": "x", "expires_in_days": "7"])
            #expect(choice.status == .unprocessableContent)
            #expect(choice.text.contains(/<select id="expires"[^>]* aria-invalid="true"/), "the field that is wrong")
            #expect(!choice.text.contains(/<input id="name"[^>]* aria-invalid/))
            let eve = try await bench.person("Eve", client)
            _ = try await eve.get(path)
            let mine = try await ada.submit(path, ["name": "y", "expires_in_days": "30"]).text
            let other = try #require(mine.firstMatch(of: /cli-tokens\/([a-z0-9]+)\/revoke/)).1
            for id in [other, "zzz", "%00%0a"] {
                #expect(try await eve.submit("\(path)/\(id)/revoke").status == .notFound)
                #expect(try await eve.submit("/dashboard/settings/sessions/\(id)/revoke").status == .notFound)
            }
            #expect(try await ada.get(path).text.contains(other), "another's stays")
        }
    }

    @Test func aPersonRevokesAMachineInTheBrowser() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let ada = try await bench.person("Ada", client)
            let api = try await bench.signIn(ada, client)
            let page = try await ada.get("/dashboard/settings/sessions").text
            #expect(page.contains("laptop"))
            let id = try #require(page.firstMatch(of: /sessions\/([a-z0-9]+)\/revoke/)).1
            // Two sign-ins of one machine on one day can be told apart.
            #expect(page.contains("Linux arm64 · \(id.prefix(8))</bdi>"))
            #expect(page.contains(/linked 15 Jan( 2027)?, 08:00\u{A0}UTC/), "\(page)")
            #expect(try await ada.submit("/dashboard/settings/sessions/\(id)/revoke").status == .seeOther)
            #expect(try await api.get("/api/my/whoami").status == .unauthorized)
        }
    }

    @Test func aChangedPasswordEndsSessionsAndKeepsTokens() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let ada = try await bench.person("Ada", client)
            let session = try await bench.signIn(ada, client)
            let made = try await session.send(.post, "/api/my/cli/tokens", #"{"name":"CI"}"#).decoded(AccessToken.self)
            let elsewhere = Browser(client: client)
            _ = try await elsewhere.get("/login")
            _ = try await elsewhere.submit("/login", ["email": "ada@example.com", "password": "correct horse"])
            let path = "/dashboard/settings/password"
            _ = try await ada.get(path)
            let before = ada.cookies
            let wrong = try await ada.submit(path, ["current_password": "wrong horse", "password": "battery staple"])
            #expect(wrong.status == .unprocessableContent)
            let short = try await ada.submit(path, ["current_password": "correct horse", "password": "short"])
            #expect(short.status == .unprocessableContent)
            #expect(try await session.get("/api/my/whoami").status == .ok)
            let done = try await ada.submit(path, ["current_password": "correct horse", "password": "battery staple"])
            #expect(done.status == .seeOther)
            #expect(ada.cookies != before, "a new id")
            let changed = try await ada.get(try #require(done.headers[.location])).text
            #expect(changed.contains("The password is changed.") && changed.contains(">Continue</a>"), "no dead end")
            #expect(try await ada.get("/dashboard").status == .ok)
            #expect(try await elsewhere.get("/dashboard").status == .seeOther)
            #expect(try await session.get("/api/my/whoami").status == .unauthorized)
            #expect(try await API(client: client, token: made.token).get("/api/my/whoami").status == .ok)
        }
    }

    @Test func whoRevokesSignedOutComesBackToTheList() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let answer = try await Browser(client: client).submit("/dashboard/settings/sessions/x/revoke")
            #expect(answer.headers[.location] == "/login?next=/dashboard/settings/sessions")
        }
    }

    @Test(arguments: ["/dashboard", "/dashboard/settings/cli-tokens", "/dashboard/settings/sessions"])
    func settingsAreForThoseWhoAreSignedIn(path: String) async throws {
        let bench = try Bench()
        try await bench.run { client in
            let answer = try await Browser(client: client).get(path)
            #expect(answer.status == .seeOther)
            #expect(answer.headers[.location] == "/login?next=\(path)")
        }
    }
}
