// What holds wherever a person is: any size of window, and going to the shell and back.

import Glibc
import TestSupport
import Testing

@Suite(.serialized) struct PlaceTests {
    @Test(arguments: Place.all) func resizedAndSuspendedItIsStillThere(place: Place) async throws {
        let stage = try await Stage.shared()
        let journey = try place.journey(stage)
        let shell = try await journey.startInShell(place.arguments)
        try await place.go(stage, shell)

        for (columns, rows) in [(20, 5), (1, 1), (200, 60)] {
            let written = shell.recorded.count
            shell.resize(columns: columns, rows: rows)
            try await shell.wait(until: "it is drawn anew") { shell.recorded.count > written }
        }
        // What a low window hid is there again.
        shell.resize(columns: 80, rows: 24)
        if place.name == "too-small" { shell.resize(columns: 32, rows: 8) }
        try await shell.wait(for: place.shows)

        let drawn = shell.lineModes
        for _ in 0..<2 {
            try await shell.suspend()
            #expect(shell.lineModes.isCooked && shell.isUntouched)
            shell.send(Array("printf '\\033[H\\033[2J'; fg\n".utf8))
            try await shell.wait(for: "the place again") { $0.text.contains(place.shows) && $0.isCursorVisible }
            #expect(shell.lineModes == drawn)
        }

        kill(shell.foregroundGroup, SIGTERM)
        try await shell.wait(until: "the shell has its terminal") { shell.foregroundGroup == shell.pid }
        shell.send(Array("echo ended $?.\n".utf8))
        try await shell.wait(for: "ended 143.")
        #expect(shell.lineModes.isCooked && shell.isUntouched && journey.leftovers.isEmpty && journey.torn.isEmpty)
    }
}

extension TerminalSession {
    /// Presses Ctrl-Z until the shell says so: a screen that just appeared by itself drops what was typed before.
    func suspend() async throws {
        for _ in 0..<10 where !screen.text.contains("Stopped") {
            press(.control("z"))
            _ = try? await wait(for: "Stopped", seconds: 0.6)
        }
        try await wait(for: "Stopped", seconds: 0.1)
    }
}
