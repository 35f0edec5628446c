// However the program ends, wherever a person is: the terminal is as it was found, the parent sees the true reason, no
// process stays and no file is half-written. To add a way to end: a case of `Fault`.

import Foundation
import Glibc
import ServerSupport
import TestSupport
import Testing

/// What can happen to the program from outside.
enum Fault: CaseIterable, Sendable {
    case interrupt, terminate, hangUp, quit, trap, kill, closedTerminal

    /// nil is not a signal of the test's own.
    var signal: Int32? {
        switch self {
        case .interrupt: SIGINT
        case .terminate: SIGTERM
        case .hangUp: SIGHUP
        case .quit: SIGQUIT
        case .trap: SIGTRAP
        case .kill: SIGKILL
        case .closedTerminal: nil
        }
    }
}

@Suite(.serialized) struct FaultMatrixTests {
    @Test(arguments: Place.all + Place.lines) func endedAnywhereNothingIsLeft(place: Place) async throws {
        let stage = try await Stage.shared()
        let untouched = try await Self.untouched()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, fault) in Fault.allCases.enumerated() {
                if index >= 3 { try await group.next() }
                group.addTask { try await Self.end(at: place, by: fault, stage, untouched) }
            }
            try await group.waitForAll()
        }
    }

    private static func end(at place: Place, by fault: Fault, _ stage: Stage, _ untouched: LineModes) async throws {
        let journey = try place.journey(stage)
        let terminal = try journey.start(place.arguments)
        try await place.go(stage, terminal)
        let changesLine = place.front == .screen || place.name == "lines.token"
        #expect((terminal.lineModes != untouched) == changesLine, "\(fault)")
        if let signal = fault.signal { terminal.signal(signal) } else { terminal.hangUp() }
        var end = ProcessEnd.signal(fault.signal ?? SIGHUP)
        if place.front == .lines && fault == .interrupt {
            // Here it is Ctrl-C, which asks where something would be lost; the second one leaves.
            end = .code(128 + SIGINT)
            if ["lines.waiting", "lines.slowed-down"].contains(place.name) {
                try await terminal.wait(for: "Cancel signing in?")
                terminal.signal(SIGINT)
            }
        }
        #expect(try await terminal.waitForEnd() == end, "\(fault)")
        // A question to the agent that was under way, its version, ends by itself a moment later.
        try await eventually(seconds: 5) { journey.processes().isEmpty }
        #expect(journey.torn.isEmpty, "\(fault)")
        #expect(journey.leftovers.isEmpty, "\(fault)")
        guard fault != .kill && fault != .closedTerminal else { return }
        #expect(terminal.lineModes == untouched, "\(fault)")
        #expect(terminal.isUntouched, "\(fault): \(terminal.setModes)")
        let shown = terminal.screen.text.filter { !$0.isWhitespace }
        #expect(place.front != .screen || shown.isEmpty, "\(fault): \(shown)")
    }

    /// What ends the agent, or us, while it has the terminal.
    enum AgentFault: CaseIterable, Sendable {
        case interrupt, quit, terminate, hangUp, closedTerminal, agentKilled, trap
    }

    @Test(arguments: AgentFault.allCases) func withTheAgentRunningItsEndIsOurs(fault: AgentFault) async throws {
        let stage = try await Stage.shared()
        let journey = try Journey(agent: "wait", server: stage.server.url)
        try journey.signIn(stage.ana)
        let terminal = try journey.start(Place.answered + ["-y"])
        try await terminal.wait(for: "agent waits")
        let agent = try #require(journey.processes().first { $0 != terminal.pid })
        var end = ProcessEnd.code(5)
        switch fault {
        case .interrupt, .quit:
            // Ours alone are none of its business, and not our end.
            terminal.signal(fault == .quit ? SIGQUIT : SIGINT)
            terminal.resize(columns: 90, rows: 30)
            try await terminal.wait(for: "agent has 90x30")
            #expect(terminal.checkEnd() == nil)
            terminal.signal(SIGTERM)
        case .terminate: terminal.signal(SIGTERM)
        case .hangUp: terminal.signal(SIGHUP)
        case .closedTerminal:
            // Its last words found no terminal.
            terminal.hangUp()
            end = .code(6)
        case .agentKilled:
            kill(agent, SIGKILL)
            end = .signal(SIGKILL)
        case .trap:
            terminal.signal(SIGTRAP)
            end = .signal(SIGTRAP)
        }
        #expect(try await terminal.waitForEnd() == end)
        #expect(journey.torn.isEmpty)
        if fault == .trap {
            // The terminal's session ends with us, and so does the agent; what we left is swept by the next launch.
            try await terminal.wait(until: "it is gone") { !TerminalSession.isRunning(agent) }
            #expect(try await journey.start(["-y"], more: ["STANDIN_DO": "exit 3"]).waitForEnd() == .code(3))
        }
        #expect(journey.processes().isEmpty && journey.leftovers.isEmpty)
        if fault != .closedTerminal { #expect(terminal.lineModes == (try await Self.untouched())) }
        if fault != .closedTerminal { #expect(terminal.isUntouched, "\(terminal.setModes)") }
    }

    /// The termios of a terminal that no program changed.
    private static func untouched() async throws -> LineModes {
        let idle = try TerminalSession("/bin/echo", ["there"])
        try await idle.wait(for: "there")
        return idle.lineModes
    }
}

extension TerminalSession {
    /// No mode is set that was not set before, no colour, no other character set, no other keypad.
    var isUntouched: Bool {
        let text = String(decoding: recorded, as: UTF8.self)
        let keypad = text.split(separator: "\u{1B}=", omittingEmptySubsequences: false)
        let colours = text.matches(of: #/\x{1B}\[([0-9;]*)m/#).last.map { String($0.1) } ?? ""
        let screen = screen
        return setModes == ["7", "25"] && screen.isCursorVisible && !screen.isAlternate
            && (keypad.count == 1 || keypad[keypad.count - 1].contains("\u{1B}>"))
            && colours.split(separator: ";").allSatisfy { ["0", "10", "39", "49"].contains($0) }
            && !text.contains("\u{1B}[3J") && !text.contains(#/\x{1B}\](?!8;|2;)/#)
            // The window has its own name again.
            && text.matches(of: #/\x{1B}\[22;2t/#).count == text.matches(of: #/\x{1B}\[23;2t/#).count
    }
}
