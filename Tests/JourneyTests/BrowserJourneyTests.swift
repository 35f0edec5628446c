// The whole first run as it is outside of tests: `claudemesh serve` as a process of its own, a person with a real browser,
// a terminal beside it. Then everything that was written, said or shown to other users is searched for secrets.

import Foundation
import Glibc
import ServerSupport
import TestSupport
import Testing

@Suite(.serialized) struct BrowserJourneyTests {
    @Test func theFirstRunWithABrowserLeaksNothing() async throws {
        let host = try Journey(["CLAUDEMESH_SERVE_LOG": "trace"])
        let serve = try host.start([
            "serve", "--port", "0", "--limits", "off", "--database", host.home + "/server.sqlite",
        ])
        let shown = try await serve.wait(for: "its address") { $0.text.contains(#/http://[\w.]+:\d+/#) }
        let url = try #require(shown.text.firstMatch(of: #/http://[\w.]+:\d+/#).map { String($0.0) })
        let journey = try Journey(agent: "wait", server: url)
        let terminal = try journey.start()
        let code = try await terminal.code()
        try await approve(code, at: url)
        try await terminal.wait(for: "You have no mesh yet")
        #expect(terminal.screen.text.contains("Brenda · brenda@example.com"))
        for next in ["brendas-mesh · available", "what others in the mesh see", "▸ No role", "▸ Launch Claude Code"] {
            try await terminal.pressEnterUntilTaken()
            try await terminal.wait(for: next)
        }
        try await terminal.pressEnterUntilTaken()
        try await terminal.wait(for: "agent waits")
        expectNoSecret(in: arguments(of: [host, journey]), "an argument list")
        terminal.press(.control("c"))
        #expect(try await terminal.waitForEnd() == .code(5))
        serve.signal(SIGTERM)
        #expect(try await serve.waitForEnd() == .code(0))

        #expect(journey.mode("home/.claudemesh/auth.json") == 0o600)
        for (home, name) in [(host, "server"), (journey, "client")] {
            for file in home.files where !file.hasSuffix("/auth.json") && !file.hasSuffix("report") {
                expectNoSecret(in: home.bytes(file), "\(name): \(file)")
            }
        }
        expectNoSecret(in: Data(serve.recorded), "the server's log")
        expectNoSecret(in: Data(terminal.recorded), "the terminal")
        #expect(!String(decoding: serve.recorded, as: UTF8.self).contains(code))
    }

    /// Registers on the page of the code, compares what it shows, and approves.
    private func approve(_ code: String, at url: String) async throws {
        try await Browser.use { browser in
            try await browser.go(to: "\(url)/register")
            try await browser.type("Brenda", into: "input[name=name]")
            try await browser.type("brenda@example.com", into: "input[name=email]")
            try await browser.type(Visitor.password, into: "input[name=password]")
            try await browser.click("main form button")
            try await browser.wait(for: "Brenda")
            try await browser.go(to: "\(url)/c/\(code)")
            try await browser.wait(for: code)
            #expect(try await browser.text().contains("linux"))
            try await browser.press("Approve")
            try await browser.wait(for: "CLI authenticated")
        }
    }

    /// No token of any kind, no device code and no password.
    private func expectNoSecret(in data: Data, _ place: String) {
        let text = String(decoding: data, as: UTF8.self)
        #expect(!text.contains(Visitor.password), "\(place) holds a password")
        #expect(!text.contains(#/cm_(session|pat)_[a-z2-7]{20,}/#), "\(place) holds a token")
        #expect(!text.contains(#/device-code\/[A-Za-z0-9_-]{20,}/#), "\(place) holds a device code")
    }

    private func arguments(of journeys: [Journey]) -> Data {
        journeys.flatMap { $0.processes(withServer: true) }.reduce(into: Data()) { all, pid in
            all += FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
        }
    }
}
