// A person's home and the world around one command: files in a directory of the test's own, streams that are kept.

import ConsoleSupport
import Foundation
import Glibc
import MeshAPI
import MeshClient
import Testing

@testable import Commands
@testable import Connect
@testable import Console
@testable import LocalState
@testable import WizardRun

/// What one command did.
struct Ran: Sendable {
    var ending: Console.Ending
    var out: String
    var err: String

    var status: Int32 { ending.status }

    /// The one value on standard output.
    func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try WireJSON.decode(type, from: Data(out.utf8))
    }

    /// The error on the last line of standard error.
    func error() throws -> Said.Inner {
        let line = try #require(err.split(separator: "\n").last)
        return try WireJSON.decode(Said.self, from: Data(line.utf8)).error
    }

    struct Said: Decodable {
        struct Inner: Decodable, Equatable {
            var code: String
            var message: String
            var hint: String?
        }
        var error: Inner
    }
}

/// A home that goes with the test.
final class CommandHome: Sendable {
    let path: String
    /// What every command sees besides its own.
    let environment: [String: String]

    /// - Parameter server: the address that `CLAUDEMESH_API_URL` names.
    init(server: String? = nil, telling: Bool = false) throws {
        path = "\(FileManager.default.temporaryDirectory.path())claudemesh-commands-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        var environment = ["HOME": path, "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "TERM": "xterm-256color"]
        environment["CLAUDEMESH_API_URL"] = server
        environment["DO_NOT_TRACK"] = telling ? nil : "1"
        self.environment = environment
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var directory: ConfigDirectory { ConfigDirectory(path: "\(path)/.claudemesh") }

    /// What `auth.json` holds, nil where there is none.
    var auth: AuthFile? { try? directory.readAuth().value }

    func meshes(of account: String, on server: String) throws -> [String] {
        let key = AccountKey(server: try ServerAddress(server), userID: account)
        return try directory.readMeshes().value.meshes(of: key).map(\.slug)
    }

    /// Puts a sign-in there, as one that was made a while ago.
    func signIn(_ token: String, _ user: User, on server: String, source: AuthFile.Source = .deviceCode) throws {
        try directory.writeAuth(
            AuthFile(
                token: token, user: user, createdAt: Date(), source: source, server: try ServerAddress(server)))
    }

    func write(_ text: String, to name: String, mode: mode_t = 0o600) throws {
        let file = "\(path)/\(name)"
        try FileManager.default.createDirectory(
            atPath: String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)]), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        try Data(text.utf8).write(to: URL(filePath: file))
        chmod(file, mode)
    }

    func read(_ name: String) -> String? {
        (try? Data(contentsOf: URL(filePath: "\(path)/\(name)"))).map { String(decoding: $0, as: UTF8.self) }
    }

    func mode(_ name: String) -> mode_t {
        // Through the library: beside an import of Dispatch the C structure belongs to now one module, now another.
        let facts = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
        return (facts?[.posixPermissions] as? NSNumber)?.uint32Value ?? 0
    }

    /// The world of one command.
    /// - Parameters:
    ///   - more: variables beside the home's own; nil takes one away.
    ///   - terminal: whether a person is at the other end of all three streams.
    func context(
        _ out: Capture, _ err: Capture, input: String = "", _ more: [String: String?] = [:], terminal: Bool = false,
        now: @escaping @Sendable () -> Date = { Date() }
    ) -> Context {
        var environment = self.environment
        for (name, value) in more { environment[name] = value }
        return .testing(environment, home: path, out: out, err: err, input: input, terminal: terminal, now: now)
    }

    /// Runs one command line in this process.
    func run(
        _ arguments: String..., input: String = "", environment more: [String: String?] = [:], terminal: Bool = false,
        now: @escaping @Sendable () -> Date = { Date() }
    ) async -> Ran {
        await run(arguments, input: input, environment: more, terminal: terminal, now: now)
    }

    func run(
        _ arguments: [String], input: String = "", environment more: [String: String?] = [:], terminal: Bool = false,
        now: @escaping @Sendable () -> Date = { Date() }
    ) async -> Ran {
        let (out, err) = (Capture(), Capture())
        let context = context(out, err, input: input, more, terminal: terminal, now: now)
        let ending = await Program.run(arguments, context: context)
        return Ran(ending: ending, out: out.text, err: err.text)
    }
}
