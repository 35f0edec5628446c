// However the program ends, wherever a person is: the terminal is as it was found, the parent sees the true reason, no
// process stays and no file is half-written. To add a way to end: a case of `Fault`.

import Foundation
import Glibc
import TestSupport
import Testing

/// What can happen to the program from outside.
enum Fault: CaseIterable, Sendable {
    case interrupt, terminate, hangUp, quit, trap, illegal, kill, closedTerminal

    /// nil is not a signal of the test's own.
    var signal: Int32? {
        switch self {
        case .interrupt: SIGINT
        case .terminate: SIGTERM
        case .hangUp: SIGHUP
        case .quit: SIGQUIT
        case .trap: SIGTRAP
        case .illegal: SIGILL
        case .kill: SIGKILL
        case .closedTerminal: nil
        }
    }
}

@Suite(.serialized) struct FaultMatrixTests {
    @Test(arguments: Place.all) func endedAnywhereNothingIsLeft(place: Place) async throws {
        let stage = try await Stage.shared
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
        #expect(terminal.lineModes != untouched, "\(fault)")
        if let signal = fault.signal { terminal.signal(signal) } else { terminal.hangUp() }
        #expect(try await terminal.waitForEnd() == .signal(fault.signal ?? SIGHUP), "\(fault)")
        #expect(journey.processes().isEmpty, "\(fault)")
        #expect(journey.torn.isEmpty, "\(fault)")
        #expect(journey.leftovers.isEmpty, "\(fault)")
        guard fault != .kill && fault != .closedTerminal else { return }
        #expect(terminal.lineModes == untouched, "\(fault)")
        #expect(terminal.isUntouched, "\(fault): \(terminal.setModes)")
        let shown = terminal.screen.text.filter { !$0.isWhitespace }
        #expect(shown.isEmpty, "\(fault): \(shown)")
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
            && !text.contains("\u{1B}[3J") && !text.contains(#/\x{1B}\](?!8;)/#)
    }
}
