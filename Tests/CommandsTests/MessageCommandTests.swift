// `send`, `reply`, `inbox`, `messages`, `topics`, `peers`, `attention`: what they read, refuse and say before a server is
// asked, and how its refusals are put into words.

import ArgumentParser
import ConsoleSupport
import Foundation
import Localization
import MeshAPI
import MeshClient
import Testing

@testable import Commands
@testable import Connect
@testable import Console
@testable import LocalState
@testable import WizardRun

@Suite struct MessageCommandTests {
    private func parse<Command>(_ type: Command.Type, _ words: String...) throws -> Command {
        try #require(try Root.parseAsRoot(words) as? Command)
    }

    private func home() throws -> CommandHome {
        let home = try CommandHome(server: "http://127.0.0.1:1")
        try home.signIn(
            TokenForm.make(.pat, bytes: [UInt8](repeating: 1, count: 32)), User(id: "u", name: "Ale"),
            on: "http://127.0.0.1:1")
        return home
    }

    @Test func parsing() throws {
        let send = try parse(Send.self, "send", "@reviewer", "look", "at it", "--within", "2h", "--id", "build-1")
        #expect(send.words == ["@reviewer", "look", "at it"] && send.within?.seconds == 7200 && send.id == "build-1")
        #expect(send.wait == nil && !send.wake && !send.anyway)
        #expect(try parse(Send.self, "send", "bo", "hi", "--wait").wait?.seconds == 600)
        #expect(try parse(Send.self, "send", "bo", "hi", "--wait", "90s").wait?.seconds == 90)
        #expect(try parse(Send.self, "send", "bo", "-").words == ["bo", "-"])
        #expect(try parse(Send.self, "send", "--topic", "ci", "green").topic == "ci")
        #expect(try parse(ReplyCommand.self, "reply", "7k2f9q", "yes", "do").words == ["yes", "do"])
        #expect(try parse(Inbox.self, "inbox", "--done", "a", "b").done == ["a", "b"])
        #expect(try parse(MessagesList.self, "messages", "--with", "bo").with == "bo")
        #expect(try parse(MessagesShow.self, "messages", "show", "7k2f9q").id == "7k2f9q")
        #expect(try parse(MessagesWithdraw.self, "messages", "withdraw", "7k2f9q").id == "7k2f9q")
        #expect(try parse(TopicsCreate.self, "topics", "create", "ci", "--about", "builds").topicAbout == "builds")
        #expect(try parse(TopicsMute.self, "topics", "mute", "#ci", "--off").off)
        let attention = try parse(AttentionCommand.self, "attention", "quiet", "--for", "2h")
        #expect(attention.attention == .quiet && attention.span?.seconds == 7200)
    }

    @Test(arguments: [
        ["inbox", "--follow", "--all"], ["inbox", "--count", "--done", "x"], ["send", "bo", "hi", "--within", "soon"],
        ["messages", "--with", "bo", "--topic", "ci"], ["attention", "loud"], ["reply"], ["topics", "join"],
        ["send", "bo", "hi", "--within", "0s"], ["attention", "quiet", "--for", "99999999999999999999d"],
    ])
    func unreadable(_ words: [String]) async throws {
        #expect(await (try home()).run(words).status == 64)
    }

    @Test(arguments: [("90s", 90), ("10m", 600), ("2h", 7200), ("7d", 604_800)])
    func spans(_ text: String, _ seconds: Int) {
        #expect(TimeSpan(argument: text)?.seconds == seconds)
        #expect(TimeSpan(argument: text).map { TimeSpan(argument: $0.description) } == TimeSpan(argument: text))
    }

    @Test(arguments: ["", "m", "10", "-1m", "0m", "1.5h", "10 m", "1w", "9999999999999999999s", "9223372036854775807d"])
    func noSpans(_ text: String) { #expect(TimeSpan(argument: text) == nil) }

    /// Nothing of it leaves the machine: no server listens where these would go.
    @Test func whatIsRefusedBeforeItLeaves() async throws {
        let home = try home()
        let bare = await home.run("send")
        #expect(bare.status == 3)
        #expect(bare.err == "error: TO is needed\n  In a shell, write '#ci' in quotes, or --topic ci.\n")
        for words in [["send", "", "hi"], ["send", "bo", "hi", "--id", ""], ["send", "bo", "hi", "--id", "a b"]] {
            #expect(await home.run(words).status == 3, "\(words)")
        }
        let short = await home.run("send", "bo", "hi", "--within", "5s")
        #expect(short.status == 3 && short.err == "error: --within: 10s to 7d\n")
        #expect(await home.run("topics", "create", "No Such").status == 3)
        #expect(await home.run("attention", "--for", "2h").status == 3)
    }

    @Test func aText() throws {
        func given(_ words: [String], _ input: String = "", anyway: Bool = false, isSession: Bool = false) throws
            -> String
        {
            let context = try home().context(Capture(), Capture(), input: input)
            return try GivenMessage(words, anyway: anyway, isSession: isSession, context).text
        }
        #expect(try given(["May", "I drop it?"]) == "May I drop it?")
        #expect(try given(["-"], "two\nlines\n") == "two\nlines")
        #expect(try given(["-", "not input"], "x") == "- not input")
        let most = String(repeating: "x", count: 65_536)
        #expect(try given(["-"], most + "\n") == most)
        #expect(throws: Unsent.tooLarge(kibibytes: 80)) {
            try given(["-"], String(repeating: "x", count: 81_920))
        }
        for empty in [[], [""], [" \n"]] { #expect(throws: Unsent.empty) { try given(empty) } }
        #expect(throws: Unsent.empty) { try given(["-"], "\n") }
        let secret = "see\n-----BEGIN OPENSSH PRIVATE KEY-----"
        let finding = SecretScan.Finding(kind: .privateKey, line: 2)
        #expect(throws: Unsent.secret(finding, mayAnyway: true)) { try given([secret]) }
        #expect(try given([secret], anyway: true) == secret)
        // Only a person sends it all the same.
        #expect(throws: Unsent.secret(finding, mayAnyway: false)) {
            try given([secret], anyway: true, isSession: true)
        }
    }

    private func words(_ body: ErrorBody, status: Int = 403, retryAfter: Int? = nil, _ language: String = "en") throws
        -> Explanation
    {
        let context = try home().context(Capture(), Capture(), ["LANG": "\(language)_ES.UTF-8"]) {
            Date(timeIntervalSince1970: 50_400)
        }
        return MessageFailure(
            failure: .refused(status: status, body: body, retryAfter: retryAfter), host: "mesh.example", origin: .file,
            mesh: "planning", subject: .to("bo", clientID: "build-4711"), isSession: false
        ).explanation(Words(context: context))
    }

    @Test func refusalsInWords() throws {
        let near = ErrorBody(
            error: "no_recipient", address: "revewer",
            near: [Who(kind: .peer, id: "p", address: "ana/reviewer", name: "reviewer")],
            roles: [RoleHere(role: "reviewer", count: 2)])
        let nobody = try words(near, status: 404)
        #expect(nobody.message == "Nobody in planning is called revewer.")
        #expect(nobody.remedy == "Near: ana/reviewer, @reviewer (2). Everyone: `claudemesh peers`")
        #expect(nobody.exit == .notFound)
        #expect(try words(near, status: 404, "es").message == "Nadie en planning se llama revewer.")

        let roles = ErrorBody(
            error: "no_recipient", address: "@tester", roles: [RoleHere(role: "reviewer", count: 2)])
        #expect(try words(roles, status: 404).message == "Nobody here is a tester now.")
        #expect(try words(roles, status: 404, "es").remedy == "Roles presentes: revisión (2)")
        let topic = try words(ErrorBody(error: "no_recipient", address: "#cii"), status: 404)
        #expect(topic.message == "There is no #cii here.")

        let two = try words(
            ErrorBody(
                error: "ambiguous", address: "api",
                candidates: [
                    Who(kind: .peer, id: "1", address: "bo/api", name: "api", live: true),
                    Who(
                        kind: .peer, id: "2", address: "cem/api", name: "api", live: false,
                        awaySince: Date(timeIntervalSince1970: 33_000)),
                ]), status: 409)
        #expect(two.message == "Two fit \"api\"." && two.exit == .input)
        #expect(two.remedy == "bo/api (here), cem/api (away since 09:10)")

        let known: [(String, Int, Console.ExitCode, String)] = [
            ("self", 422, .input, "That is you."),
            ("client_id_reused", 409, .exists, "build-4711 was sent already, with another text."),
            ("blocked", 403, .notPermitted, "bo takes no messages from you. Nothing was kept."),
            ("held_full", 429, .unreachable, "bo has not let in your first message yet."),
            ("rate_limit", 429, .unreachable, "Too many messages at once. The next can go in 23 s."),
            ("person_only", 403, .notPermitted, "Only a person does that."),
            ("banned", 403, .notPermitted, "You are banned from planning."),
            ("too_large", 413, .input, "A message holds 64 KiB; this one has more."),
        ]
        for (code, status, exit, text) in known {
            let said = try words(ErrorBody(error: code), status: status, retryAfter: code == "rate_limit" ? 23 : nil)
            #expect(said.message == text)
            #expect(said.code == code)
            #expect(said.exit == exit)
        }
        let loop = try words(ErrorBody(error: "loop_limit"), status: 429)
        #expect(loop.exit == .notPermitted && loop.remedy == "Say how to go on, to either.")
        let pair = try words(ErrorBody(error: "loop_limit"), status: 429, retryAfter: 420)
        #expect(pair.exit == .notPermitted && pair.message.hasSuffix("They can go on at 14:07."))
        let wrote = ["ana/api", "bo/docs"].map { Who(kind: .peer, id: $0, address: $0, name: $0) }
        let often = ErrorBody(error: "loop_limit", candidates: wrote, reason: LoopReason.minute)
        #expect(
            try words(often, status: 429, retryAfter: 420).message
                == "ana/api and bo/docs have written to each other 10 times in a minute. They can go on at 14:07.")
        #expect(
            try words(often, status: 429, retryAfter: 420, "es").message
                == "ana/api y bo/docs se han escrito 10 veces en un minuto. Podrán seguir a las 14:07.")
        let far = ErrorBody(error: "loop_limit", candidates: wrote, reason: LoopReason.hops)
        #expect(
            try words(far, status: 429).message
                == "Eight messages have followed from one request: ana/api and bo/docs wait for a person.")
        let out = ErrorBody(error: "kicked", by: "Ada", at: Date(timeIntervalSince1970: 50_520))
        #expect(try words(out).message == "Ada put this session out of planning at 14:02. Claude Code goes on.")
        #expect(try words(out, "es").message == "Ada sacó esta sesión de planning a las 14:02. Claude Code sigue.")
    }
}
