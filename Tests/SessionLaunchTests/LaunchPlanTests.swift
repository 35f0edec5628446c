// The plan from the session's facts: arguments, environment, and the JSON of `--dry-run`.

import Foundation
import SessionLaunch
import Platform
import Testing

@Suite struct LaunchPlanTests {
    static let id = "0198c9f0-0000-7000-8000-000000000001"
    static let session = LaunchSession(
        id: id, meshID: "m1", meshSlug: "platform-team", displayName: "Bianca", role: "reviewer",
        apiURL: "https://example.test", tokenFile: "/tmp/claudemesh-\(id)/session-token")

    @Test func aNewSessionNamesItsId() {
        #expect(Self.plan(extra: ["-p", "hi"]).arguments == ["--session-id", SystemText(Self.id), "-p", "hi"])
    }

    @Test func aResumedOneIsResumed() {
        var session = Self.session
        session.isResumed = true
        #expect(Self.plan(session, extra: []).arguments == ["--resume", SystemText(Self.id)])
    }

    @Test(arguments: [
        ["--session-id", "x"], ["--session-id=x"], ["--resume"], ["--resume", "x"], ["--resume=x"], ["-r"], ["-c"],
        ["--continue"], ["-p", "hi", "--resume", "x"],
    ])
    func theUsersOwnChoiceWins(extra: [SystemText]) {
        #expect(Self.plan(extra: extra).arguments == extra)
    }

    @Test(arguments: [["--", "--resume"], ["--session-ids"], ["resume"], []])
    func whatOnlyLooksLikeAChoiceIsNone(extra: [SystemText]) {
        #expect(Self.plan(extra: extra).arguments == ["--session-id", SystemText(Self.id)] + extra)
    }

    /// What the user's arguments say of the conversation: nothing (""), its id, or that nobody here knows it ("?").
    @Test(
        arguments: [
            ([], ""), (["-p", "hi"], ""), (["--", "--continue"], ""), (["--fork-session"], ""),
            (["--session-id", id], id), (["--session-id=\(id.uppercased())"], id), (["--resume", id], id),
            (["--resume=\(id)"], id), (["-r", id], id), (["-r\(id)"], id),
            (["--session-id", "x", "--session-id", id], id),
            (["-c"], "?"), (["--continue"], "?"), (["--resume"], "?"), (["-r", "--verbose"], "?"),
            (["--resume", "x"], "?"),
            (["--session-id", "x"], "?"), (["--resume", id, "--fork-session"], "?"), (["-c", "--fork-session"], "?"),
            (["--continue", "--fork-session", "--session-id", id], id),
            (["--session-id", id, "--fork-session", "--resume", "0198c9f0-0000-7000-8000-000000000002"], id),
        ] as [([String], String)])
    func theConversationIsTheUsersChoice(arguments: [String], id: String) {
        let expected: Conversation = id.isEmpty ? .ours : id == "?" ? .unknown : .named(id)
        #expect(Conversation(of: arguments.map { SystemText($0) }) == expected)
    }

    @Test func theEnvironmentIsTheUsersAndTheSessions() {
        let own = ["HOME": "/home/a", "CLAUDEMESH_TOKEN": "secret", "CLAUDEMESH_MESH": "other"]
        #expect(
            Self.plan(extra: []).environment(from: own) == [
                "HOME": "/home/a", "CLAUDEMESH_SESSION_ID": Self.id, "CLAUDEMESH_MESH": "platform-team",
                "CLAUDEMESH_MESH_ID": "m1", "CLAUDEMESH_DISPLAY_NAME": "Bianca", "CLAUDEMESH_ROLE": "reviewer",
                "CLAUDEMESH_API_URL": "https://example.test",
                "CLAUDEMESH_IPC_TOKEN_FILE": "/tmp/claudemesh-\(Self.id)/session-token",
            ])
    }

    @Test func withoutARoleThereIsNoneFromOutside() {
        var session = Self.session
        session.role = nil
        let environment = Self.plan(session, extra: []).environment(from: ["CLAUDEMESH_ROLE": "outer"])
        #expect(environment["CLAUDEMESH_ROLE"] == nil)
    }

    @Test func theDryRunIsThePlan() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let plan = LaunchPlan(program: "/bin/claude", arguments: ["-p"], set: ["A": "1"], unset: ["B"], directory: "/w")
        let text = String(decoding: try encoder.encode(plan), as: UTF8.self)
        #expect(text == #"{"arguments":["-p"],"directory":"/w","program":"/bin/claude","set":{"A":"1"},"unset":["B"]}"#)
    }

    /// Bytes that are no UTF-8 go as they came, whatever else they would be taken for.
    @Test func whatIsNoUTF8StaysAsItIs() throws {
        func variable(_ name: String, _ byte: UInt8) -> SystemText {
            SystemText(bytes: Array("\(name)=".utf8) + [byte])
        }
        let word = SystemText(bytes: Array("caf".utf8) + [0xE9, 0x27, 0x5C, 0x0A])
        let plan = Self.plan(extra: [word])
        #expect(plan.arguments.last == word && word.text == nil && word.shown == #"$'caf\xe9\'\\\x0a'"#)
        #expect(String(decoding: try JSONEncoder().encode(plan), as: UTF8.self).contains(#"$'caf\\xe9"#))
        let foreign = [variable("A", 0xFE), variable("A\u{FFFD}", 0xFF), variable("CLAUDEMESH_MESH", 0xFF)]
        let own = Dictionary(uniqueKeysWithValues: foreign.map { ($0.name, "\u{FFFD}") }).merging(["B": "b"]) { $1 }
        let got = plan.variables(from: own, foreign: foreign)
        #expect(got.filter { $0.name.hasPrefix("A") } == Array(foreign.prefix(2)))
        #expect(
            got.filter { $0.name == "B" || $0.name == "CLAUDEMESH_MESH" } == ["B=b", "CLAUDEMESH_MESH=platform-team"])
    }

    private static func plan(_ session: LaunchSession = session, extra: [SystemText]) -> LaunchPlan {
        LaunchPlan(program: "/bin/claude", session: session, extra: extra, directory: "/work")
    }
}
