// The columns we count are those a terminal moves its cursor by: asked of tmux and of libvterm, text by text.

import CVTerm
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Text

@Suite struct TerminalWidthTests {
    /// Draws every text at the left edge of a pane and asks where the cursor is.
    private static let script = """
        stty raw -echo
        while IFS= read -r text <&3; do
            printf '\\r\\033[K%s\\033[6n' "$text" >/dev/tty
            IFS='[;' read -rs -d R _ _ column </dev/tty
            echo "$((column - 1))"
        done 3<"$1/texts" >"$1/columns" 2>"$1/errors"
        """

    @Test(.timeLimit(.minutes(1))) func tmuxAgrees() async throws {
        let drawn = try Self.drawn()
        try Self.compare(drawn, with: try await Self.columns(of: drawn))
    }

    @Test func theEmulatorOfTheTestsAgrees() throws {
        let screen = cv_screen_new(2, 200)
        defer { cv_screen_free(screen) }
        let drawn = try Self.drawn().filter { $0.unicodeScalars.allSatisfy(Self.isKnownToTheEmulator) }
        let columns = drawn.map { text in
            let bytes = Array("\u{1b}[H\u{1b}[K\(text)".utf8)
            cv_screen_write(screen, bytes, bytes.count)
            return Int(cv_screen_cursor_column(screen))
        }
        try Self.compare(drawn, with: columns)
    }

    /// libvterm 0.1.4 knows wide characters up to Unicode 9 and marks up to 5.0, with these exceptions.
    private static func isKnownToTheEmulator(_ scalar: Unicode.Scalar) -> Bool {
        let others: Set<UInt32> = [0x6DE, 0x1734, 0x1885, 0x1A1B, 0x302A, 0x3099, 0xA802, 0x1F93B, 0x1F946]
        guard let age = scalar.properties.age, !others.contains(scalar.value) else { return false }
        let isMark = [.nonspacingMark, .enclosingMark].contains(scalar.properties.generalCategory)
        return isMark ? (age.major, age.minor) <= (5, 0) : age.major <= 9
    }

    /// What is drawn of hostile names, of every emoji, and of a character of every range of the width table.
    private static func drawn() throws -> [String] {
        var texts = HostileNames.fixed + HostileNames.random(300, seed: 9)
        for line in try UnicodeData.lines("emoji/emoji-test.txt") {
            texts.append(try #require(UnicodeData.text(line.prefix { $0 != ";" })))
        }
        for line in try UnicodeData.lines("EastAsianWidth.txt") {
            texts += UnicodeData.text(line.prefix { $0 != ";" && $0 != "." }).map { [$0] } ?? []
        }
        return texts.map { TextWidth.clip($0, to: 60) }
    }

    private static func compare(_ texts: [String], with columns: [Int]) throws {
        try #require(columns.count == texts.count && texts.count > 4000)
        let wrong = zip(texts, columns).filter { TextWidth.of($0) != $1 }
            .map { "\(UnicodeData.hex($0)): \(TextWidth.of($0)), measured \($1)" }
        #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(200).joined(separator: "\n"))")
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
