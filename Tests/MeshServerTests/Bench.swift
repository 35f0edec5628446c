// A server without a socket whose time stands still until it is moved, and those who talk to it: a device or script
// (`API`) and a person's browser (`Browser`). A test begins with `try await Bench().run { … }`.

import Foundation
import GRDB
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import MeshAPI
import MeshStore
import ServerSupport
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

/// Keeps every line a server logs, whatever its level.
final class RecordedLog: Sendable {
    private struct Handler: LogHandler {
        let log: RecordedLog
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.lines.withLock { $0.append("\(event.message) \(metadata.merging(event.metadata ?? [:]) { $1 })") }
        }
    }

    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }
    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }
}

struct Bench: Sendable {
    let time = TestTime()
    let server: MeshServerApplication
    private let end: BenchEnd

    /// What the server logs goes to `logger`, nowhere without one.
    init(
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        _ change: (inout ServerOptions) -> Void = { _ in }
    ) throws {
        // As the program does: a mail program that reads nothing must not end us.
        signal(SIGPIPE, SIG_IGN)
        var options = ServerOptions(storage: .memory)
        end = BenchEnd()
        if TestDatabase.isForServers, let url = TestDatabase.fresh() {
            options.storage = .shared(DatabaseURL(url), keyFile: end.keyFile)
            options.databaseConnections = 3
            options.drain = .zero
        }
        change(&options)
        server = try MeshServerApplication(
            options: options, logger: logger, surroundings: time.surroundings, passwordCost: 4)
        end.keep(server.services.database)
    }

    var services: Services { server.services }
    var database: any Store { services.database }

    func run(_ test: @escaping @Sendable (any TestClientProtocol) async throws -> Void) async throws {
        try await server.application().test(.router) { try await test($0) }
    }

    /// As `run`, with what most sign-ins start from: a device, Ada's browser, and a code of that device.
    func signingIn(_ test: @escaping @Sendable (API, Browser, DeviceCode) async throws -> Void) async throws {
        try await run { client in
            let api = API(client: client)
            try await test(api, try await person("Ada", client), try await api.deviceCode())
        }
    }

    /// Serves on a port of 127.0.0.1 while `test` runs (options need `port = 0`), then stops.
    func serve(_ test: (_ port: Int, _ group: ServiceGroup) async throws -> Void) async throws {
        let (server, logger) = (server, Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let group = ServiceGroup(configuration: .init(services: [.init(service: server)], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            do {
                try await eventually { server.port != nil }
                try await test(try #require(server.port), group)
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// A person with an account, in a browser that is signed in.
    func person(_ name: String, _ client: any TestClientProtocol) async throws -> Browser {
        let browser = Browser(client: client)
        _ = try await browser.get("/register")
        let answer = try await browser.submit(
            "/register", ["name": name, "email": "\(name.lowercased())@example.com", "password": "correct horse"])
        try #require(answer.status == .seeOther)
        return browser
    }

    /// A signed-in device of that person: code, approval, claim.
    func signIn(_ browser: Browser, _ client: any TestClientProtocol) async throws -> API {
        let api = API(client: client)
        let code = try await api.deviceCode()
        try await browser.decide(code)
        let status = try await api.poll(code)
        let token = try #require(status.token)
        return API(client: client, token: token)
    }

    /// Of a `person`.
    func accountID(_ name: String) async throws -> String {
        try #require(
            try await database.read { try $0.accounts.account(email: "\(name.lowercased())@example.com")?.id })
    }

    /// The events of the audit that an account did, in their order.
    func events(of accountID: String, like pattern: String) async throws -> [String] {
        let rows = try await database.read { transaction in
            try transaction.all("SELECT body FROM audit ORDER BY number") { try $0[0] as String }
        }
        let entries = try rows.map { try WireJSON.decode(AuditRow.self, from: Data($0.utf8)) }
        let parts = pattern.split(separator: "%", omittingEmptySubsequences: false).map(String.init)
        return entries.filter { $0.actor == accountID }.map(\.event).filter { event in
            parts.count == 1 ? event == pattern : event.hasPrefix(parts[0]) && event.hasSuffix(parts[1])
        }
    }

    /// Every value of every row: what a thief of the file sees.
    func everythingStored() async throws -> String {
        try await database.read { transaction in
            try transaction.runner.tables().sorted().flatMap { table in
                let columns = try transaction.runner.columns(of: table)
                return try transaction.all("SELECT * FROM \(table)") { row in
                    try columns.map { "\($0): \(String(describing: try row.value($0)))" }.joined(separator: ", ")
                }
            }.joined(separator: "\n")
        }
    }
}

/// A program that speaks the API.
struct API: Sendable {
    let client: any TestClientProtocol
    var token: String?
    var scheme = "Bearer"

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        var fields = headers
        if let token { fields[.authorization] = "\(scheme) \(token)" }
        if body != nil && fields[.contentType] == nil { fields[.contentType] = "application/json" }
        let answer = try await client.execute(
            uri: path, method: method, headers: fields, body: body.map { ByteBuffer(string: $0) })
        if let problem = Contract.problem(method, path, status: answer.status.code, body: answer.text) {
            Issue.record("\(problem)")
        }
        return answer
    }

    func get(_ path: String) async throws -> TestResponse { try await send(.get, path) }

    func deviceCode(name: String = "laptop") async throws -> DeviceCode {
        let answer = try await send(
            .post, "/api/auth/cli/device-code", #"{"device_name":"\#(name)","device_os":"Linux","device_arch":"arm64"}"#
        )
        try #require(answer.status == .created)
        return try answer.decoded(DeviceCode.self)
    }

    func poll(_ code: DeviceCode, wait: Int? = nil) async throws -> DeviceCodeStatus {
        let query = wait.map { "?wait=\($0)" } ?? ""
        let answer = try await get("/api/auth/cli/device-code/\(code.deviceCode)\(query)")
        try #require(answer.status == .ok)
        return try answer.decoded(DeviceCodeStatus.self)
    }
}

extension TestResponse {
    var text: String { String(buffer: body) }

    func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try WireJSON.decode(type, from: Data(body.readableBytesView))
    }

    /// The body of a refusal.
    var refusal: ErrorBody {
        get throws { try decoded(ErrorBody.self) }
    }

    func decodedList<Item: Decodable>(_ name: String, of type: Item.Type) throws -> [Item] {
        try decoded([String: [Item]].self)[name] ?? []
    }
}

/// A browser: keeps cookies, knows the token of the last form, follows nothing by itself.
final class Browser: Sendable {
    let client: any TestClientProtocol
    private let state = Mutex<(cookies: [String: String], formToken: String)>(([:], ""))

    init(client: any TestClientProtocol, cookies: [String: String] = [:], formToken: String = "") {
        self.client = client
        state.withLock { $0 = (cookies, formToken) }
    }

    var cookies: [String: String] { state.withLock { $0.cookies } }
    var formToken: String { state.withLock { $0.formToken } }

    func get(_ path: String, headers: HTTPFields = [:]) async throws -> TestResponse {
        try await send(.get, path, body: nil, headers: headers)
    }

    /// Sends a form as a browser does, with the token of the last page unless `fields` has one.
    func submit(_ path: String, _ fields: [String: String] = [:], headers: HTTPFields = [:]) async throws
        -> TestResponse
    {
        var fields = fields
        if fields["csrf_token"] == nil { fields["csrf_token"] = formToken }
        let body = fields.map { "\(PercentCoding.encode($0.key))=\(PercentCoding.encode($0.value))" }
            .joined(separator: "&")
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        if headers[.secFetchSite] == nil { headers[.secFetchSite] = "same-origin" }
        return try await send(.post, path, body: body, headers: headers)
    }

    /// Opens the card of a code and presses a button.
    func decide(_ code: DeviceCode, _ decision: String = "approve") async throws {
        try #require(try await get("/cli-auth?code=\(code.userCode)").status == .ok)
        let answer = try await submit("/api/auth/cli/device-code/\(code.userCode)/\(decision)")
        try #require(answer.status == .seeOther)
    }

    func send(_ method: HTTPRequest.Method, _ path: String, body: String?, headers: HTTPFields) async throws
        -> TestResponse
    {
        var headers = headers
        let cookies = cookies
        if !cookies.isEmpty {
            headers[.cookie] = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        }
        if headers[.accept] == nil { headers[.accept] = "text/html,application/xhtml+xml" }
        let answer = try await client.execute(
            uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
        state.withLock { state in
            for field in answer.headers[values: .setCookie] {
                let pair = field.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
                if pair.count == 2 { state.cookies[String(pair[0])] = String(pair[1]) }
            }
            if let match = answer.text.firstMatch(of: /name="csrf_token" value="([0-9a-f]+)"/) {
                state.formToken = String(match.1)
            }
        }
        return answer
    }
}
