// Ways to copy, in order, and what is said of them.
// With nothing beside it (`alone` in the README: a test in a process of its own waits behind any child of this one).

import Foundation
import TestSupport
import Testing

@testable import Desktop

struct ClipboardTests {
    static let ssh = ["SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"]
    static let tmux = ["TMUX": "/tmp/tmux-0/default,1,0"]

    @Test(
        arguments: [
            ([:], ["file"]), (["TERM": "linux"], ["file"]), (["TERM": "xterm-256color"], ["terminal", "file"]),
            (["TERM": "xterm", "DISPLAY": ":0"], ["xclip", "xsel", "terminal", "file"]),
            (["DISPLAY": ":0"], ["xclip", "xsel", "file"]),
            (["WAYLAND_DISPLAY": "wayland-0"], ["wl-copy", "file"]),
            (["WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"], ["wl-copy", "xclip", "xsel", "file"]),
            (["WSL_DISTRO_NAME": "Debian"], ["clip.exe", "file"]),
            (ssh, ["terminal", "file"]),
            (ssh.merging(["DISPLAY": "localhost:10.0"]) { $1 }, ["xclip", "xsel", "terminal", "file"]),
            (tmux, ["tmux", "file"]),
            (tmux.merging(ssh) { $1 }, ["tmux", "file"]),
            (tmux.merging(["DISPLAY": ":0"]) { $1 }, ["xclip", "xsel", "tmux", "file"]),
        ] as [([String: String], [String])])
    func theWaysFollowTheSeat(environment: [String: String], names: [String]) {
        let ways = Clipboard.ways(Seat(environment: environment)).map { way in
            switch way {
            case .program(let name, _): name
            case .terminal: "terminal"
            case .file: "file"
            }
        }
        #expect(ways == names)
    }

    @Test func theTextGoesThroughStandardInputAlone() async throws {
        let bench = try Bench()
        try bench.install("xclip")
        let clipboard = Clipboard(
            bench.seat(["DISPLAY": ":0", "CLAUDEMESH_TOKEN": "secret"]), file: bench.path("link.txt"))
        #expect(await clipboard.copy("https://a/c?code=ABCD") == .copied(with: "xclip"))
        let call = try #require(bench.calls("xclip").first)
        #expect(call.input == "https://a/c?code=ABCD")
        #expect(!call.arguments.contains { $0.contains("ABCD") })
        #expect(!call.environment.contains { $0.contains("ABCD") || $0.hasPrefix("CLAUDEMESH_TOKEN") })
        #expect(!FileManager.default.fileExists(atPath: bench.path("link.txt")))
    }

    @Test func oneThatFailsMakesRoomForTheNext() async throws {
        let bench = try Bench()
        try bench.install("xclip", exit: 1)
        try bench.install("xsel")
        let clipboard = Clipboard(bench.seat(["DISPLAY": ":0"]), file: bench.path("link.txt"))
        #expect(await clipboard.copy("text") == .copied(with: "xsel"))
    }

    @Test func oneThatHangsIsEnded() async throws {
        let bench = try Bench()
        let child = bench.path("child")
        try bench.install("xclip", then: "sleep 60 & echo $! > '\(child)'; wait")
        let clipboard = Clipboard(bench.seat(["DISPLAY": ":0"]), file: bench.path("link.txt"))
        #expect(await clipboard.copy("text") == .written(path: bench.path("link.txt")))
        let process = try #require(bench.calls("xclip").first?.process)
        #expect(kill(process, 0) != 0, "it is gone")
        let started = try #require(Int(try String(contentsOfFile: child, encoding: .utf8).dropLast()))
        // Whoever inherited it may not have looked after it yet.
        func isThere() -> Bool {
            let facts = (try? String(contentsOfFile: "/proc/\(started)/stat", encoding: .utf8)) ?? ") Z"
            return !facts.contains(") Z")
        }
        try await eventually(seconds: 30) { !isThere() }
        #expect(!isThere(), "and what it started")
    }

    @Test func theFileIsNewPrivateAndNeverFollowed() async throws {
        let bench = try Bench()
        let victim = bench.path("victim")
        try "mine".write(toFile: victim, atomically: true, encoding: .utf8)
        try FileManager.default.createSymbolicLink(atPath: bench.path("link.txt"), withDestinationPath: victim)
        let clipboard = Clipboard(bench.seat([:]), file: bench.path("link.txt"))
        #expect(await clipboard.copy("text") == .written(path: bench.path("link.txt")))
        #expect(try String(contentsOfFile: victim, encoding: .utf8) == "mine")
        #expect(try String(contentsOfFile: bench.path("link.txt"), encoding: .utf8) == "text\n")
        let attributes = try FileManager.default.attributesOfItem(atPath: bench.path("link.txt"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(await Clipboard(bench.seat([:]), file: bench.path("no/such/dir")).copy("text") == .failed)
    }

    @Test func aDiskThatTakesNothingIsLeftWithoutAFile() async throws {
        let bench = try Bench()
        let path = bench.path("copied.txt")
        await #expect(processExitsWith: .success) { [path = path as String] in
            // What write(2) says then is what it says on a full disk.
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 4, rlim_max: 4)
            #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            #expect(!Clipboard.write("https://claudemesh.com", to: path))
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func theTerminalsSequenceCarriesTheText() async throws {
        let bench = try Bench()
        let outcome = await Clipboard(bench.seat(Self.ssh), file: bench.path("x")).copy("http://a")
        #expect(outcome == .sentToTerminal(sequence: "\u{1B}]52;c;aHR0cDovL2E=\u{07}"))
        let wrapped = await Clipboard(bench.seat(Self.ssh.merging(["STY": "1.pts"]) { $1 }), file: "x").copy("http://a")
        #expect(wrapped == .sentToTerminal(sequence: "\u{1B}P\u{1B}]52;c;aHR0cDovL2E=\u{07}\u{1B}\\"))
        #expect(Clipboard.sequence(String(repeating: "x", count: 600), inScreen: true) == nil)
    }

    @Test func tmuxHasTheTextAfterwards() async throws {
        let bench = try Bench()
        let environment = ProcessInfo.processInfo.environment
        let path = try #require(Seat(environment: environment).find("tmux"))
        let socket = bench.path("tmux")
        func tmux(_ arguments: String...) async -> ChildProgram.Outcome {
            await ChildProgram(path: path, arguments: ["-S", socket, "-f", "/dev/null"] + arguments)
                .run(input: "", environment: environment, limit: .seconds(20))
        }
        #expect(await tmux("new-session", "-d", "exec sleep 300") == .succeeded)
        let seat = Seat(environment: ["TMUX": "\(socket),1,0"]) { $0 == "tmux" ? path : nil }
        #expect(await Clipboard(seat, file: bench.path("link.txt")).copy("https://a/ñ") == .copied(with: "tmux"))
        #expect(await tmux("save-buffer", bench.path("buffer")) == .succeeded)
        #expect(try String(contentsOfFile: bench.path("buffer"), encoding: .utf8) == "https://a/ñ")
        #expect(await tmux("kill-server") == .succeeded)
    }
}
