// Whether a browser can be opened, which, and that it is started apart from us with one argument.

import Foundation
import Testing

@testable import Desktop

struct BrowserTests {
    static let everything: @Sendable (String) -> String? = { $0.hasPrefix("/") ? $0 : "/usr/bin/\($0)" }

    @Test(
        arguments: [
            (["DISPLAY": ":0"], nil),
            (["WAYLAND_DISPLAY": "wayland-0"], nil),
            ([:], .noDisplay),
            (["DISPLAY": ""], .noDisplay),
            (["DISPLAY": ":0", "SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"], .remote),
            (["DISPLAY": "localhost:10.0", "SSH_TTY": "/dev/pts/3"], .remote),
            (["DISPLAY": ":0", "SSH_CLIENT": "10.0.0.1 1 22"], .remote),
            (["DISPLAY": ":0", "BROWSER": "w3m"], .textOnly),
            (["DISPLAY": ":0", "BROWSER": "/usr/bin/lynx:elinks"], .textOnly),
            (["DISPLAY": ":0", "BROWSER": "w3m:firefox"], nil),
            (["DISPLAY": ":0", "BROWSER": "firefox"], nil),
        ] as [([String: String], Browser.Obstacle?)])
    func theEnvironmentDecides(environment: [String: String], obstacle: Browser.Obstacle?) {
        #expect(Browser(Seat(environment: environment, find: Self.everything)).obstacle == obstacle)
    }

    @Test func whereNothingIsInstalledNothingCanBeOpened() {
        #expect(Browser(Seat(environment: ["DISPLAY": ":0"]) { _ in nil }).obstacle == .notInstalled)
    }

    @Test func browserComesBeforeTheDesktopsOwnOpener() throws {
        let seat = Seat(
            environment: ["DISPLAY": ":0", "BROWSER": "w3m:chromium --new-window %s:firefox"], find: Self.everything)
        let commands = try Browser.choose(seat).get()
        #expect(commands[0] == ["/usr/bin/chromium", "--new-window", "%s"])
        #expect(commands[1] == ["/usr/bin/firefox"])
        #expect(commands[2] == ["/usr/bin/xdg-open"])
        #expect(Browser.filled(commands[0], "https://a/b") == ["/usr/bin/chromium", "--new-window", "https://a/b"])
        #expect(Browser.filled(commands[1], "https://a/b") == ["/usr/bin/firefox", "https://a/b"])
    }

    @Test(arguments: [
        "file:///etc/passwd", "javascript:alert(1)", "-https://a", "https://a b", "https://a\n", "https://a\"b",
        "https://a'",
        "https://ñ", "https://a`id`", "",
    ])
    func whatIsNoPlainAddressIsNotOpened(address: String) async throws {
        let bench = try Bench()
        try bench.install("xdg-open")
        #expect(await Browser(bench.seat(["DISPLAY": ":0"])).open(address) == .failed)
        #expect(bench.calls("xdg-open").isEmpty)
    }

    @Test func theProgramGetsTheAddressAloneAndNoToken() async throws {
        let bench = try Bench()
        try bench.install("xdg-open")
        let seat = bench.seat(["DISPLAY": ":0", "CLAUDEMESH_TOKEN": "secret", "KEPT": "yes"])
        #expect(await Browser(seat).open("https://a.example/c?code=$(id)&x=;y") == .opened)
        let call = try #require(bench.calls("xdg-open").first)
        #expect(call.arguments == ["https://a.example/c?code=$(id)&x=;y"])
        #expect(call.environment.contains("KEPT=yes") && call.environment.contains("DISPLAY=:0"))
        #expect(!call.environment.contains { $0.hasPrefix("CLAUDEMESH_TOKEN") })
        // xdg-open would end with text browsers: it is told which there are.
        #expect(call.environment.contains("BROWSER=\(Browser.graphicalBrowsers)"))
        #expect(!Browser.graphicalBrowsers.split(separator: ":").contains { Browser.textBrowsers.contains(String($0)) })
        #expect(call.session == call.process && call.session != getsid(0), "a session of its own")
        #expect(call.standardInput == "/dev/null")
    }

    @Test func oneThatFailsMakesRoomForTheNext() async throws {
        let bench = try Bench()
        try bench.install("broken", exit: 3)
        try bench.install("works")
        let seat = bench.seat(["DISPLAY": ":0", "BROWSER": "broken:works"])
        #expect(await Browser(seat).open("https://a.example/") == .opened)
        #expect(bench.calls("broken").count == 1 && bench.calls("works").count == 1)
        let broken = bench.seat(["DISPLAY": ":0", "BROWSER": "broken"])
        #expect(await Browser(broken).open("https://a.example/") == .failed)
    }

    @Test func oneThatRunsOnIsOpenAndIsLeftAlone() async throws {
        let bench = try Bench()
        try bench.install("firefox", then: "exec sleep 30")
        let seat = bench.seat(["DISPLAY": ":0", "BROWSER": "firefox"])
        #expect(await Browser(seat).open("https://a.example/") == .opened)
        let process = try #require(bench.calls("firefox").first?.process)
        #expect(kill(process, 0) == 0, "it still runs")
        kill(process, SIGKILL)
        // Taken at once: tests that run in a process of their own wait behind a zombie.
        waitpid(process, nil, 0)
    }
}
