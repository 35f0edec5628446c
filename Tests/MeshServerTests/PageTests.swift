// The pages in a real browser: whole visits with and without scripts, by keyboard, and what every page must be (readable,
// labelled, no wider than the window) on a phone and a desktop, light and dark, in both languages.

import Foundation
import Mail
import MeshAPI
import MeshStore
import ServerSupport
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite(.serialized) struct PageTests {
    /// A server on a port, and a browser in front of it.
    private func visit(
        _ test: @escaping @Sendable (_ bench: Bench, _ browser: TestSupport.Browser, _ url: String) async throws -> Void
    ) async throws {
        let bench = try Bench {
            $0.port = 0
            $0.hasLimits = false
        }
        try await bench.serve { port, _ in
            try await TestSupport.Browser.use { try await test(bench, $0, "http://127.0.0.1:\(port)") }
        }
    }

    private func deviceCode(_ bench: Bench) async throws -> DeviceCode {
        let device = DeviceCodeRequest(deviceName: "ada-laptop", deviceOs: "Linux", deviceArch: "x86_64")
        return try await bench.services.deviceCodes.create(device, caller: Caller(address: "::1"))
    }

    private func register(_ browser: TestSupport.Browser, _ url: String, path: String = "/register") async throws {
        try await browser.go(to: url + path)
        try await browser.type("Ada Lovelace", into: "#name")
        try await browser.type("ada@example.com", into: "#email")
        try await browser.type("correct horse", into: "#password")
        try await browser.press("Create account")
    }

    @Test(arguments: [true, false])
    func aPersonRegistersApprovesMakesATokenAndChangesThePassword(scripts: Bool) async throws {
        try await visit { bench, browser, url in
            try await browser.setScripts(scripts)
            let code = try await deviceCode(bench)
            try await register(browser, url, path: "/register?next=/c/\(code.userCode)")
            try await browser.wait(for: "Link this CLI session?")
            #expect(try await browser.text().contains(code.userCode))
            try await browser.press("Approve")
            try await browser.wait(for: "✓ CLI authenticated. Return to your terminal.")
            let status = try await bench.services.deviceCodes.poll(code.deviceCode, wait: 0)
            let session = try #require(status.token)

            try await browser.go(to: url + "/dashboard/settings/cli-tokens")
            try await browser.type("CI", into: "#name")
            try await browser.press("Generate new token")
            try await browser.wait(for: "This token will not be shown again.")
            let token = try await browser.text("#token")
            let bearer = try await bench.services.credentials.bearer(token: token)
            #expect(bearer.credential.name == "CI")
            let isButtonThere = try await browser.texts("button").contains("Copy")
            #expect(isButtonThere == scripts, "without scripts there is none")
            if scripts {
                try await browser.press("Copy")
                try await browser.wait(for: "Copied")
            }
            try await browser.press("Revoke")
            try await browser.wait(for: "No tokens yet.")
            await #expect(throws: Refusal.self) { try await bench.services.credentials.bearer(token: token) }

            try await browser.press("Password")
            try await browser.type("correct horse", into: "#current")
            try await browser.type("battery staple", into: "#password")
            try await browser.press("Change password")
            try await browser.wait(for: "The password is changed.")
            await #expect(throws: Refusal.self) { try await bench.services.credentials.bearer(token: session) }
        }
    }

    @Test(arguments: [true, false]) func anInvitesLineCanBeCopied(scripts: Bool) async throws {
        try await visit { bench, browser, url in
            try await register(browser, url)
            try await browser.wait(for: "Your meshes")
            let code = try await furnish(bench)
            try await browser.setScripts(scripts)
            try await browser.go(to: url + "/i/\(code)")
            #expect(try await browser.text("#command") == "claudemesh \(url)/i/\(code)")
            #expect(try await browser.texts("button") == (scripts ? ["Copy"] : []))
            guard scripts else { return }
            try await browser.press("Copy")
            try await browser.wait(for: "Copied")
        }
    }

    @Test(arguments: [true, false]) func aPersonMakesAMeshAndInvitesToIt(scripts: Bool) async throws {
        try await visit { bench, browser, url in
            try await register(browser, url)
            try await browser.wait(for: "You are in no mesh yet.")
            try await browser.setScripts(scripts)
            try await browser.go(to: url + "/dashboard")
            try await browser.type("Platform team", into: "#name")
            try await browser.press("Make a mesh")
            try await browser.wait(for: "Nobody")
            let meshID = try #require(
                try await bench.database.read { try $0.first("SELECT id FROM meshes")?["id"] as String? })
            let invites = url + "/dashboard/meshes/\(meshID)/invites"
            if scripts { try await look(browser, invites) }
            try await browser.go(to: invites + "?lang=en")
            try await browser.press("Make an invite link")
            try await browser.wait(for: "It lets 1 person join")
            let link = try await browser.text("#invite")
            #expect(link.hasPrefix(url + "/i/"))
            #expect(try await browser.texts("button").contains("Copy") == scripts)
            if scripts { try await look(browser, invites) }
            try await browser.go(to: invites + "?lang=en")
            try await browser.press("Revoke")
            try await browser.wait(for: "No invite is out.")
            try await browser.go(to: link)
            try await browser.wait(for: "This invite")
        }
    }

    @Test func aForgottenPasswordIsSetAnewByMail() async throws {
        let mailbox = FileManager.default.temporaryDirectory.appending(path: "meshserver-mail-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: mailbox) }
        let bench = try Bench {
            $0.port = 0
            $0.hasLimits = false
            $0.mail = .command(["/usr/bin/tee", "-a", mailbox])
        }
        try await bench.serve { port, _ in
            try await TestSupport.Browser.use { browser in
                let url = "http://127.0.0.1:\(port)"
                try await register(browser, url)
                try await browser.wait(for: "Your meshes")
            }
            try await TestSupport.Browser.use { browser in
                let url = "http://127.0.0.1:\(port)"
                try await browser.go(to: url + "/login?lang=en")
                try await browser.wait(for: "Forgot your password?")
                try await look(browser, url + "/forgot")
                try await browser.go(to: url + "/forgot?lang=en")
                try await browser.type("ada@example.com", into: "#email")
                try await browser.press("Send the link")
                try await browser.wait(for: "If there is an account with that address")
                try await eventually { resetLink(in: mailbox) != nil }
                let page = url + (try #require(resetLink(in: mailbox)))
                try await look(browser, page)
                try await browser.go(to: page + "?lang=en")
                try await browser.type("battery staple", into: "#password")
                try await browser.press("Change password")
                try await browser.wait(for: "The password is changed.")
                try await look(browser, page)
            }
        }
    }

    /// What is said elsewhere comes to the page by itself; without scripts, at its next load.
    @Test(arguments: [true, false]) func aMeshsPageIsWrittenOnAndLive(scripts: Bool) async throws {
        try await visit { bench, browser, url in
            try await register(browser, url)
            try await browser.wait(for: "Your meshes")
            let account = try #require(
                try await bench.database.read { try $0.accounts.account(email: "ada@example.com") })
            let mesh = try await bench.services.meshes.create(
                CreateMesh(name: "Team"), owner: account, key: nil, caller: Caller(address: "::1"))
            try await browser.setScripts(scripts)
            let page = url + "/dashboard/meshes/\(mesh.id)"
            try await browser.go(to: page)
            try await browser.type("Hello from here", into: "#body")
            try await browser.press("Send")
            try await browser.wait(for: "Hello from here")
            let credential = CredentialInfo(id: "laptop", kind: .session, name: "laptop", expiresAt: nil)
            if scripts { try await eventually { bench.services.changes.count > 0 } }
            _ = try await bench.services.messages.send(
                SendMessage(to: "#general", body: "And from there", clientId: "one"), meshID: mesh.id,
                by: Reader(account: account, credential: credential))
            if !scripts { try await browser.go(to: page) }
            try await browser.wait(for: "And from there")
            if scripts { try await look(browser, page) }
        }
    }

    /// A guest's first word, refused by hand, and another's let in; what is being typed stays where there are scripts.
    @Test(arguments: [true, false]) func aFirstWordIsDecidedOnThePage(scripts: Bool) async throws {
        try await visit { bench, browser, url in
            try await register(browser, url)
            try await browser.wait(for: "Your meshes")
            _ = try await furnish(bench)
            let meshID = try #require(
                try await bench.database.read { try $0.first("SELECT id FROM meshes")?["id"] as String? })
            var sent: [String] = []
            for name in ["Gus", "Mallory"] {
                let guest = try await bench.services.claims.claim(
                    "ABCD-EFGH-JKLM", displayName: name, bearer: nil, key: nil, caller: Caller(address: "::1"))
                let bearer = try await bench.services.credentials.bearer(token: try #require(guest.token))
                let reader = Reader(account: bearer.account, credential: bearer.credential.info)
                let message = SendMessage(to: "ada", body: "Hi, I am \(name)", clientId: "one")
                sent.append(try await bench.services.messages.send(message, meshID: meshID, by: reader).message.id)
            }
            let ids = sent
            @Sendable func states() async throws -> [MessageState] {
                try await bench.database.read { transaction in
                    try ids.flatMap { try transaction.receipts.receipts(messageID: $0).map(\.state) }
                }
            }
            try await browser.setScripts(scripts)
            let page = url + "/dashboard/meshes/\(meshID)"
            try await browser.go(to: page)
            if scripts { try await eventually { bench.services.changes.count > 0 } }
            try await browser.type("Half a thought", into: "#body")
            // The newest stands first: Mallory is refused, Gus is let in.
            try await browser.press("Refuse")
            try await eventually { try await states() == [.held, .refused] }
            if scripts { try await eventually { try await browser.texts("[data-live]").count == 1 } }
            try await browser.press("Let in")
            try await eventually { try await states() == [.queued, .refused] }
            try await eventually { try await browser.isAbsent("[data-live]") }
            let typed = try await browser.evaluate("document.querySelector('#body').value")
            #expect(typed == .string(scripts ? "Half a thought" : ""))
            if scripts { try await look(browser, page) }
        }
    }

    @Test func aPersonDeniesByKeyboardAlone() async throws {
        try await visit { bench, browser, url in
            let code = try await deviceCode(bench)
            try await register(browser, url)
            try await browser.wait(for: "Your meshes")
            try await browser.go(to: url + "/c")
            let typed = code.userCode.lowercased().replacing("-", with: "")
            try await browser.typeKeys(typed + "\n")
            try await browser.wait(for: "Link this CLI session?")
            // Skip link, brand, sign out, Approve, Deny.
            try await browser.typeKeys("\t\t\t\t\t\n")
            try await browser.wait(for: "The CLI session was denied.")
            #expect(try await bench.services.deviceCodes.poll(code.deviceCode, wait: 0).status == .denied)
        }
    }

    @Test func everyPageIsReadableLabelledAndFitsTheWindow() async throws {
        try await visit { bench, browser, url in
            let code = try await deviceCode(bench)
            let open = ["/login", "/register?code=\(code.userCode)", "/cli-auth", "/nowhere", "/cli-auth/approved"]
            for path in open { try await look(browser, url + path) }
            try await register(browser, url, path: "/register?lang=en")
            try await browser.wait(for: "Your meshes")
            let inviteCode = try await furnish(bench)
            let own = ["/c/\(code.userCode)", "/dashboard", "/i/\(inviteCode)", "/logout"]
            let settings = ["cli-tokens", "sessions", "password"].map { "/dashboard/settings/\($0)" }
            for path in own + settings { try await look(browser, url + path) }
        }
    }

    /// Long names on every list; returns an invite's code.
    private func furnish(_ bench: Bench) async throws -> String {
        let account = try #require(try await bench.database.read { try $0.accounts.account(email: "ada@example.com") })
        let name = String(repeating: "長い名前", count: 16)
        let mesh = try await bench.services.meshes.create(
            CreateMesh(name: name), owner: account, key: nil, caller: Caller(address: "::1"))
        let token = CreateAccessToken(name: String(repeating: "W", count: 64), expiresInDays: 30)
        _ = try await bench.services.credentials.createToken(token, for: account, key: nil)
        let now = bench.time.now
        let session = CredentialRow(
            id: "s", accountID: account.id, kind: .session, name: String(repeating: "W", count: 64), os: "Linux",
            arch: "x86_64", createdAt: now, expiresAt: now.addingTimeInterval(86_400))
        let invite = InviteRow(
            id: "i", meshID: mesh.id, inviterID: account.id, code: "ABCD-EFGH-JKLM", membership: .member,
            createdAt: now, expiresAt: now.addingTimeInterval(86_400), maxUses: 3)
        try await bench.database.write { transaction in
            try transaction.credentials.insert(session, digest: "x")
            try transaction.invites.insert(invite)
        }
        return invite.code
    }

    /// A page at phone and desktop width, light and dark, in both languages.
    private func look(_ browser: TestSupport.Browser, _ address: String) async throws {
        let views = [("en", 320, "light"), ("es", 390, "dark"), ("en", 1280, "dark"), ("es", 1280, "light")]
        for (language, width, scheme) in views {
            try await browser.setSize(width: width, height: 800, isPhone: width < 500)
            try await browser.setColorScheme(scheme)
            try await browser.go(to: address + (address.contains("?") ? "&" : "?") + "lang=\(language)")
            let place = Comment(rawValue: "\(address) \(width) \(scheme) \(language)")
            let problems = try await browser.evaluate(Self.inspection).text ?? "no answer"
            #expect(problems == "", place)
            #expect(try await browser.attribute("lang", of: "html") == language, place)
        }
    }

    /// What is wrong with the page that is shown, in words: WCAG 2.2 AA as far as a script can tell.
    private static let inspection = """
        (() => {
            const problems = [];
            const wide = document.documentElement.scrollWidth - window.innerWidth;
            if (wide > 0) problems.push(`${wide} pixels too wide`);
            if (document.querySelectorAll("h1").length !== 1) problems.push("not one h1");
            if (!document.title) problems.push("no title");
            // Text browsers know no main.
            const start = document.querySelector(document.querySelector(".skip").hash)?.tagName;
            if (start !== "H1") problems.push(`skips to ${start}`);
            for (const field of document.querySelectorAll("input:not([type=hidden]), select"))
                if (!field.labels.length) problems.push(`no label: ${field.name}`);
            const ids = [...document.querySelectorAll("[id]")].map(element => element.id);
            if (new Set(ids).size !== ids.length) problems.push("an id twice");
            for (const element of document.querySelectorAll("[aria-describedby]"))
                for (const id of element.getAttribute("aria-describedby").split(" "))
                    if (!document.getElementById(id)) problems.push(`nothing described by ${id}`);
            const parse = text => text.match(/[0-9.]+/g).map(Number);
            const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
                .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
                .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
            const ground = element => {
                for (let at = element; at; at = at.parentElement) {
                    const color = parse(getComputedStyle(at).backgroundColor);
                    if (color.length < 4 || color[3] > 0) return color;
                }
                return [255, 255, 255];
            };
            for (const element of document.querySelectorAll("body *")) {
                const text = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
                if (!text || element.closest(".skip") || !element.getClientRects().length) continue;
                const pair = [light(parse(getComputedStyle(element).color)), light(ground(element))].sort((a, b) => b - a);
                const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
                if (ratio < 4.5) problems.push(`contrast ${ratio.toFixed(2)}: ${element.textContent.trim().slice(0, 20)}`);
            }
            for (const target of document.querySelectorAll("button, select, input:not([type=hidden])")) {
                const box = target.getBoundingClientRect();
                if (box.height && box.height < 24) problems.push(`too small: ${target.textContent || target.name}`);
            }
            const top = element => element.getBoundingClientRect().top;
            const tabs = [...document.querySelectorAll(".tabs a")].map(top);
            if (window.innerWidth < 416 && tabs.length && (tabs[0] !== tabs[1] || tabs[1] >= tabs[2] || tabs[2] !== tabs[3]))
                problems.push("tabs not two by two");
            // As a text browser has it: a field has its line, with its label.
            for (const sheet of document.styleSheets) sheet.disabled = true;
            let last = -1;
            for (const field of document.querySelectorAll("input:not([type=hidden]), select, form:has(input) button")) {
                const [box, label] = [field, field.labels[0] ?? field].map(element => element.getBoundingClientRect());
                if (box.top < last) problems.push(`not on its own line: ${field.name || field.textContent}`);
                if (label.bottom < box.top || label.top > box.bottom) problems.push(`apart from its label: ${field.name}`);
                last = box.bottom;
            }
            for (const sheet of document.styleSheets) sheet.disabled = false;
            return problems.join("; ");
        })()
        """
}
