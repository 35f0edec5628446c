// What is told, when, to whom: the notice first, then the next run; off where it is off; nothing that names anybody.

import Foundation
import MeshAPI
import MeshClient
import MeshStore
import TestSupport
import Testing

@testable import Commands
@testable import Connect
@testable import Console
@testable import LocalState
@testable import WizardRun

@Suite struct TelemetryCommandTests {
    private struct Status: Decodable {
        var enabled: Bool
        var reason: String?
        var waiting: [TelemetryEvent]
    }

    private func status(_ home: CommandHome, _ more: [String: String?] = [:]) async throws -> Status {
        try await home.run("telemetry", "status", "--json", environment: more).json(Status.self)
    }

    private let notice = "claudemesh collects usage telemetry. Disable with `claudemesh telemetry off`.\n"

    @Test func theNoticeComesOnceAndThatRunTellsNothing() async throws {
        try await CommandServer.run { server in
            let person = try await server.person(telling: true)
            #expect(try await status(person.home).reason == "not_told")
            let first = await person.home.run("sync")
            #expect(first.err == notice)
            #expect(try await status(person.home).waiting.isEmpty)
            let second = await person.home.run("sync")
            #expect(second.err.isEmpty)
            let waiting = try await status(person.home).waiting
            #expect(waiting.map(\.name) == [.commandExecuted])
            #expect(waiting.first?.command == "sync" && waiting.first?.exitCode == 0)
            #expect(waiting.first?.authenticated == true)
        }
    }

    @Test func eventsGoWithALaterCommand() async throws {
        try await CommandServer.run { server in
            let person = try await server.person(telling: true)
            #expect(await person.home.run("telemetry", "on").status == 0)
            #expect(await person.home.run("members", "nothing").status == 5)
            let ids = Set(try await status(person.home).waiting.map(\.id))
            #expect(ids.count == 1)
            // It may take more than one command, since none waits for it.
            try await eventually {
                _ = await person.home.run("list")
                return Set(try await self.status(person.home).waiting.map(\.id)).isDisjoint(with: ids)
            }
        }
    }

    @Test func aFailedRequestIsToldByItsPattern() async throws {
        try await CommandServer.run { server in
            let person = try await server.person(telling: true)
            #expect(await person.home.run("telemetry", "on").status == 0)
            let secret = TokenForm.make(.pat, bytes: [UInt8](repeating: 3, count: 32))
            _ = await person.home.run("create", "Secret name", environment: ["CLAUDEMESH_TOKEN": secret])
            let failure = try await status(person.home).waiting.first { $0.name == .apiError }
            #expect(failure?.endpoint == "/api/my/meshes" && failure?.status == 401)
            _ = await person.home.run("login", "--with-token", input: secret)
            let login = try await status(person.home).waiting.first { $0.name == .loginFailed }
            #expect(login?.method == .pat && login?.reason == "token_rejected")
            let file = try #require(person.home.read(".claudemesh/telemetry.json"))
            #expect(!file.contains("Secret") && !file.contains(secret) && !file.contains("Ale"))
        }
    }

    @Test func signingInAndOutIsTold() async throws {
        try await CommandServer.run { server in
            let account = try await server.account("Ale")
            let token = try await server.token(.pat, of: account, name: "ci")
            let home = try CommandHome(server: server.url, telling: true)
            _ = await home.run("telemetry", "on")
            _ = await home.run("login", "--with-token", input: token)
            let names = try await status(home).waiting.map(\.name)
            #expect(names == [.loginStarted, .loginSucceeded, .commandExecuted])
            _ = await home.run("logout")
            #expect(try await status(home).waiting.contains { $0.name == .logout && $0.userId != nil })
        }
    }

    @Test(arguments: [("DO_NOT_TRACK", "do_not_track"), ("CI", "ci")])
    func offByTheEnvironment(_ variable: String, _ reason: String) async throws {
        try await CommandServer.run { server in
            let person = try await server.person(telling: true)
            let off: [String: String?] = [variable: "1"]
            #expect(await person.home.run("list", environment: off).err.hasPrefix("You are in no mesh yet"))
            #expect(try await status(person.home, off).reason == reason)
            #expect(person.home.read(".claudemesh/telemetry.json") == nil)
        }
    }

    @Test func offForgetsWhatWaits() async throws {
        try await CommandServer.run { server in
            let person = try await server.person(telling: true)
            _ = await person.home.run("telemetry", "on")
            _ = await person.home.run("sync")
            #expect(try await !status(person.home).waiting.isEmpty)
            #expect(await person.home.run("telemetry", "off").out == "Telemetry is off\n")
            _ = await person.home.run("sync")
            let now = try await status(person.home)
            #expect(!now.enabled && now.reason == "off" && now.waiting.isEmpty)
        }
    }

    /// A server that takes no telemetry fails nobody.
    @Test func itNeverFailsACommand() async throws {
        let home = try CommandHome(server: "http://127.0.0.1:1", telling: true)
        try home.signIn(
            TokenForm.make(.session, bytes: [UInt8](repeating: 1, count: 32)), User(id: "u", name: "Ale"),
            on: "http://127.0.0.1:1")
        _ = await home.run("telemetry", "on")
        for _ in 0..<40 { #expect(await home.run("whoami").status == 0) }
        #expect(try await status(home).waiting.count == TelemetryBatch.maxEvents)
    }

    /// The wizard's runs too: the first one only says so, the second has something to tell, a later one sends it, and the
    /// server counts it.
    @Test func theWizardTellsAServerThatCounts() async throws {
        try await CommandServer.run { server in
            let person = try await server.person(telling: true)
            _ = try await person.mesh("Dev")
            try person.home.write("#!/bin/sh\nexit 0\n", to: "agent", mode: 0o700)
            func launch() async throws -> Int32 {
                let line = "$CM launch -y --agent \(person.home.path)/agent"
                return try await person.home.shell(line).status
            }
            #expect(await person.home.run("sync").err == self.notice)
            #expect(try await launch() == 0)
            let waiting = try await status(person.home).waiting
            let first = try #require(waiting.first { $0.command == "launch" }, "\(waiting)")
            #expect(first.name == .commandExecuted && first.exitCode == 0)
            try await eventually(seconds: 60) {
                _ = try await launch()
                return try await !self.status(person.home).waiting.contains { $0.id == first.id }
            }
            let url = try #require(URL(string: "\(server.url)/metrics"))
            let metrics = String(decoding: try Data(contentsOf: url), as: UTF8.self)
            let counted = metrics.firstMatch(
                of: /claudemesh_telemetry_events_total\{name="cli.command.executed"\} (\d+)/)
            #expect(counted.flatMap { Int($0.1) } ?? 0 >= 1)
        }
    }
}
