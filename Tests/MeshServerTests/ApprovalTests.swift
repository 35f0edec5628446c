// A person's side: whose a code is, what a browser must prove, and guessing.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import ServerSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct ApprovalTests {
    @Test func theCardShowsWhatIsApproved() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let code = try await API(client: client).deviceCode(name: "<b>laptop</b>")
            let ada = try await bench.person("Ada", client)
            bench.time.advance(130)
            let page = try await ada.get("/c/\(code.userCode.lowercased().replacing("-", with: ""))")
            #expect(page.status == .ok)
            for text in [
                "Link this CLI session?", code.userCode,
                "<bdi>&lt;b&gt;laptop&lt;/b&gt;</bdi> · <bdi>Linux arm64</bdi>", "2 minutes ago",
                "7 minutes", "ada@example.com", "Approve only if your terminal shows this code", "Approve", "Deny",
                "Sign in as someone else",
            ] { #expect(page.text.contains(text), "\(text)") }
            #expect(page.headers[.cacheControl] == "no-store")
        }
    }

    /// What a browser makes of a code that was typed with a space, and of one in an address.
    @Test(arguments: ["/cli-auth?code=", "/c?lang=en&code=", "/c/"])
    func aCodeIsTakenWithASpace(path: String) async throws {
        let bench = try Bench()
        try await bench.signingIn { api, _, code in
            let space = path == "/c/" ? "%20" : "+"
            let typed = path + code.userCode.lowercased().replacing("-", with: space)
            let visitor = Browser(client: api.client)
            let signIn = try #require(try await visitor.get(typed).headers[.location])
            let form = try await visitor.get(signIn).text
            #expect(form.contains(code.userCode), "it says what one signs in for")
            let next = try #require(form.firstMatch(of: /name="next" value="([^"]+)"/)).1
                .replacing("&amp;", with: "&")
            let answer = try await visitor.submit(
                "/login",
                ["email": "ada@example.com", "password": "correct horse", "next": String(next)])
            let page = try await visitor.get(try #require(answer.headers[.location]))
            #expect(page.status == .ok && page.text.contains("Approve only if your terminal shows this code"))
        }
    }

    @Test func approvingLeadsToTheResult() async throws {
        let bench = try Bench()
        try await bench.signingIn { api, ada, code in
            _ = try await ada.get("/C/\(code.userCode)")
            let answer = try await ada.submit("/api/auth/cli/device-code/\(code.userCode)/approve")
            #expect(answer.status == .seeOther)
            let result = try await ada.get(try #require(answer.headers[.location]))
            #expect(result.text.contains("✓ CLI authenticated. Return to your terminal."))
        }
    }

    @Test func withoutAnAccountOneSignsInFirst() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let code = try await API(client: client).deviceCode()
            let answer = try await Browser(client: client).get("/cli-auth?code=\(code.userCode)")
            #expect(answer.status == .seeOther)
            #expect(answer.headers[.location] == "/login?next=/cli-auth%3Fcode%3D\(code.userCode)")
            #expect(try await API(client: client).poll(code).opened == false)
        }
    }

    @Test func theFirstAccountThatIsShownACodeOwnsIt() async throws {
        let bench = try Bench()
        try await bench.signingIn { api, ada, code in
            let eve = try await bench.person("Eve", api.client)
            #expect(try await ada.get("/c/\(code.userCode)").status == .ok)
            let unknown = try await eve.get("/c/ZZZZ-ZZZZ")
            let foreign = try await eve.get("/c/\(code.userCode)")
            #expect(foreign.status == .notFound)
            #expect(
                foreign.text.replacing(eve.formToken, with: "")
                    == unknown.text.replacing(eve.formToken, with: "")
                    .replacing("ZZZZ-ZZZZ", with: code.userCode), "it looks like an unknown one")
            _ = try await eve.get("/logout")
            let path = "/api/auth/cli/device-code/\(code.userCode)/approve"
            #expect(try await eve.submit(path).status == .notFound)
            #expect(try await api.poll(code).status == .pending)
        }
    }

    @Test func aCodeNobodyWasShownCantBeApproved() async throws {
        let bench = try Bench()
        try await bench.signingIn { api, ada, code in
            _ = try await ada.get("/cli-auth")
            _ = try await ada.get("/logout")
            #expect(try await ada.submit("/api/auth/cli/device-code/\(code.userCode)/approve").status == .notFound)
        }
    }

    @Test func switchingAccountsGivesTheCodeUp() async throws {
        let bench = try Bench()
        try await bench.signingIn { api, ada, code in
            let eve = try await bench.person("Eve", api.client)
            _ = try await ada.get("/c/\(code.userCode)")
            let former = "cm_web_7420=\(try #require(ada.cookies["cm_web_7420"]))"
            let answer = try await ada.submit("/cli-auth/switch", ["code": code.userCode])
            #expect(answer.headers[.location] == "/login?next=/cli-auth%3Fcode%3D\(code.userCode)")
            #expect(try await ada.get("/dashboard").status == .seeOther, "signed out")
            let kept = try await api.client.execute(uri: "/dashboard", method: .get, headers: [.cookie: former])
            #expect(kept.status == .seeOther, "whoever kept the cookie too")
            #expect(try await eve.get("/c/\(code.userCode)").status == .ok)
        }
    }

    @Test(arguments: ["approve", "deny"])
    func aFormFromElsewhereIsRefused(decision: String) async throws {
        let bench = try Bench()
        try await bench.signingIn { api, ada, code in
            _ = try await ada.get("/c/\(code.userCode)")
            let path = "/api/auth/cli/device-code/\(code.userCode)/\(decision)"
            let foreign = Browser(client: api.client)
            _ = try await foreign.get("/login")
            #expect(try await ada.submit(path, ["csrf_token": ""]).status == .forbidden)
            #expect(try await ada.submit(path, ["csrf_token": foreign.formToken]).status == .forbidden)
            #expect(try await ada.submit(path, headers: [.secFetchSite: "cross-site"]).status == .forbidden)
            #expect(try await ada.submit(path, headers: [.secFetchSite: "same-site"]).status == .forbidden)
            #expect(try await api.poll(code).status == .pending)
            #expect(try await ada.submit(path).status == .seeOther)
        }
    }

    @Test func anOriginOfAnotherSiteIsRefusedWhereTheBrowserSaysNoMore() async throws {
        let bench = try Bench()
        try await bench.signingIn { api, ada, code in
            _ = try await ada.get("/c/\(code.userCode)")
            let path = "/api/auth/cli/device-code/\(code.userCode)/approve"
            func send(_ origin: String) async throws -> TestResponse {
                try await ada.send(
                    .post, path, body: "csrf_token=\(ada.formToken)",
                    headers: [.origin: origin, .contentType: "application/x-www-form-urlencoded"])
            }
            for other in [
                "https://evil.example", "https://localhost", "http://localhost:1", "ftp://localhost", "localhost",
            ] {
                #expect(try await send(other).status == .forbidden, "\(other)")
            }
            #expect(try await send("http://localhost").status == .seeOther)
        }
    }

    @Test func jsonNeedsTheTokenInItsHeader() async throws {
        let bench = try Bench()
        try await bench.signingIn { api, ada, code in
            _ = try await ada.get("/c/\(code.userCode)")
            let path = "/api/auth/cli/device-code/\(code.userCode)/approve"
            let json: HTTPFields = [.contentType: "application/json", .accept: "application/json"]
            let refused = try await ada.send(.post, path, body: "{}", headers: json)
            #expect(refused.status == .forbidden)
            #expect(try refused.refusal.error == "csrf")
            var right = json
            right[.formToken] = ada.formToken
            let answer = try await ada.send(.post, path, body: "{}", headers: right)
            #expect(answer.status == .ok)
            #expect(answer.text == #"{"status":"approved"}"#)
        }
    }

    @Test func guessingIsCountedPerAccountAndPerAddress() async throws {
        let bench = try Bench()
        try await bench.signingIn { api, ada, code in
            for _ in 0..<5 { #expect(try await ada.get("/c/ABCD-EFGH").status == .notFound) }
            let limited = try await ada.get("/c/\(code.userCode)")
            #expect(limited.status == .tooManyRequests)
            #expect(limited.headers[.retryAfter] != nil)
            let eve = try await bench.person("Eve", api.client)
            for _ in 0..<5 { #expect(try await eve.get("/c/nonsense").status == .notFound) }
            let mia = try await bench.person("Mia", api.client)
            #expect(try await mia.get("/c/\(code.userCode)").status == .tooManyRequests, "ten from this address")
            bench.time.advance(601)
            let fresh = try await api.deviceCode()
            #expect(try await mia.get("/c/\(fresh.userCode)").status == .ok)
        }
    }

    @Test func manyGuessesAtOnceAreNoMoreThanOneAfterTheOther() async throws {
        let bench = try Bench()
        try await bench.signingIn { _, ada, _ in
            let judged = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<40 { group.addTask { try await ada.get("/c/ABCD-EFGH").status == .notFound } }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(judged == 5)
        }
    }

    /// HEAD shows no card and brings no token: it takes neither.
    @Test func headChangesNothing() async throws {
        let bench = try Bench()
        try await bench.signingIn { api, ada, code in
            #expect(try await ada.send(.head, "/cli-auth?code=\(code.userCode)", body: nil, headers: [:]).status == .ok)
            #expect(try await api.poll(code).opened == false)
            bench.time.advance(2)
            _ = try await ada.get("/c/\(code.userCode)")
            _ = try await ada.submit("/api/auth/cli/device-code/\(code.userCode)/approve")
            let head = try await ada.send(
                .head, "/api/auth/cli/device-code/\(code.deviceCode)", body: nil, headers: [:])
            #expect(head.status == .methodNotAllowed && head.headers[.allow] == "DELETE, GET")
            #expect(try await api.poll(code).token != nil)
        }
    }

    @Test func wrongDecisionsAreGuessesToo() async throws {
        let bench = try Bench()
        try await bench.signingIn { _, ada, code in
            _ = try await ada.get("/c/\(code.userCode)")
            let path = "/api/auth/cli/device-code"
            for _ in 0..<5 { #expect(try await ada.submit("\(path)/ABCD-EFGH/approve").status == .notFound) }
            let limited = try await ada.submit("\(path)/\(code.userCode)/approve")
            #expect(limited.status == .tooManyRequests)
            // In the other language it is the code's page: nobody can GET what was posted to.
            #expect(limited.text.contains("\"/cli-auth?code=\(code.userCode)&amp;lang=es\""), "\(limited.text)")
        }
    }

    @Test func anExpiredCodeLooksUnknown() async throws {
        let bench = try Bench()
        try await bench.signingIn { api, ada, code in
            _ = try await ada.get("/c/\(code.userCode)")
            bench.time.advance(600)
            let late = try await ada.submit("/api/auth/cli/device-code/\(code.userCode)/approve")
            #expect(late.status == .notFound)
            #expect(try await api.poll(code).status == .expired)
            let (expired, unknown) = (try await ada.get("/c/\(code.userCode)"), try await ada.get("/c/ZZZZ-ZZZZ"))
            #expect(expired.status == unknown.status)
            #expect(expired.text.replacing(code.userCode, with: "ZZZZ-ZZZZ") == unknown.text)
        }
    }

    @Test func onlyTheOwnerGivesACodeUp() async throws {
        let bench = try Bench()
        try await bench.signingIn { api, ada, code in
            let (eve, mia) = (try await bench.person("Eve", api.client), try await bench.person("Mia", api.client))
            _ = try await ada.get("/c/\(code.userCode)")
            _ = try await eve.get("/logout")
            for text in [code.userCode, "garbage", ""] {
                let answer = try await eve.submit("/cli-auth/switch", ["code": text])
                #expect(answer.status == .notFound)
                #expect(answer.text.contains("This code can&#39;t be used."))
            }
            #expect(try await eve.get("/dashboard").status == .ok, "still signed in")
            #expect(try await mia.get("/c/\(code.userCode)").status == .notFound)
        }
    }

    @Test func aFormOfSomebodyWhoSignedOutLeadsToSigningIn() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let code = try await API(client: client).deviceCode()
            let browser = Browser(client: client)
            _ = try await browser.get("/login")
            let answer = try await browser.submit("/api/auth/cli/device-code/\(code.userCode)/approve")
            #expect(answer.status == .seeOther)
            #expect(answer.headers[.location] == "/login?next=/cli-auth%3Fcode%3D\(code.userCode)")
        }
    }

    /// A second press of the same button is no failure and no wrong code.
    @Test(arguments: ["approve", "deny"], [true, false])
    func theSameDecisionAgainIsTheSameAnswer(decision: String, isClaimed: Bool) async throws {
        let bench = try Bench()
        try await bench.signingIn { api, ada, code in
            let path = "/api/auth/cli/device-code/\(code.userCode)"
            try await ada.decide(code, decision)
            if isClaimed { _ = try await api.poll(code) }
            for _ in 0..<6 {
                let again = try await ada.submit("\(path)/\(decision)")
                #expect(again.status == .seeOther)
                #expect(again.headers[.location] == "/cli-auth/\(decision == "deny" ? "denied" : "approved")")
            }
            let other = try await ada.submit("\(path)/\(decision == "deny" ? "approve" : "deny")")
            #expect(other.status == .notFound)
            let eve = try await bench.person("Eve", api.client)
            _ = try await eve.get("/logout")
            #expect(try await eve.submit("\(path)/\(decision)").status == .notFound)
            let events = try await bench.events(of: bench.accountID("Ada"), like: "auth.cli.session.%ed")
            #expect(events.count { $0 != "auth.cli.session.claimed" } == 1, "\(events)")
        }
    }

    @Test func aDecidedCodeLooksUnknown() async throws {
        let bench = try Bench()
        try await bench.signingIn { api, ada, code in
            try await ada.decide(code, "deny")
            let again = try await ada.get("/c/\(code.userCode)")
            #expect(again.status == .notFound)
            #expect(again.text.contains("This code can&#39;t be used. Press n in your terminal for a new one."))
            let late = try await ada.submit("/api/auth/cli/device-code/\(code.userCode)/approve")
            #expect(late.status == .notFound)
            #expect(late.text.contains("This code can&#39;t be used. Press n in your terminal for a new one."))
            #expect(try await api.poll(code).status == .denied)
        }
    }
}
