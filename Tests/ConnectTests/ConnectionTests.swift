// Who one is and whom one asks, settled without a network.

import ConsoleSupport
import Console
import Foundation
import LocalState
import MeshAPI
import TestSupport
import Testing

@testable import Connect

@Suite struct ConnectionTests {
    private static let stored = "cm_session_" + String(repeating: "a", count: 52)
    private static let pasted = "cm_pat_" + String(repeating: "b", count: 52)
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func context(_ more: [String: String] = [:], server: String? = nil) -> Context {
        let environment = ["CLAUDEMESH_CONFIG_DIR": folder.file("config")].merging(more) { $1 }
        var context = Context.testing(environment, home: folder.path)
        context.options.server = server
        return context
    }

    private func signIn(to server: String = "https://mesh.example.com") throws {
        let auth = AuthFile(
            token: Self.stored, user: User(id: "u1", name: "Val"), createdAt: Date(), source: .deviceCode,
            server: try ServerAddress(server))
        try ConfigDirectory(path: folder.file("config")).writeAuth(auth)
    }

    @Test func whereNothingIsKnownTheStandardServerIsAskedByNobody() throws {
        let connection = try Connection(context())
        #expect(connection.server == .standard && connection.signedIn == nil && !connection.hasSavedSignIn)
    }

    @Test func theServerOfTheSignInIsAskedWithItsToken() throws {
        try signIn()
        let connection = try Connection(context())
        #expect(connection.host == "mesh.example.com")
        #expect(connection.signedIn?.credential == .bearer(Self.stored) && connection.signedIn?.origin == .file)
    }

    /// A token goes to the server that it is of, and to no other.
    @Test func aSignInToAnotherServerIsNotUsed() throws {
        try signIn()
        let connection = try Connection(context(server: "https://other.example.com"))
        #expect(connection.signedIn == nil && connection.elsewhere?.token == Self.stored && connection.hasSavedSignIn)
        #expect(connection.host == "other.example.com")
    }

    @Test func aTokenThatWasGivenGoesBeforeTheSignIn() throws {
        try signIn()
        let flag = try Connection(context(["CLAUDEMESH_TOKEN": Self.stored]), flagToken: Self.pasted)
        #expect(flag.signedIn?.credential == .bearer(Self.pasted) && flag.signedIn?.origin == .flag)
        let variable = try Connection(context(["CLAUDEMESH_TOKEN": Self.pasted]))
        #expect(variable.signedIn?.credential == .bearer(Self.pasted) && variable.signedIn?.origin == .environment)
    }

    /// A command stops at a sign-in that it cannot read; the wizard goes on as nobody and says why.
    @Test func aDamagedSignInStopsCommandsAlone() throws {
        try signIn()
        try Data("{".utf8).write(to: URL(filePath: folder.file("config/auth.json")))
        #expect(throws: TokenChoiceFailure.self) { try Connection(context()) }
        let forgiving = try Connection(context(), forgiving: true)
        #expect(forgiving.authFailure != nil && forgiving.signedIn == nil && forgiving.hasSavedSignIn)
    }
}
