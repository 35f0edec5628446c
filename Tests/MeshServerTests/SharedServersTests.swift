// Two servers over one database: what one does holds at the other, and is told to who waits there.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import MeshStoreSQLite
import ServerSupport
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite(.enabled(if: TestDatabase.url != nil, Comment(rawValue: TestDatabase.missing))) struct SharedServersTests {
    @Test func aCodeIsAskedForHereAndApprovedThere() async throws {
        let pair = try ServerPair()
        try await pair.run { first, second in
            let device = API(client: first)
            let code = try await device.deviceCode()
            let ada = try await pair.two.person("Ada", second)
            let opened = Task { try await device.poll(code, wait: 20) }
            try await eventually { pair.one.services.hub.count == 1 }
            #expect(try await ada.get("/cli-auth?code=\(code.userCode)").status == .ok)
            #expect(try await opened.value.opened == true)
            for bench in [pair.one, pair.two] { bench.time.advance(2) }
            let waiting = Task { try await device.poll(code, wait: 20) }
            try await eventually { pair.one.services.hub.count == 1 }
            _ = try await ada.submit("/api/auth/cli/device-code/\(code.userCode)/approve")
            let claimed = try await waiting.value
            #expect(claimed.token != nil)
            let late = try await API(client: second).poll(code)
            #expect(late.token == nil && late.alreadyClaimed == true)
            let who = try await API(client: second, token: claimed.token).get("/api/my/whoami")
            #expect(who.status == .ok)
        }
    }

    /// A decision that nobody told of is found by the look.
    @Test func whatIsNotToldIsFound() async throws {
        let pair = try ServerPair()
        try await pair.run { first, second in
            let device = API(client: first)
            let code = try await device.deviceCode()
            let waiting = Task { try await device.poll(code, wait: 20) }
            let services = pair.one.services
            try await eventually { services.hub.waiting().count == 1 }
            let look = CodeLook(database: services.database, hub: services.hub)
            await look.run()
            #expect(services.hub.count == 1, "nothing changed")
            try await services.database.write { _ = try $0.run("UPDATE device_codes SET state = 'denied'") }
            await look.run()
            #expect(try await waiting.value.status == .denied)
        }
    }

    @Test func whatIsSaidHereIsHeardThere() async throws {
        let pair = try ServerPair()
        try await pair.run { first, second in
            let ada = try await pair.one.signIn(try await pair.one.person("Ada", first), first)
            let mesh = try await ada.send(.post, "/api/my/meshes", #"{"name":"Team"}"#).decoded(Mesh.self).id
            let there = API(client: second, token: ada.token)
            let path = "/api/my/meshes/\(mesh)"
            let cursor = try await there.get("\(path)/events").decoded(EventPage.self).cursor
            let waiting = Task { try await there.get("\(path)/events?after=\(cursor)&wait=20").decoded(EventPage.self) }
            try await eventually { pair.two.services.changes.count == 1 }
            let body = ##"{"to":"#general","body":"hello","client_id":"c1"}"##
            let sent = try await ada.send(.post, "\(path)/messages", body)
            #expect(sent.status == .created)
            let events = try await waiting.value.events
            #expect(events.count == 1)
            // The same again, at the other.
            let again = try await there.send(.post, "\(path)/messages", body)
            #expect(again.status == .ok)
            #expect(try again.decoded(SentMessage.self).id == sent.decoded(SentMessage.self).id)
        }
    }

    @Test func ratesAreCountedTogetherAndRequestsTenAtATime() async throws {
        let pair = try ServerPair()
        try await pair.run { first, second in
            let clients = [API(client: first), API(client: second)]
            let body = #"{"device_name":"a","device_os":"b","device_arch":"c"}"#
            var made = 0
            for index in 0..<8 {
                let answer = try await clients[index % 2].send(.post, "/api/auth/cli/device-code", body)
                if answer.status == .created { made += 1 } else { #expect(answer.headers[.retryAfter] == "60") }
            }
            #expect(made == 5)
            let limits = [pair.one.services.limits, pair.two.services.limits]
            var taken = 0
            for index in 0..<200 {
                if try await limits[index % 2].problem(.requestsByToken, "token") == nil { taken += 1 }
            }
            #expect(taken == 100)
            for bench in [pair.one, pair.two] { bench.time.advance(61) }
            #expect(try await limits[0].problem(.requestsByToken, "token") == nil)
            // Each server's own.
            for _ in 0..<Rule.telemetry.count { try await limits[0].take(.telemetry, "x") }
            #expect(try await limits[0].problem(.telemetry, "x") != nil)
            #expect(try await limits[1].problem(.telemetry, "x") == nil)
        }
    }

    @Test func aServerThatStopsIsNotReady() async throws {
        let pair = try ServerPair()
        try await pair.run { first, second in
            #expect(try await API(client: first).get("/health/ready").status == .ok)
            pair.one.server.readiness.leave()
            let refused = try await API(client: first).get("/health/ready")
            #expect(refused.status == .serviceUnavailable && refused.headers[.retryAfter] == "2")
            #expect(try await API(client: first).get("/health").status == .ok)
            #expect(try await API(client: second).get("/health/ready").status == .ok)
        }
    }

    /// Its own times would be put beside others' in one table.
    @Test func aServerWhoseClockIsWrongIsNotReady() async throws {
        let pair = try ServerPair()
        try await pair.run { first, second in
            let cases: [(Double, String?)] = [(7.5, "7 s ahead of"), (-7.5, "7 s behind"), (3, nil), (-3, nil)]
            for (skew, words) in cases {
                pair.one.time.skew = skew
                let answer = try await API(client: first).get("/health/ready")
                #expect(answer.status == (words == nil ? .ok : .serviceUnavailable), "\(skew)")
                #expect(words.map { answer.text.contains("clock is \($0) the database's") } ?? true, "\(answer.text)")
                #expect(try await API(client: second).get("/health/ready").status == .ok)
            }
        }
    }

    /// By the owner, at a shell: accounts and passwords, for a database whose servers run, and for one that is new.
    @Test func accountsAreMadeFromOutside() async throws {
        let folder = try TemporaryDirectory()
        let url = DatabaseURL(try #require(TestDatabase.fresh()))
        let place = StorageLocation.shared(url, keyFile: folder.file("keys/server.key"))
        let administration = try ServerAdministration(place, environment: [:], passwordCost: 4)
        let user = try await administration.addUser(name: "Ada", email: "ada@example.com", password: "correct horse")
        #expect(user.email == "ada@example.com")
        await #expect(throws: AccountProblem.emailTaken) {
            _ = try await administration.addUser(name: "Ada", email: "ADA@example.com", password: "correct horse")
        }
        let bench = try Bench { $0.storage = place }
        try await bench.run { client in
            let browser = Browser(client: client)
            _ = try await browser.get("/login")
            _ = try await administration.resetPassword(email: "ada@example.com", to: "battery staple")
            for (password, status) in [("correct horse", 422), ("battery staple", 303)] {
                let answer = try await browser.submit("/login", ["email": "ada@example.com", "password": password])
                #expect(answer.status.code == status, "\(password)")
            }
        }
        guard case .intact(let rows) = try administration.verifyAudit() else {
            Issue.record("the audit broke")
            return
        }
        #expect(rows >= 2)
        let elsewhere = folder.file("none.key")
        let lost = try ServerAdministration(
            .shared(url, keyFile: elsewhere), environment: [:], passwordCost: 4)
        let missing = StorageFailure.file(path: elsewhere, reason: .keyNotHere)
        #expect(throws: missing) { try lost.verifyAudit() }
        await #expect(throws: missing) {
            _ = try await lost.addUser(name: "Bo", email: "bo@example.com", password: "correct horse")
        }
        #expect(!FileManager.default.fileExists(atPath: elsewhere))
    }

    /// Made as one server over SQLite, gone on with as two over PostgreSQL.
    @Test func aServerMovesOver() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.file("server.sqlite")
        let old = try Bench { $0.storage = .file(path) }
        try await old.run { client in
            let ada = try await old.signIn(try await old.person("Ada", client), client)
            _ = try await ada.send(.post, "/api/my/meshes", #"{"name":"Team"}"#)
            try await old.database.write { _ = try $0.run("UPDATE meshes SET name = 'Тим – 日本'") }
            try Data((ada.token ?? "").utf8).write(to: URL(filePath: folder.file("token")))
        }
        let token = try String(contentsOfFile: folder.file("token"), encoding: .utf8)
        try old.database.close()
        let url = DatabaseURL(try #require(TestDatabase.fresh()))
        let keyFile = folder.file("server.key")
        func copy() throws -> Int {
            try ServerCopy.run(from: path, to: url, keyFile: keyFile, environment: [:], now: old.time.now)
        }
        #expect(try copy() > 5)
        #expect(throws: StorageFailure.self, "it is not empty any more") { try copy() }
        let administration = try ServerAdministration(.shared(url, keyFile: keyFile), environment: [:])
        guard case .intact(let rows) = try administration.verifyAudit() else {
            Issue.record("the audit broke")
            return
        }
        #expect(rows > 2)
        #expect(try administration.servers()?.isEmpty == true)
        let new = try Bench { $0.storage = .shared(url, keyFile: keyFile) }
        try await new.run { client in
            let meshes = try await API(client: client, token: token).get("/api/my/meshes")
            #expect(try meshes.decodedList("meshes", of: Mesh.self).map(\.name) == ["Тим – 日本"])
        }
    }
}
