// Line mode answers every line: with what is possible where it was none, in the order a person can follow by ear, and
// nothing twice. To add a question that must say so: a row in `wrongAnswersSayWhatIsPossible`.

import Glibc
import MeshAPI
import MeshStore
import Platform
import ServerSupport
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite(.serialized) struct LineAnswerTests {
    @Test func wrongAnswersSayWhatIsPossible() async throws {
        let stage = try await Stage.shared()
        let lines = try Journey(server: stage.server.url).start(["--plain"], rows: 80)
        for (prompt, answer, said) in [
            ("Enter for 1:", "xyz", "Error: that isn't one of the choices. Type 1 to 7:"),
            ("Type 1 to 7:", "8", "Error: 8 is not in the list. Type 1 to 7:"),
            ("Type 1 to 7:", "1", "token or back."),
            ("token or back.", "1", "Error: that isn't one of the choices. Type copy, open, new, token or\nback."),
            ("token or\nback.", "xyz", "Error: that isn't one of the choices. Type copy, open, new, token or\nback."),
            ("token or\nback.", "token", "Token:"),
            ("Token:", "xyz", "Error: invalid token format (expected cm_pat_…)\nToken:"),
        ] {
            try await lines.answer(answer, to: prompt)
            try await lines.wait(for: said) { $0.text.trimmedLines.hasSuffix(said) }
        }
        // Both wrong answers to the sign-in were answered.
        #expect(lines.screen.text.matches(of: /choices\. Type copy/).count == 2)
    }

    /// Back at the first question: how to leave it out was said. What went wrong is said once, not announced and said.
    @Test func nothingIsSaidTwice() async throws {
        let lines = try Journey().start(["--plain"], rows: 80)
        for (prompt, answer) in [
            ("Enter for 1:", "2"), ("Token:", "back"), ("Enter for 1:", "2"), ("Token:", "xyz"), ("Token:", ""),
        ] {
            try await lines.answer(answer, to: prompt)
        }
        let text = try await lines.wait(for: "Error: paste a token first.").text
        #expect(text.matches(of: /usage data/).count == 1 && text.matches(of: /telemetry off/).count == 1)
        #expect(text.matches(of: /How do you want to start/).count == 2)
        #expect(text.matches(of: /Access token\./).count == 2 && text.matches(of: /cli-tokens/).count == 2)

        let stage = try await Stage.shared()
        let dry = try Journey(server: stage.server.url)
        try dry.signIn(stage.otto)
        let error = try dry.start(["launch", "--dry-run", "--plain"], rows: 60)
        try await error.answer("1", to: "Enter for 1:")
        try await error.answer("", to: "s mesh:")
        let said = try await error.wait(for: "1. Back").text
        #expect(said.matches(of: /Error/).count == 1, "\(said)")
    }

    /// The name is asked before its slug is told; a taken one is told too. A role of one's own has its bound.
    @Test func aNewMeshAndARoleOfOnesOwn() async throws {
        let server = try await TestServer()
        let journey = try Journey(server: server.url)
        try journey.signIn(try await server.somebody())
        let lines = try journey.start(["--plain"], rows: 80)
        try await lines.answer("1", to: "Enter for 1:")
        try await lines.answer("Dev Team", to: "Enter for Ana's mesh:")
        try await lines.answer("Ana", to: "Enter for Ana Ferreiro:")
        try await lines.answer("8", to: "Enter for 1:")
        try await lines.answer("lead\u{1B}[D", to: "Role:")
        try await lines.answer(
            String(repeating: "x", count: 33), to: "Error: roles can't have control or invisible characters.\nRole:")
        try await lines.answer("release captain", to: "Error: roles can have up to 32 characters.\nRole:")
        let text = try await lines.wait(for: "Ready.").text.trimmedLines
        #expect(
            text.contains(
                """
                You have no mesh yet. Create one, then invite others to it.
                1. Create a mesh
                2. Join with an invite
                3. Use another account
                Type a number, or Enter for 1: 1

                Create a mesh.
                You'll be its owner. Invite others with: claudemesh invite
                The name of the new mesh?
                Enter for Ana's mesh: Dev Team
                Slug: dev-team · available.
                Creating "Dev Team"…
                Mesh: Dev Team.

                Your name in the mesh?
                """), "\(text)")
        #expect(text.contains("\nRole, in your own words, up to 32 characters.\nRole: "), "\(text)")
    }

    /// Who asked for another account and came back did not sign in anew.
    @Test func backFromAnotherAccountIsNoSignIn() async throws {
        let stage = try await Stage.shared()
        let journey = try Journey(server: stage.server.url)
        try journey.signIn(stage.ana)
        let answers = ["launch", "--plain", "--mesh", "planning", "--name", "Ana", "--role", "lead"]
        let lines = try journey.start(answers, rows: 80)
        try await lines.answer("6", to: "Enter for 1:")
        try await lines.wait(for: "How do you want to start?")
        try await lines.answer("back", to: "Enter for 1:")
        let text = try await lines.wait(for: "Ready.") { $0.text.matches(of: /Ready\./).count == 2 }.text
        #expect(!text.contains("Done:"), "\(text)")
    }

    /// A link or a token is taken where there is a question too, and not for a name.
    @Test func whatIsPastedIsTakenForWhatItIs() async throws {
        let stage = try await Stage.shared()
        let token = try Journey(server: stage.server.url).start(["--plain"], rows: 80)
        try await token.answer("1", to: "Enter for 1:")
        try await token.answer(stage.pat, to: "token or back.")
        try await token.wait(for: "1. Sign in with this token")
        let journey = try Journey(server: stage.server.url)
        try journey.signIn(stage.ana)
        let link = try journey.start(["--plain"], rows: 80)
        try await link.answer("\(stage.server.url)/i/\(stage.invite)", to: "Enter for 1:")
        try await link.wait(for: "you are already in platform-team\n")
    }

    /// News that come while a question waits stand where the answer was to be typed: it is asked again.
    @Test func lateNewsLeaveAQuestionBehindThem() async throws {
        let server = try await TestServer()
        let ana = try await server.somebody()
        let invite = try await server.invite(to: try await server.mesh("dev", of: ana), of: ana)
        let journey = try Journey(server: server.url)
        let lines = try journey.start(["--plain", "--join", invite.url], rows: 80)
        let preview = try await lines.wait(for: "Enter for ana:").text.trimmedLines
        #expect(preview.hasSuffix("Identity: guest, for this mesh only\nYour name in the mesh?\nEnter for ana:"))
        #expect(preview.matches(of: /Join\./).count == 1, "\(preview)")
        try journey.write(".lock", "")
        let lock = open("\(journey.config)/.lock", O_RDWR | O_CLOEXEC)
        defer { close(lock) }
        #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
        try await lines.answer("Guest", to: "Enter for ana:")
        try await lines.answer("1", to: "Enter for 1:")
        let asked = try await lines.wait(for: "1. No role") { $0.text.trimmedLines.hasSuffix("Enter for 1:") }.text
        #expect(!asked.contains("saved"))
        #expect(flock(lock, LOCK_UN) == 0)
        try await lines.wait(for: "the news, and the question again") {
            $0.text.trimmedLines.hasSuffix(
                "Done: token saved to ~/.claudemesh/auth.json\nType a number, or Enter for 1:")
        }
        try await lines.answer("3", to: "Enter for 1:")
        try await lines.wait(for: "Role: reviewer.")
    }

    /// What the server refused is of no use to anybody: leaving loses nothing.
    @Test func leavingARefusedTokenIsNotAskedAbout() async throws {
        let stage = try await Stage.shared()
        let lines = try Journey(server: stage.server.url).start(["--plain"], rows: 60)
        try await lines.answer("2", to: "Enter for 1:")
        let unknown = TokenForm.make(.pat, bytes: randomBytes(32))
        try await lines.answer(unknown, to: "Token:")
        try await lines.wait(for: "Error: token rejected")
        lines.send(Array("quit\n".utf8))
        #expect(try await lines.waitForEnd() == .code(1))
        #expect(!lines.screen.text.contains("What you typed is lost"))
    }
}
