// Going to the shell and back in line mode: the terminal is the shell's meanwhile, and the question is still there.

import Glibc
import TestSupport
import Testing

@Suite(.serialized) struct LinePlaceTests {
    @Test(arguments: Place.lines) func suspendedAndWokenItIsStillThere(place: Place) async throws {
        let stage = try await Stage.shared()
        let journey = try place.journey(stage)
        let shell = try await journey.startInShell(place.arguments)
        try await place.go(stage, shell)
        let asked = shell.lineModes
        for round in 1...2 {
            shell.press(.control("z"))
            try await shell.wait(for: "the shell") { $0.text.ranges(of: "Stopped").count == round }
            #expect(shell.lineModes.isCooked && shell.isUntouched)
            shell.send(Array("fg\n".utf8))
            try await shell.wait(until: "the question's modes") {
                shell.foregroundGroup != shell.pid && shell.lineModes == asked
            }
            guard place.front == .lines else { continue }
            // The question with its choices, not only where its answer is typed.
            try await shell.wait(for: "the question, again") { _ in
                String(decoding: shell.recorded, as: UTF8.self).ranges(of: place.shows).count > round
            }
        }
        kill(shell.foregroundGroup, SIGTERM)
        try await shell.wait(until: "the shell has its terminal") { shell.foregroundGroup == shell.pid }
        shell.send(Array("echo ended $?.\n".utf8))
        try await shell.wait(for: "ended 143.")
        #expect(shell.lineModes.isCooked && shell.isUntouched && journey.leftovers.isEmpty && journey.torn.isEmpty)
    }
}
