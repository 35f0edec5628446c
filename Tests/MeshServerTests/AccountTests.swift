// Registering, signing in and out in a browser: cookies, form tokens, own paths, limits.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import ServerSupport
import Testing
import Text

@testable import MeshServer
@testable import MeshServices

@Suite struct AccountTests {
    /// An invited person who looks at a refused form in the other language still has the invite.
    @Test func theOtherLanguageOfARefusedFormKeepsTheWayOn() async throws {
        try await Bench().run { client in
            let browser = Browser(client: client)
            _ = try await browser.get("/login?next=/cli-auth")
            let refused = try await browser.submit(
                "/login", ["email": "nobody@example.com", "password": "wrong horse", "next": "/cli-auth"])
            #expect(refused.text.contains("\"/login?next=/cli-auth&amp;lang=es\""), "\(refused.text)")
        }
    }

    @Test func registeringSignsInAndLeadsOn() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let browser = Browser(client: client)
            _ = try await browser.get("/register?code=abcdefgh")
            let answer = try await browser.submit(
                "/register",
                ["name": "Ada", "email": " Ada@Example.com", "password": "correct horse", "next": "/c/ABCD-EFGH"])
            #expect(answer.status == .seeOther)
            #expect(answer.headers[.location] == "/c/ABCD-EFGH")
            #expect(try await browser.get("/dashboard").text.contains("Ada"))
            let account = try await bench.database.read { try $0.accounts.account(email: "ada@example.com") }
            #expect(account?.password?.hasPrefix("$scrypt$ln=4,r=8,p=1$") == true)
        }
    }

    @Test func aCodeInTheAddressIsWhatOneSignsInFor() async throws {
        let bench = try Bench()
        try await bench.run { client in
            for path in ["/register?code=abcdefgh", "/login?next=/c/ABCD-EFGH"] {
                let page = try await Browser(client: client).get(path).text
                #expect(page.contains("ABCD-EFGH"))
            }
            let plain = try await Browser(client: client).get("/login").text
            #expect(!plain.contains("CLI session"), "there is none")
        }
    }

    @Test(arguments: [
        (["name": " ", "email": "a@b", "password": "correct horse"], "name"),
        (["name": "Ada", "email": "a@b@c", "password": "correct horse"], "email"),
        (["name": "Ada", "email": "a b@c", "password": "correct horse"], "email"),
        (["name": "Ada", "email": "@b", "password": "correct horse"], "email"),
        (["name": "Ada", "email": ".@.", "password": "correct horse"], "email"),
        (["name": "Ada", "email": "x@-y", "password": "correct horse"], "email"),
        (["name": "Ada", "email": "x@y-", "password": "correct horse"], "email"),
        (["name": "Ada", "email": "x@y..z", "password": "correct horse"], "email"),
        (["name": "Ada", "email": "a@b", "password": "short"], "password"),
        (["name": "a\u{7}b", "email": "a@b", "password": "correct horse"], "name"),
    ])
    func whatIsWrongIsSaidAtTheForm(fields: [String: String], field: String) async throws {
        let bench = try Bench()
        try await bench.run { client in
            let browser = Browser(client: client)
            _ = try await browser.get("/register")
            let answer = try await browser.submit("/register", fields)
            #expect(answer.status == .unprocessableContent)
            #expect(answer.text.contains("role=\"alert\""))
            let input = try #require(answer.text.split(separator: "<input").first { $0.contains("name=\"\(field)\"") })
            #expect(input.contains("aria-invalid=\"true\""))
            #expect(!answer.text.contains(fields["password"] ?? "-"), "a password is never sent back")
            #expect(try await bench.database.read { try $0.count("SELECT count(*) FROM accounts") } == 0)
        }
    }

    @Test func twentyAccountsInAQuarterOfAnHourFromOneAddress() async throws {
        let bench = try Bench()
        try await bench.run { client in
            var statuses: [Int] = []
            for number in 0..<21 {
                let fields = ["name": "Ada", "email": "\(number)@example.com", "password": "correct horse"]
                let form = Browser(client: client)
                _ = try await form.get("/register")
                statuses.append(try await form.submit("/register", fields).status.code)
            }
            #expect(statuses == Array(repeating: 303, count: 20) + [429])
        }
    }

    @Test func anAddressIsTakenOnce() async throws {
        let bench = try Bench()
        try await bench.run { client in
            _ = try await bench.person("Ada", client)
            let other = Browser(client: client)
            _ = try await other.get("/register")
            let answer = try await other.submit(
                "/register", ["name": "Eve", "email": "ADA@example.com", "password": "correct horse"])
            #expect(answer.status == .unprocessableContent)
            #expect(answer.text.contains("There is an account with this e-mail address."))
        }
    }

    @Test func signingInMakesANewSecretAndTheOldOneIsVoid() async throws {
        let bench = try Bench()
        try await bench.run { client in
            _ = try await bench.person("Ada", client)
            let browser = Browser(client: client)
            _ = try await browser.get("/login")
            let before = browser.cookies
            let fields = ["email": "ada@example.com", "password": "correct horse"]
            #expect(try await browser.submit("/login", fields).status == .seeOther)
            #expect(browser.cookies != before)
            let planted = Browser(client: client)
            _ = try await planted.send(
                .get, "/dashboard", body: nil, headers: [.cookie: "cm_web_7420=\(before["cm_web_7420"] ?? "")"])
            #expect(try await planted.get("/dashboard").status == .seeOther)
            let signedIn: HTTPFields = [.cookie: "cm_web_7420=\(browser.cookies["cm_web_7420"] ?? "")"]
            #expect(try await client.execute(uri: "/dashboard", method: .get, headers: signedIn).status == .ok)
            _ = try await browser.get("/logout")
            #expect(try await browser.submit("/login", fields).status == .seeOther, "once more, without signing out")
            #expect(try await client.execute(uri: "/dashboard", method: .get, headers: signedIn).status == .seeOther)
        }
    }

    @Test func aCookieThatWasPlantedBecomesNoSession() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let ada = try await bench.person("Ada", client)
            let stolen = try #require(ada.cookies["cm_web_7420"])
            _ = try await ada.get("/logout")
            _ = try await ada.submit("/logout")
            let thief = try await client.execute(
                uri: "/dashboard", method: .get, headers: [.cookie: "cm_web_7420=\(stolen)"])
            #expect(thief.status == .seeOther)
        }
    }

    /// Keyboards and systems spell é in two ways.
    @Test func aPasswordIsItselfHoweverItIsSpelled() async throws {
        let (one, two) = ("caf\u{e9} cr\u{e8}me", "cafe\u{301} cre\u{300}me")
        let bench = try Bench()
        try await bench.run { client in
            for (number, (made, typed)) in [(one, two), (two, one)].enumerated() {
                let browser = Browser(client: client)
                _ = try await browser.get("/register")
                var fields = ["name": "Ada", "email": "\(number)@example.com", "password": made]
                #expect(try await browser.submit("/register", fields).status == .seeOther)
                let other = Browser(client: client)
                _ = try await other.get("/login")
                fields["password"] = typed
                #expect(try await other.submit("/login", fields).status == .seeOther)
                _ = try await other.get("/dashboard/settings/password")
                let change = ["current_password": made, "password": typed + "!"]
                #expect(try await other.submit("/dashboard/settings/password", change).status == .seeOther)
                let again = Browser(client: client)
                _ = try await again.get("/login")
                fields["password"] = made + "!"
                #expect(try await again.submit("/login", fields).status == .seeOther)
                let plain = Browser(client: client)
                _ = try await plain.get("/login")
                fields["password"] = "cafe creme!"
                #expect(try await plain.submit("/login", fields).status == .unprocessableContent)
            }
        }
    }

    /// What a page shows again may be read in a terminal.
    @Test(arguments: [("/register", "name"), ("/register", "email"), ("/login", "email")])
    func aControlInAFieldIsRefusedAndNotShownAgain(path: String, field: String) async throws {
        let bench = try Bench()
        try await bench.run { client in
            let browser = Browser(client: client)
            _ = try await browser.get(path)
            var fields = ["name": "Ada", "email": "ada@example.com", "password": "correct horse"]
            fields[field] = "re\u{1b}[31md\0"
            let answer = try await browser.submit(path, fields)
            #expect(answer.status == .unprocessableContent)
            #expect(answer.text.contains("value=\"re[31md\""))
            if field == "name" { #expect(answer.text.contains("The name had characters that are not seen.")) }
            #expect(!answer.text.unicodeScalars.contains { $0 != "\n" && InertText.isControl($0) })
            #expect(try await bench.database.read { try $0.count("SELECT count(*) FROM accounts") } == 0)
        }
    }

    /// scrypt alone takes a password and the same with NULs at its end for one.
    @Test func aPasswordWithControlsIsNeitherTakenNorAnothers() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let browser = Browser(client: client)
            _ = try await browser.get("/register")
            var fields = ["name": "Ada", "email": "ada@example.com", "password": String(repeating: "\0", count: 8)]
            let answer = try await browser.submit("/register", fields)
            #expect(answer.status == .unprocessableContent)
            #expect(answer.text.contains("A password has no control characters."))
            _ = try await bench.person("Ada", client)
            fields["password"] = "correct horse\0"
            #expect(try await browser.submit("/login", fields).status == .unprocessableContent)
            fields["password"] = "correct horse"
            #expect(try await browser.submit("/login", fields).status == .seeOther)
        }
    }

    @Test func wrongPasswordsAreSaidAndCounted() async throws {
        let bench = try Bench()
        try await bench.run { client in
            _ = try await bench.person("Ada", client)
            let browser = Browser(client: client)
            _ = try await browser.get("/login")
            for _ in 0..<10 {
                let answer = try await browser.submit(
                    "/login", ["email": "ada@example.com", "password": "wrong horse"])
                #expect(answer.status == .unprocessableContent)
                #expect(answer.text.contains("Wrong e-mail or password."))
                #expect(answer.text.contains("Forgot your password? Ask whoever runs this server"))
            }
            let right = ["email": "ada@example.com", "password": "correct horse"]
            let limited = try await browser.submit("/login", right)
            #expect(limited.status == .tooManyRequests)
            #expect(limited.headers[.retryAfter] == "900")
            bench.time.advance(901)
            #expect(try await browser.submit("/login", right).status == .seeOther)
            let failed = "SELECT count(*) FROM audit WHERE body LIKE '%auth.login.failed%'"
            #expect(try await bench.database.read { try $0.count(failed) } == 10)
        }
    }

    @Test func triesAreCountedPerAccountAndPerAddress() async throws {
        let bench = try Bench()
        let accounts = bench.services.accounts
        @Sendable func status(_ email: String, _ address: String) async throws -> Int {
            do {
                _ = try await accounts.authenticate(
                    email: email, password: "wrong horse", caller: Caller(address: address))
                return 422
            } catch let refusal as Refusal {
                return refusal.status.rawValue
            }
        }
        for number in 0..<10 { #expect(try await status("ada@example.com", "10.0.0.\(number)") == 422) }
        #expect(try await status("ada@example.com", "10.0.1.1") == 429, "one account from many addresses")
        for number in 0..<10 { #expect(try await status("\(number)@example.com", "10.9.9.9") == 422) }
        #expect(try await status("eve@example.com", "10.9.9.9") == 429, "many accounts from one address")
        #expect(try await status("eve@example.com", "10.9.9.8") == 422)
    }

    /// Where too many hash at once nothing was judged.
    @Test func whatNobodyJudgedDoesNotCount() async throws {
        let bench = try Bench { $0.registration = .open }
        let now = bench.time.now
        let busy = AccountService(
            database: bench.database, changes: bench.services.changes,
            hasher: PasswordHasher(cost: 4, queueLength: -1000), limits: bench.services.limits,
            now: { now })
        let (accounts, caller) = (bench.services.accounts, Caller(address: "10.0.0.1"))
        for number in 0..<25 {
            let refusals = [
                await #expect(throws: Refusal.self) {
                    try await busy.authenticate(email: "ada@example.com", password: "correct horse", caller: caller)
                },
                await #expect(throws: Refusal.self) {
                    try await busy.register(
                        name: "Ada", email: "\(number)@example.com", password: "correct horse", caller: caller)
                },
            ]
            #expect(refusals.map { $0?.status.rawValue } == [503, 503])
        }
        _ = try await accounts.register(
            name: "Ada", email: "ada@example.com", password: "correct horse", caller: caller)
        let ada = try await accounts.authenticate(
            email: "ada@example.com", password: "correct horse", caller: caller)
        #expect(ada != nil)
    }

    /// Or tries at one account would be counted as tries at as many as there are endings.
    @Test(arguments: ["\0", "\0x"])
    func anAddressIsNoOtherWithSomethingBehindIt(ending: String) async throws {
        let bench = try Bench()
        defer { withExtendedLifetime(bench) {} }
        let accounts = bench.services.accounts
        let caller = Caller(address: "10.0.0.1")
        _ = try await accounts.register(name: "Ada", email: "ada@example.com", password: "correct horse")
        func signIn(_ email: String) async throws -> AccountRow? {
            try await accounts.authenticate(email: email, password: "correct horse", caller: caller)
        }
        #expect(try await signIn("ada@example.com\(ending)") == nil)
        #expect(try await signIn(" ADA@example.com\n") != nil)
    }

    @Test func anUnknownAddressLooksLikeAWrongPassword() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let browser = Browser(client: client)
            _ = try await browser.get("/login")
            let answer = try await browser.submit("/login", ["email": "no@example.com", "password": "correct horse"])
            #expect(answer.status == .unprocessableContent)
            #expect(answer.text.contains("Wrong e-mail or password."))
        }
    }

    @Test(arguments: [
        "/login", "/register", "/logout", "/cli-auth/switch", "/dashboard/settings/cli-tokens",
        "/dashboard/settings/cli-tokens/x/revoke", "/dashboard/settings/sessions/x/revoke",
        "/dashboard/settings/password",
    ])
    func aFormWithoutItsTokenIsRefused(path: String) async throws {
        let bench = try Bench()
        try await bench.run { client in
            let ada = try await bench.person("Ada", client)
            let fields = ["name": "x", "email": "x@y", "password": "correct horse", "csrf_token": "0"]
            #expect(try await ada.submit(path, fields).status == .forbidden)
            let session = try await ada.get("/dashboard")
            #expect(session.status == .ok, "still signed in")
        }
    }

    @Test(arguments: [
        "//evil.example", "https://evil.example", "/\\evil.example", "\\/evil.example", "javascript:alert(1)",
        "/a\r\nSet-Cookie: x=y", "", "dashboard",
    ])
    func nextLeadsNowhereElse(next: String) async throws {
        let bench = try Bench()
        try await bench.run { client in
            _ = try await bench.person("Ada", client)
            let browser = Browser(client: client)
            let page = try await browser.get("/login?next=\(PercentCoding.encode(next))")
            #expect(page.text.contains("name=\"next\" value=\"/dashboard\""))
            let answer = try await browser.submit(
                "/login", ["email": "ada@example.com", "password": "correct horse", "next": next])
            #expect(answer.headers[.location] == "/dashboard")
        }
    }

    @Test func cookiesAreHttpOnlyAndUnderHttpsBoundToTheHost() async throws {
        let plain = try Bench()
        try await plain.run { client in
            let cookie = try #require(try await client.execute(uri: "/login", method: .get).headers[.setCookie])
            #expect(cookie.hasPrefix("cm_web_7420="))
            #expect(cookie.hasSuffix("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax"))
        }
        let secure = try Bench { $0.publicURL = "https://localhost" }
        try await secure.run { client in
            let answer = try await client.execute(uri: "/login?lang=es", method: .get)
            let cookies = answer.headers[values: .setCookie]
            #expect(cookies.map { $0.prefix { $0 != "=" } } == ["__Host-cm_web", "__Host-cm_lang"])
            #expect(cookies.allSatisfy { $0.hasSuffix("; HttpOnly; SameSite=Lax; Secure") })
            #expect(answer.headers[.strictTransportSecurity] == "max-age=31536000")
        }
    }

    /// A browser has one jar for all ports of a host.
    @Test func aServerOnAnotherPortOfTheHostSignsNobodyOut() async throws {
        let (one, other) = (try Bench(), try Bench { $0.port = 7421 })
        try await one.run { client in
            let ada = try await one.person("Ada", client)
            try await other.run { second in
                let there = Browser(client: second, cookies: ada.cookies)
                _ = try await there.get("/login")
                let here = Browser(client: client, cookies: there.cookies)
                #expect(there.cookies.keys.sorted() == ["cm_web_7420", "cm_web_7421"])
                #expect(try await here.get("/dashboard").status == .ok)
            }
        }
    }

    @Test func thirtyDaysWithoutUseEndABrowsersSession() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let ada = try await bench.person("Ada", client)
            bench.time.advance(29 * 86_400)
            #expect(try await ada.get("/dashboard").status == .ok)
            bench.time.advance(29 * 86_400)
            #expect(try await ada.get("/dashboard").status == .ok, "use extends it")
            bench.time.advance(30 * 86_400)
            #expect(try await ada.get("/dashboard").status == .seeOther)
        }
    }

    @Test func aClosedServerMakesNoAccounts() async throws {
        let bench = try Bench { $0.registration = .closed }
        try await bench.run { client in
            let browser = Browser(client: client)
            _ = try await browser.get("/login")
            #expect(try await browser.get("/register").status == .forbidden)
            let fields = ["name": "Ada", "email": "a@b", "password": "correct horse"]
            #expect(try await browser.submit("/register", fields).status == .forbidden)
            #expect(try await bench.database.read { try $0.count("SELECT count(*) FROM accounts") } == 0)
        }
    }
}
