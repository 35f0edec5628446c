// The table of places, by topic.

import Foundation
import ServerSupport
import TestSupport

extension Place {
    static let all: [Place] = start + signIn + token + join + mesh + answers + overlays + watch

    static let start: [Place] = [
        Place(name: "welcome", shows: "▸ Sign in"),
        Place(
            name: "nested", shows: "You're already in dev",
            variables: ["CLAUDEMESH_SESSION_ID": "1", "CLAUDEMESH_MESH": "dev"]),
    ]

    static let signIn: [Place] = [
        Place(name: "sign-in.requesting", shows: "Getting a code", server: .mute) { _, terminal in
            try await terminal.choose("Sign in")
        },
        Place(name: "sign-in.waiting", shows: "Waiting for your approval", reach: waiting),
        Place(name: "sign-in.qr", shows: "s hide QR") { stage, terminal in
            try await waiting(stage, terminal)
            terminal.press(.character("s"))
        },
        Place(name: "sign-in.denied", shows: "Sign-in was denied") { stage, terminal in
            let code = try await terminal.code()
            try await stage.server.decide(code, as: stage.ana, approve: false)
        },
        Place(name: "sign-in.expired", shows: "ran out before it was approved") { stage, terminal in
            try await terminal.wait(for: "▸ Sign in")
            terminal.press(.enter)
            // The clock is everybody's: another run may have turned it already.
            let ended = "ran out before it was approved"
            let screen = try await terminal.wait(for: "a code") { $0.userCode != nil || $0.text.contains(ended) }
            if !screen.text.contains(ended) { stage.server.time.advance(601) }
        },
        Place(name: "sign-in.code-alive", shows: "Approve meanwhile", server: .gone(at: "GET /api/auth/cli/device")) {
            _, terminal in
            _ = try await terminal.code()
        },
        Place(name: "sign-in.lost", shows: "its token was lost", server: .lossy(at: #""token":"cm_"#), reach: approved),
        Place(
            name: "sign-in.approved", shows: "Loading your meshes", server: .silent(at: "GET /api/my/meshes"),
            reach: approved),
        Place(name: "sign-in.offline", shows: "Use this machine only", server: .refusing) {
            _, terminal in
            try await terminal.choose("Sign in")
            try await terminal.wait(for: "nothing listens there")
        },
    ]

    static let token: [Place] = [
        Place(name: "token.empty", shows: "It stays hidden", reach: tokenField),
        Place(name: "token.malformed", shows: "Invalid token format") { stage, terminal in
            try await tokenField(stage, terminal)
            terminal.paste("cm_pat_short")
        },
        Place(name: "token.checking", shows: "Checking with", server: .mute) { stage, terminal in
            try await tokenField(stage, terminal)
            terminal.paste(stage.pat)
            try await terminal.wait(for: "••")
            terminal.press(.enter)
        },
        Place(name: "token.rejected", shows: "Token rejected") { stage, terminal in
            try await tokenField(stage, terminal)
            terminal.paste("cm_pat_" + String(repeating: "a", count: 52))
            try await terminal.wait(for: "••")
            terminal.press(.enter)
        },
        Place(name: "token.checked", shows: "Sign in with this token") { stage, terminal in
            try await tokenField(stage, terminal)
            terminal.paste(stage.pat)
            try await terminal.wait(for: "••")
            terminal.press(.enter)
        },
    ]

    static let join: [Place] = [
        Place(name: "join.empty", shows: "Paste the invite link", reach: joinField),
        Place(name: "join.invalid", shows: "No such invite on") { stage, terminal in
            try await joinField(stage, terminal)
            terminal.paste("AAAA-AAAA-AAAA")
        },
        Place(name: "join.looking-up", shows: "Looking it up", server: .mute) { stage, terminal in
            try await joinField(stage, terminal)
            terminal.paste("AAAA-AAAA-AAAA")
        },
        Place(name: "join.preview", shows: "guest, for this mesh only") { stage, terminal in
            try await joinField(stage, terminal)
            terminal.paste(stage.invite)
        },
    ]

    static let mesh: [Place] = [
        Place(name: "mesh.list", shows: "pick a mesh · 3", identity: .ana),
        Place(name: "mesh.loading", shows: "loading your meshes", server: .mute, identity: .ana),
        Place(name: "mesh.filtered", shows: "2 of 3", identity: .ana) { _, terminal in
            try await terminal.wait(for: "pick a mesh · 3")
            try await terminal.type("pl")
        },
        Place(name: "mesh.no-match", shows: "Clear the filter", identity: .ana) { _, terminal in
            try await terminal.wait(for: "pick a mesh · 3")
            try await terminal.type("zzz")
        },
        Place(name: "mesh.none", shows: "You have no mesh yet", identity: .otto),
        Place(name: "mesh.create", shows: "You'll be its owner", identity: .otto) { _, terminal in
            try await terminal.wait(for: "You have no mesh yet")
            try await terminal.pressEnterUntilTaken()
        },
        Place(name: "mesh.offline", shows: "▸ Retry now", server: .refusing, identity: .ana),
    ]

    static let answers: [Place] = [
        Place(
            name: "name", shows: "what others in the mesh see", arguments: ["--mesh", "dev"], identity: .ana),
        Place(
            name: "role", shows: "what this session does", arguments: ["--mesh", "dev", "--name", "Ana"],
            identity: .ana),
        Place(
            name: "role.other", shows: "in your own words", arguments: ["--mesh", "dev", "--name", "Ana"],
            identity: .ana
        ) { _, terminal in
            try await terminal.wait(for: "▸ No role")
            terminal.press(.end)
            try await terminal.wait(for: "▸ Other…")
            try await terminal.pressEnterUntilTaken()
        },
        Place(name: "confirm", shows: "▸ Launch Claude Code", arguments: answered, identity: .ana),
        Place(name: "confirm.no-agent", shows: "▸ Look again", arguments: answered, agent: nil, identity: .ana),
    ]

    static let overlays: [Place] = [
        Place(name: "help", shows: "Esc close") { _, terminal in
            try await terminal.wait(for: "▸ Sign in")
            terminal.press(.character("?"))
        },
        Place(name: "quit", shows: "Cancel signing in?") { stage, terminal in
            try await waiting(stage, terminal)
            terminal.press(.control("c"))
        },
        Place(name: "session-expired", shows: "Your sign-in has ended", identity: .expired),
        Place(name: "session-expired.midway", shows: "Your sign-in has ended") { stage, terminal in
            let eva = try await stage.server.somebody("Eva \(UUID())")
            try await stage.server.decide(try await terminal.code(), as: eva, approve: true)
            try await terminal.wait(for: "You have no mesh yet")
            try await stage.server.revokeAll(of: eva)
            try await terminal.pressEnterUntilTaken()
            try await terminal.wait(for: "You'll be its owner")
            try await terminal.pressEnterUntilTaken()
        },
        Place(
            name: "variable-rejected", shows: "rejected CLAUDEMESH_TOKEN",
            variables: ["CLAUDEMESH_TOKEN": "cm_pat_" + String(repeating: "a", count: 52)]),
        Place(name: "too-small", shows: "needs") { _, terminal in
            try await terminal.wait(for: "▸ Sign in")
            terminal.resize(columns: 32, rows: 8)
        },
    ]

    /// The same questions in lines, and the one command that waits.
    static let lines: [Place] = [
        line("lines.welcome", "Enter for 1:"),
        line("lines.waiting", "Waiting for your approval", after: ("Enter for 1:", "1")),
        Place(
            name: "lines.slowed-down", shows: "asks to poll", arguments: ["--plain"], server: .hurried, front: .lines
        ) { stage, terminal in
            try await terminal.wait(for: "Enter for 1:")
            // It gives out five codes a minute.
            stage.limited.time.advance(60)
            terminal.press(.enter)
        },
        line("lines.token", "Token:", after: ("Enter for 1:", "2")),
        line("lines.invite", "Invite:", after: ("Enter for 1:", "3")),
        line("lines.quit", "Cancel signing in?", after: ("Enter for 1:", "1"), ("Type copy", "quit")),
        line("lines.mesh", "Which mesh?", identity: .ana),
        line("lines.name", "Your name in the mesh?", arguments: ["--mesh", "dev"], identity: .ana),
        line("lines.role", "Your role", arguments: ["--mesh", "dev", "--name", "Ana"], identity: .ana),
        line("lines.confirm", "1. Launch Claude Code", arguments: answered, identity: .ana),
        Place(
            name: "lines.watch", shows: "Watching planning", arguments: ["watch", "planning", "--plain"],
            identity: .ana, front: .lines),
        Place(name: "login", shows: "Waiting", arguments: ["login", "--no-browser"], front: .command),
    ]

    /// Lines up to the one that shows `shows`, each answer given when its question is shown.
    private static func line(
        _ name: String, _ shows: String, arguments: [String] = [], identity: Identity = .nobody,
        after answers: (question: String, answer: String)...
    ) -> Place {
        Place(name: name, shows: shows, arguments: ["--plain"] + arguments, identity: identity, front: .lines) {
            _, terminal in
            for (question, answer) in answers {
                try await terminal.wait(for: question)
                terminal.send(Array("\(answer)\n".utf8))
            }
        }
    }

    static let answered = ["--mesh", "dev", "--name", "Ana", "--role", "tester"]

    private static let waiting: Reach = { _, terminal in _ = try await terminal.code() }

    private static let approved: Reach = { stage, terminal in
        try await stage.server.decide(try await terminal.code(), as: stage.ana, approve: true)
    }

    private static let tokenField: Reach = { _, terminal in
        try await terminal.wait(for: "▸ Sign in")
        try await terminal.choose("Paste an access token")
        try await terminal.wait(for: "It stays hidden")
    }

    private static let joinField: Reach = { _, terminal in
        try await terminal.wait(for: "▸ Sign in")
        try await terminal.choose("Join with an invite link")
        try await terminal.wait(for: "It looks like")
    }
}

extension TerminalSession {
    /// Begins to sign in from the welcome screen; the code that is shown then.
    func code() async throws -> String {
        try await wait(for: "▸ Sign in")
        press(.enter)
        return try await shownCode()
    }

    /// The code on the screen, alone on its line.
    func shownCode(other than: String = "") async throws -> String {
        let pattern = "a code"
        let screen = try await wait(for: pattern) { $0.userCode != nil && $0.userCode != than }
        return screen.userCode ?? ""
    }
}

extension Screen {
    var userCode: String? {
        lines.compactMap { $0.wholeMatch(of: #/.*\s([A-Z2-9]{4}-[A-Z2-9]{4})/#) }.first.map { String($0.1) }
    }
}
