// Every screen and overlay a person can be at, and how they get there, for tests that hold of each of them.
// To add a screen: a line in the table of its topic below, with what it shows and the keys that lead to it.

import Foundation
import MeshAPI
import ServerSupport
import Synchronization
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

/// One screen, reached by keys in the real program.
struct Place: Sendable, CustomTestStringConvertible {
    typealias Reach = @Sendable (Stage, TerminalSession) async throws -> Void

    let name: String
    /// What stands there and nowhere else on the way.
    let shows: String
    var arguments: [String] = []
    var server = ServerKind.real
    var variables: [String: String] = [:]
    var agent: String? = "exit 0"
    /// Who is signed in before, if anybody.
    var identity = Identity.nobody
    var front = Front.screen
    var reach: Reach = { _, _ in }

    /// What is found at the address of the server in force.
    enum ServerKind: Sendable {
        case real, mute, refusing
        /// The real one, gone with the first request of that kind.
        case gone(at: String)
        /// The real one, which never answers requests of that kind.
        case silent(at: String)
        /// The real one, whose answer of that kind is lost on the way.
        case lossy(at: String)
        /// The real one with its limits, where somebody else polls too.
        case hurried
    }

    /// Lines instead of a screen.
    enum Front: Sendable { case screen, lines, command }

    /// With meshes, without one, and with a token that was revoked.
    enum Identity: Sendable { case nobody, ana, otto, expired }

    var testDescription: String { name }

    /// A home in which this place can be reached.
    func journey(_ stage: Stage) throws -> Journey {
        let real = stage.server.url
        let journey =
            switch server {
            case .real: try Journey(agent: agent, server: real, variables)
            case .mute: try Journey(agent: agent, server: DeadEnd.mute.url, variables)
            case .refusing: try Journey(agent: agent, variables)
            case .gone(let moment):
                try Journey(agent: agent, relay: Relay(to: real, .breaks, at: moment), variables)
            case .silent(let moment):
                try Journey(agent: agent, relay: Relay(to: real, .swallows, at: moment), variables)
            case .lossy(let moment):
                try Journey(agent: agent, relay: Relay(to: real, .losesAnswer, at: moment), variables)
            case .hurried:
                try Journey(
                    agent: agent, relay: Relay(to: stage.limited.url, .hurries, at: "GET /api/auth/cli/device"),
                    variables)
            }
        switch identity {
        case .nobody: break
        case .ana: try journey.signIn(stage.ana)
        case .otto: try journey.signIn(stage.otto)
        case .expired: try journey.signIn(stage.expired)
        }
        return journey
    }

    /// Goes there and waits until it is shown.
    func go(_ stage: Stage, _ terminal: TerminalSession) async throws {
        try await reach(stage, terminal)
        try await terminal.wait(for: shows)
    }
}

/// The world the places are in: a server with two people, one with meshes and one without.
final class Stage: Sendable {
    private static let made = Mutex<[String: Task<Stage, any Error>]>([:])

    /// Made once for the tests of a file, which come one after the other: what is launched, and a clock that is moved, are
    /// seen by no other's.
    static func shared(by file: String = #fileID) async throws -> Stage {
        try await made.withLock { made in
            let task = made[file] ?? Task { try await Stage() }
            made[file] = task
            return task
        }.value
    }

    let server: TestServer
    /// Another one, which asks pollers to slow down.
    let limited: TestServer
    let ana: Somebody
    let otto: Somebody
    let expired: Somebody
    let pat: String
    let invite: String

    private init() async throws {
        server = try await TestServer()
        limited = try await TestServer(hasLimits: true)
        ana = try await server.somebody("Ana Ferreiro")
        otto = try await server.somebody("Otto Normal")
        let first = try await server.mesh("platform-team", of: ana)
        for name in ["planning", "dev"] { _ = try await server.mesh(name, of: ana) }
        expired = Somebody(
            account: ana.account, token: try await server.token(.session, of: ana.account, isRevoked: true))
        pat = try await server.token(.pat, of: ana.account)
        invite = try await server.invite(to: first, of: ana).code
    }
}

extension TerminalSession {
    /// Presses Enter until the screen is another one: those that appear by themselves take none at first. Never again
    /// before the program had the time to take the last one, and rests: the next screen would take it.
    /// - Parameter row: what stands on that screen alone, where something may come to it meanwhile.
    func pressEnterUntilTaken(on row: String? = nil) async throws {
        let before = screen.text
        @Sendable func isLeft(_ screen: Screen) -> Bool {
            row.map { !screen.text.contains($0) } ?? (screen.text != before)
        }
        for _ in 0..<20 where !isLeft(screen) {
            press(.enter)
            _ = try? await wait(for: "another screen", seconds: 0.5) { isLeft($0) }
            try await wait(until: "it rests") { isAtRest }
        }
    }

    /// Clicks the last place where `text` stands.
    func click(on text: String) async throws {
        let screen = try await wait(for: text)
        guard let y = screen.lines.lastIndex(where: { $0.contains(text) }),
            let start = screen.lines[y].range(of: text)?.lowerBound
        else { return }
        click(x: screen.lines[y][..<start].count, y: y)
    }

    /// Moves the selection down to the row that begins so, and takes it.
    func choose(_ row: String) async throws {
        var selected = try await wait(for: "a list") { $0.selected != nil }.selected
        for _ in 0..<12 where selected?.hasPrefix(row) == false {
            let before = selected
            press(.down)
            selected = try await wait(for: "the next row") { $0.selected != nil && $0.selected != before }.selected
        }
        try await pressEnterUntilTaken()
    }
}

extension Screen {
    /// The row that Enter takes, without its mark.
    var selected: String? {
        lines.compactMap { $0.wholeMatch(of: #/ +▸ (\S.*)/#) }.last.map { String($0.1) }
    }
}
