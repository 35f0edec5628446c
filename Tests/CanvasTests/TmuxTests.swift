// The columns we count are those a terminal moves its cursor by: asked of tmux, text by text.

import Foundation
import Glibc
import Testing

@testable import Canvas

@Suite struct TmuxTests {
    /// Draws every text at the left edge of a pane and asks where the cursor is.
    private static let script = """
        stty raw -echo
        while IFS= read -r text <&3; do
            printf '\\r\\033[K%s\\033[6n' "$text" >/dev/tty
            IFS='[;' read -rs -d R _ _ column </dev/tty
            echo "$((column - 1))"
        done 3<"$1/texts" >"$1/columns" 2>"$1/errors"
        """

    @Test(.timeLimit(.minutes(1))) func agreesAboutWidths() async throws {
        var texts = HostileNames.fixed + HostileNames.random(300, seed: 9)
        for line in try UnicodeData.lines("emoji/emoji-test.txt") {
            texts.append(try #require(UnicodeData.text(line.prefix { $0 != ";" })))
        }
        for line in try UnicodeData.lines("EastAsianWidth.txt") {
            texts += UnicodeData.text(line.prefix { $0 != ";" && $0 != "." }).map { [$0] } ?? []
        }
        let drawn = texts.map { TextWidth.clip($0, to: 60) }
        let columns = try await Self.columns(of: drawn)
        try #require(columns.count == drawn.count)
        var wrong: [String] = []
        for (text, column) in zip(drawn, columns) where TextWidth.of(text) != column {
            wrong.append("\(UnicodeData.hex(text)): \(TextWidth.of(text)), tmux \(column)")
        }
        #expect(wrong.isEmpty, "\(wrong.count) of \(drawn.count): \(wrong.prefix(200).joined(separator: "\n"))")
    }

    private static func columns(of texts: [String]) async throws -> [Int] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "canvas-tmux-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let socket = folder.appending(path: "socket").path
        try Data(texts.map { $0 + "\n" }.joined().utf8).write(to: folder.appending(path: "texts"))
        try Data(script.utf8).write(to: folder.appending(path: "script"))
        let command = "bash '\(folder.path)/script' '\(folder.path)'; tmux -S '\(socket)' wait-for -S done; cat"
        try await tmux(socket, "-f", "/dev/null", "new-session", "-d", "-x", "200", "-y", "24", command)
        do {
            try await tmux(socket, "wait-for", "done")
        } catch {
            try await tmux(socket, "kill-server")
            throw error
        }
        try await tmux(socket, "kill-server")
        let errors = try String(contentsOf: folder.appending(path: "errors"), encoding: .utf8)
        try #require(errors.isEmpty, "\(errors)")
        return try String(contentsOf: folder.appending(path: "columns"), encoding: .utf8)
            .split(separator: "\n").compactMap { Int($0) }
    }

    /// Runs tmux and waits for the command, not for the server that it leaves running: Foundation's `Process` waits
    /// until nobody holds a descriptor of its own any more, and the server inherits it.
    private static func tmux(_ socket: String, _ arguments: String...) async throws {
        let words = ["tmux", "-u", "-S", socket] + arguments
        let environment = ["LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin", "TERM=xterm-256color"]
        // The test's own threads block signals; the server must not, or nothing ends it.
        var attributes = posix_spawnattr_t()
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var process: pid_t = 0
        let spawned = withCStrings(words) { argv in
            withCStrings(environment) { posix_spawnp(&process, "tmux", nil, &attributes, argv, $0) }
        }
        try #require(spawned == 0, "tmux is not installed")
        var status: CInt = 0
        while waitpid(process, &status, WNOHANG) == 0 { try await Task.sleep(for: .milliseconds(1)) }
        try #require(status == 0, "tmux \(arguments)")
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let pointers = strings.map { strdup($0) }
        defer { pointers.forEach { free($0) } }
        return body(pointers + [nil])
    }
}
