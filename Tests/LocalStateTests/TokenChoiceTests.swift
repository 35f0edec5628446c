// Which credential is in force. A table.

import FoundationEssentials
import MeshAPI
import Testing

@testable import LocalState

struct TokenChoiceTests {
    static let here = ServerAddress(isSecure: true, host: "a.example", port: nil)
    static let hex = String(repeating: "0f", count: 32)

    static func token(_ letter: Character) -> String { "cm_pat_" + String(repeating: letter, count: 52) }

    static func auth(_ letter: Character, server: ServerAddress = here, _ source: AuthFile.Source = .pat) -> AuthFile {
        AuthFile(
            token: token(letter), user: User(id: "u-\(letter)", name: "N"), createdAt: Date(timeIntervalSince1970: 0),
            source: source, server: server)
    }

    /// What there is.
    struct Given: Sendable, CustomTestStringConvertible {
        var name: String
        var isLocal = false
        var flag: String?
        var environment: [String: String] = [:]
        var stored: StoredAuth = .read(nil)
        var local: StoredAuth = .read(nil)
        var ipcToken: String?
        var result: Result<TokenResolution, TokenChoiceFailure>

        var testDescription: String { name }
    }

    static func signedIn(
        _ credential: Authorization, _ origin: TokenOrigin, auth: AuthFile? = nil, hides: AuthFile? = nil
    ) -> Result<TokenResolution, TokenChoiceFailure> {
        .success(.signedIn(TokenChoice(credential: credential, origin: origin, auth: auth, hides: hides)))
    }

    static let corrupted = AuthFailure.corrupted(path: "/x/auth.json")
    static let inSession = ["CLAUDEMESH_SESSION_ID": "s", "CLAUDEMESH_API_URL": "https://a.example"]
    static let elsewhere = auth("b", server: .standard)

    static let table: [Given] = [
        Given(name: "nothing", result: .success(.none)),
        Given(
            name: "the file", stored: .read(auth("f")),
            result: signedIn(auth("f").credential, .file, auth: auth("f"))),
        Given(
            name: "a variable hides the file", environment: ["CLAUDEMESH_TOKEN": " \(token("v"))\n"],
            stored: .read(auth("f")), result: signedIn(.bearer(token("v")), .environment, hides: auth("f"))),
        Given(
            name: "a flag hides both", flag: token("a"), environment: ["CLAUDEMESH_TOKEN": ""],
            stored: .read(auth("f")),
            result: signedIn(.bearer(token("a")), .flag, hides: auth("f"))),
        Given(
            name: "an empty variable is an error even beside a file", environment: ["CLAUDEMESH_TOKEN": ""],
            stored: .read(auth("f")), result: .failure(.emptyVariable)),
        Given(name: "so is a blank one", environment: ["CLAUDEMESH_TOKEN": " \t"], result: .failure(.emptyVariable)),
        Given(
            name: "a malformed variable", environment: ["CLAUDEMESH_TOKEN": "cm_pat_x"],
            result: .failure(.malformed(.environment))),
        Given(name: "a malformed flag", flag: "Bearer \(token("a"))", result: .failure(.malformed(.flag))),
        Given(
            name: "another server's file is no identity here", stored: .read(elsewhere),
            result: .success(.elsewhere(elsewhere))),
        Given(
            name: "nor is it hidden", flag: token("a"), stored: .read(elsewhere),
            result: signedIn(.bearer(token("a")), .flag)),
        Given(name: "a damaged file", stored: .failed(corrupted), result: .failure(.auth(corrupted))),
        Given(
            name: "a damaged file does not matter beside a variable", environment: ["CLAUDEMESH_TOKEN": token("v")],
            stored: .failed(corrupted), result: signedIn(.bearer(token("v")), .environment)),
        Given(
            name: "the session's token, where there is no other",
            environment: inSession.merging(["CLAUDEMESH_IPC_TOKEN": hex]) { $1 },
            result: signedIn(.session(hex), .session)),
        Given(
            name: "its file, in any case, trimmed",
            environment: inSession.merging(["CLAUDEMESH_IPC_TOKEN_FILE": "/f"]) { $1 },
            ipcToken: "\(hex.uppercased())\n", result: signedIn(.session(hex), .session)),
        Given(
            name: "a file that cannot be read is none",
            environment: inSession.merging(["CLAUDEMESH_IPC_TOKEN_FILE": "/f", "CLAUDEMESH_IPC_TOKEN": hex]) { $1 },
            result: .success(.none)),
        Given(
            name: "63 digits are none",
            environment: inSession.merging(["CLAUDEMESH_IPC_TOKEN": String(hex.dropLast())]) { $1 },
            result: .success(.none)),
        Given(
            name: "the session's token goes to its server alone",
            environment: [
                "CLAUDEMESH_SESSION_ID": "s", "CLAUDEMESH_API_URL": "https://b.example", "CLAUDEMESH_IPC_TOKEN": hex,
            ],
            result: .success(.none)),
        Given(
            name: "outside a session it is nothing", environment: ["CLAUDEMESH_IPC_TOKEN": hex], result: .success(.none)
        ),
        Given(
            name: "the file comes before the session",
            environment: inSession.merging(["CLAUDEMESH_IPC_TOKEN": hex]) { $1 },
            stored: .read(auth("f")), result: signedIn(auth("f").credential, .file, auth: auth("f"))),
        Given(
            name: "in a session another server's file is no obstacle",
            environment: inSession.merging(["CLAUDEMESH_IPC_TOKEN": hex]) { $1 }, stored: .read(elsewhere),
            result: signedIn(.session(hex), .session)),
        Given(
            name: "on this machine its own credential, always", isLocal: true, flag: token("a"),
            environment: ["CLAUDEMESH_TOKEN": token("v")], stored: .read(auth("f")),
            local: .read(auth("l", .local)),
            result: signedIn(auth("l").credential, .file, auth: auth("l", .local))),
        Given(name: "which may not be there yet", isLocal: true, stored: .read(auth("f")), result: .success(.none)),
    ]

    @Test(arguments: table)
    func theFirstWins(given: Given) {
        let server = ServerChoice(kind: given.isLocal ? .local : .remote(Self.here), origin: .standard)
        let result = Result { () throws(TokenChoiceFailure) in
            try TokenChoice.resolve(
                server: server, flag: given.flag, environment: given.environment, stored: given.stored,
                local: given.local,
                ipcToken: given.ipcToken)
        }
        #expect(result == given.result)
    }

    @Test func theSessionsFileIsReadWithCare() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Self.hex, to: "token")
        let read = { (name: String) in
            TokenChoice.readIPCToken(environment: ["CLAUDEMESH_IPC_TOKEN_FILE": "\(directory.path)/\(name)"])
        }
        #expect(read("token") == Self.hex)
        #expect(read("missing") == nil)
        try FileManager.default.createSymbolicLink(atPath: "\(directory.path)/link", withDestinationPath: "token")
        #expect(read("link") == nil)
        #expect(TokenChoice.readIPCToken(environment: [:]) == nil)
    }
}
