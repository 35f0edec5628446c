// Pages on which something is made: a mesh, an invite, a new password for one that was forgotten. Without scripts.

import Foundation
import HTTPTypes
import HummingbirdTesting
import Mail
import MeshAPI
import MeshStore
import ServerSupport
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct MakingPagesTests {
    private func signedIn(_ bench: Bench, _ test: @escaping @Sendable (Browser) async throws -> Void) async throws {
        try await bench.run { client in
            let browser = try await bench.person("Ada", client)
            _ = try await browser.get("/dashboard")
            try await test(browser)
        }
    }

    private func value(_ name: String, in page: String) -> String {
        page.components(separatedBy: "name=\"\(name)\" value=\"").dropFirst().first?.prefix { $0 != "\"" }
            .description ?? ""
    }

    // MARK: Meshes

    @Test func aMeshIsMadeOnceHoweverOftenTheFormIsSent() async throws {
        let bench = try Bench()
        try await signedIn(bench) { browser in
            let page = try await browser.get("/dashboard").text
            let fields = ["name": "Blue <team>", "client_id": value("client_id", in: page)]
            let first = try await browser.submit("/dashboard", fields)
            #expect(first.status == .seeOther)
            let place = try #require(first.headers[.location])
            #expect(try await browser.submit("/dashboard", fields).headers[.location] == place)
            let shown = try await browser.get(place)
            #expect(shown.status == .ok && shown.text.contains("Blue &lt;team&gt;"))
            let list = try await browser.get("/dashboard").text
            #expect(list.components(separatedBy: "Blue &lt;team&gt;").count == 2, "it is there once")
            #expect(list.contains("<span class=\"facts\">owner · 1 member</span>"))
        }
    }

    @Test func aSecondMeshOfOneNameGetsTheNextSlug() async throws {
        let bench = try Bench()
        try await signedIn(bench) { browser in
            for key in ["first-key-of-this-test-1", "first-key-of-this-test-2"] {
                let made = try await browser.submit("/dashboard", ["name": "Twin", "client_id": key])
                #expect(made.status == .seeOther)
            }
            #expect(try await browser.get("/dashboard").text.contains("twin-2"))
        }
    }

    @Test(arguments: ["", "  ", "a\u{7}b", String(repeating: "x", count: 65)])
    func aNameThatIsRefusedIsSaidInTheForm(name: String) async throws {
        let bench = try Bench()
        try await signedIn(bench) { browser in
            let refused = try await browser.submit("/dashboard", ["name": name, "client_id": "k"])
            #expect(refused.status == .unprocessableContent && refused.text.contains("role=\"alert\""))
            let forged = try await browser.submit("/dashboard", ["name": "x", "client_id": "k", "csrf_token": "no"])
            #expect(forged.status == .forbidden)
        }
    }

    // MARK: Invites

    private func mesh(_ browser: Browser) async throws -> String {
        let made = try await browser.submit("/dashboard", ["name": "Team", "client_id": UUID().uuidString])
        return try #require(made.headers[.location])
    }

    private let usual = ["max_uses": "5", "expires_in_days": "7", "role": "member"]

    @Test func anInviteIsMadeShownAndRevoked() async throws {
        let bench = try Bench()
        try await signedIn(bench) { browser in
            let place = try await mesh(browser)
            #expect(try await browser.get(place).text.contains("href=\"\(place)/invites\""))
            #expect(try await browser.get("\(place)/invites").text.contains("No invite is out."))
            let fields = usual.merging(["client_id": "a key of one form"]) { $1 }
            let made = try await browser.submit("\(place)/invites", fields)
            #expect(made.status == .ok && made.text.contains("It lets 5 people join"))
            let again = try await browser.submit("\(place)/invites", fields).text
            let codes = Set(again.matches(of: /\/i\/([0-9A-Z-]{14})/).map(\.1))
            #expect(codes.count == 1, "sent twice it is one")
            let code = try #require(codes.first)
            #expect(try await browser.get("/i/\(code)").text.contains("Team"))
            let path = try #require(again.firstMatch(of: /action="([^"]+\/revoke)"/)?.1)
            let revoked = try await browser.submit(String(path))
            #expect(revoked.headers[.location] == "\(place)/invites")
            #expect(try await browser.submit(String(path)).status == .seeOther, "gone is gone")
            #expect(try await browser.get("\(place)/invites").text.contains("No invite is out."))
            #expect(try await browser.get("/i/\(code)").status == .gone)
        }
    }

    @Test func whoIsNoAdminSeesNoInvitesAndMakesNone() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let ada = try await bench.person("Ada", client)
            _ = try await ada.get("/dashboard")
            let place = try await mesh(ada)
            let bo = try await bench.person("Bo", client)
            _ = try await bo.get("/dashboard")
            #expect(try await bo.get("\(place)/invites").status == .notFound)
            #expect(try await bo.submit("\(place)/invites", usual).status == .notFound)
            let made = try await ada.submit("\(place)/invites", usual.merging(["client_id": "k"]) { $1 }).text
            let code = try #require(made.firstMatch(of: /\/i\/([0-9A-Z-]{14})/)?.1)
            let device = try await bench.signIn(bo, client)
            #expect(try await device.send(.post, "/api/public/invites/\(code)/claim", "{}").status == .ok)
            #expect(try await bo.get("\(place)/invites").status == .forbidden)
            #expect(try await !bo.get(place).text.contains("\(place)/invites"))
        }
    }

    @Test(arguments: [("max_uses", "7"), ("expires_in_days", "0"), ("expires_in_days", "x"), ("email", "no address")])
    func whatTheFormDoesNotOfferIsRefused(field: String, value: String) async throws {
        let bench = try Bench { $0.mail = .command(["/usr/bin/true"]) }
        try await signedIn(bench) { browser in
            let place = try await mesh(browser)
            let refused = try await browser.submit(
                "\(place)/invites", usual.merging([field: value, "client_id": "k"]) { $1 })
            #expect(refused.status == .unprocessableContent && refused.text.contains("role=\"alert\""))
        }
    }

    // MARK: A forgotten password

    private func mailing(
        _ test: @escaping @Sendable (Bench, Browser, _ mailbox: String) async throws -> Void
    ) async throws {
        let mailbox = FileManager.default.temporaryDirectory.appending(path: "meshserver-mail-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: mailbox) }
        let bench = try Bench { $0.mail = .command(["/usr/bin/tee", "-a", mailbox]) }
        try await bench.run { client in
            _ = try await bench.person("Ada", client)
            let browser = Browser(client: client)
            _ = try await browser.get("/login")
            try await test(bench, browser, mailbox)
        }
    }

    @Test func aMailedLinkSetsANewPasswordOnce() async throws {
        try await mailing { bench, browser, mailbox in
            #expect(try await browser.get("/login").text.contains("href=\"/forgot\""))
            let sent = try await browser.submit("/forgot", ["email": "ada@example.com"])
            #expect(sent.status == .ok && sent.text.contains("If there is an account"))
            try await eventually { resetLink(in: mailbox) != nil }
            let path = try #require(resetLink(in: mailbox))
            let page = try await browser.get(path)
            #expect(page.text.contains("ada@example.com") && page.headers[.cacheControl] == "no-store")
            let short = try await browser.submit(path, ["password": "short"])
            #expect(short.status == .unprocessableContent && short.text.contains("role=\"alert\""))
            #expect(try await browser.submit(path, ["password": "battery staple"]).text.contains("is changed"))
            #expect(try await browser.get(path).status == .gone)
            #expect(try await browser.submit(path, ["password": "another try"]).status == .gone)
            let signIn = try await browser.submit(
                "/login", ["email": "ada@example.com", "password": "battery staple"])
            #expect(signIn.status == .seeOther)
            #expect(try await !bench.everythingStored().contains(path), "the link is nowhere in the database")
        }
    }

    @Test func nobodyIsToldWhoHasAnAccount() async throws {
        try await mailing { _, browser, mailbox in
            let known = try await browser.submit("/forgot", ["email": "ada@example.com"]).text
            for other in ["eve@example.com", "no address", "", "ada@example.com\u{0}"] {
                let answer = try await browser.submit("/forgot", ["email": other])
                #expect(answer.status == .ok && answer.text == known)
            }
            try await eventually { resetLink(in: mailbox) != nil }
        }
    }

    @Test func aLinkEndsAfterAnHourAndWithThePasswordItIsFor() async throws {
        try await mailing { bench, browser, mailbox in
            _ = try await browser.submit("/forgot", ["email": "ada@example.com"])
            try await eventually { resetLink(in: mailbox) != nil }
            let path = try #require(resetLink(in: mailbox))
            let forged = path.dropLast() + (path.last == "0" ? "1" : "0")
            #expect(try await browser.get(String(forged)).status == .gone)
            bench.time.advance(3601)
            #expect(try await browser.get(path).status == .gone)
        }
    }

    @Test func withoutMailThePageSaysWhoToAsk() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let browser = Browser(client: client)
            let login = try await browser.get("/login").text
            #expect(login.contains("Ask whoever runs this server") && !login.contains("/forgot"))
            #expect(try await browser.get("/forgot").text.contains("Ask whoever runs this server"))
            #expect(try await browser.submit("/forgot", ["email": "ada@example.com"]).status == .notFound)
            #expect(try await browser.get("/reset/x-1-y").status == .gone)
        }
    }
}

/// The link of a mail, whose parts are base64.
func resetLink(in mailbox: String) -> String? {
    guard let mail = try? String(contentsOfFile: mailbox, encoding: .utf8) else { return nil }
    let parts = mail.replacing("\r\n", with: "\n").components(separatedBy: "\n\n")
    let texts = parts.compactMap { part in
        Data(base64Encoded: part.components(separatedBy: "\n--")[0].replacing("\n", with: ""))
    }
    let text = texts.map { String(decoding: $0, as: UTF8.self) }.joined()
    return text.firstMatch(of: /\/reset\/[0-9A-Za-z]+-[0-9]+-[0-9a-f]{64}/).map { String($0.0) }
}
