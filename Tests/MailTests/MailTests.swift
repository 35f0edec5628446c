// The invite's mail: its words in both languages, its form, what hostile names cannot do, and its three ways out.

import Foundation
import Localization
import NIOHTTP1
import Testing

@testable import Mail

private func mail(mesh: String = "platform-team", inviter: String = "Ana Ferreiro") -> InviteMail {
    InviteMail(
        meshName: mesh, inviterName: inviter, url: "https://mesh.example/i/K7QD-2MXP-9WTB",
        expiresAt: Date(timeIntervalSince1970: 1_800_000_000))
}

private func message(_ mail: InviteMail = mail(), _ language: Language = .en, to: String = "bo@example.com") throws
    -> MailMessage
{
    try mail.message(
        to: to, from: "claudemesh <mesh@example.com>", strings: Strings(language),
        now: Date(timeIntervalSince1970: 1_799_000_000))
}

/// The parts of a written message, decoded by the rules of MIME rather than by the code that wrote them.
private func parts(_ written: String, boundary: String) -> [String] {
    written.components(separatedBy: "--\(boundary)").dropFirst().dropLast().compactMap { part in
        let body = part.components(separatedBy: "\r\n\r\n").dropFirst().joined().replacingOccurrences(
            of: "\r\n", with: "")
        return Data(base64Encoded: body).map { String(decoding: $0, as: UTF8.self) }
    }
}

@Suite struct InviteMailTests {
    @Test(arguments: [Language.en, .es]) func saysWhoWhereAndHow(language: Language) throws {
        let message = try message(mail(), language)
        for text in [message.text, message.html] {
            #expect(text.contains("Ana Ferreiro"))
            #expect(text.contains("platform-team"))
            #expect(text.contains("https://mesh.example/i/K7QD-2MXP-9WTB"))
            #expect(text.contains("claudemesh https://mesh.example/i/K7QD-2MXP-9WTB"))
            #expect(text.contains(language == .en ? "15 Jan" : "15 ene"))
            #expect(!text.contains("{"))
        }
        #expect(message.html.contains("lang=\"\(language.rawValue)\""))
    }

    @Test func namesAreInertInHTML() throws {
        let html = try message(mail(mesh: "<script>alert(1)</script>", inviter: "\"><img src=x>")).html
        #expect(!html.contains("<script>"))
        #expect(!html.contains("<img"))
        #expect(html.contains("&lt;script&gt;"))
    }

    @Test func aNameCannotStartAHeader() throws {
        let written = try message(mail(inviter: "Eve\r\nBcc: all@example.com")).rfc5322(boundary: "b")
        #expect(!written.contains("\r\nBcc:"))
    }

    @Test func partsSurviveTheirEncoding() throws {
        let message = try message(mail(mesh: String(repeating: "Größe ✔ ", count: 40)))
        #expect(parts(message.rfc5322(boundary: "b"), boundary: "b") == [message.text, message.html])
        #expect(message.rfc5322(boundary: "b").components(separatedBy: "\r\n").allSatisfy { $0.utf8.count <= 998 })
    }

    @Test func longSubjectsAreEncodedWordsCutBetweenCharacters() throws {
        let subject = try message(mail(mesh: String(repeating: "ñ", count: 60))).rfc5322(boundary: "b")
            .components(separatedBy: "\r\nMIME-Version")[0].components(separatedBy: "Subject: ")[1]
        let words = subject.components(separatedBy: "\r\n ")
        #expect(words.count > 1)
        let decoded = try words.map { word in
            #expect(word.utf8.count <= 75)
            let bytes = try #require(Data(base64Encoded: String(word.dropFirst("=?utf-8?B?".count).dropLast(2))))
            return try #require(String(data: bytes, encoding: .utf8))
        }
        #expect(decoded.joined().contains(String(repeating: "ñ", count: 60)))
    }

    @Test(arguments: [
        "", "bo", "@example.com", "bo@", "a@b@c", "bo@example.com, eve@example.com", "bo@example.com\nBcc: x@y.z",
        "bo @example.com", "-oQ/tmp@example.com", "bo@exa<mple.com", "b\u{F6}@example.com",
    ])
    func refusesWhatIsNoSinglePlainAddress(address: String) {
        #expect(throws: MailFailure.badAddress) { try message(to: address) }
    }
}

@Suite struct MailTransportTests {
    @Test func aCommandNamedOnPurposeWinsOverKeys() {
        guard
            case .command(["sendmail", "-t"]) = MailTransport.configured(
                command: "sendmail  -t", environment: ["POSTMARK_API_KEY": "k"])
        else { Issue.record("not the command"); return }
        guard
            case .postmark("k", "https://api.postmarkapp.com") = MailTransport.configured(
                command: nil, environment: ["POSTMARK_API_KEY": "k", "RESEND_API_KEY": "r"])
        else { Issue.record("not Postmark"); return }
        #expect(MailTransport.configured(command: "", environment: ["RESEND_API_KEY": ""]) == nil)
    }

    @Test func aProgramGetsTheWholeMessage() async throws {
        // As the server does: a program that ends before it has read all is no end of ours.
        signal(SIGPIPE, SIG_IGN)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let output = folder.appendingPathComponent("mail").path
        try await MailTransport.command(["/usr/bin/tee", output]).deliver(message())
        let written = try String(contentsOfFile: output, encoding: .utf8)
        #expect(written.hasPrefix("From: claudemesh <mesh@example.com>\r\nTo: bo@example.com\r\nSubject: Ana"))
        await #expect(throws: MailFailure.program(exitCode: 1)) {
            try await MailTransport.command(["false"]).deliver(message())
        }
        await #expect(throws: MailFailure.program(exitCode: nil)) {
            try await MailTransport.command(["/nowhere/sendmail"]).deliver(message())
        }
    }

    @Test func aProgramThatHangsIsEnded() async throws {
        let start = ContinuousClock.now
        await #expect(throws: MailFailure.program(exitCode: nil)) {
            try await MailTransport.command(["sleep", "600"]).deliver(message(), milliseconds: 20)
        }
        #expect(ContinuousClock.now - start < .seconds(300), "the program was ended, not waited for")
    }

    @Test func servicesGetKeyAndBothParts() async throws {
        let server = try await RecordingServer(status: .ok)
        let sent = try message()
        try await MailTransport.postmark(key: "pm-key", base: server.base).deliver(sent)
        try await MailTransport.resend(key: "re-key", base: server.base).deliver(sent)
        let received = server.received
        try await server.stop()
        #expect(received.map(\.uri) == ["/email", "/emails"])
        #expect(received[0].headers["x-postmark-server-token"] == "pm-key")
        #expect(received[1].headers["authorization"] == "Bearer re-key")
        let bodies = try received.map { request in
            let body = try JSONSerialization.jsonObject(with: Data(request.body.utf8))
            return try #require(body as? [String: Any])
        }
        #expect(bodies[0]["To"] as? String == "bo@example.com")
        #expect(bodies[0]["TextBody"] as? String == sent.text)
        #expect(bodies[0]["HtmlBody"] as? String == sent.html)
        #expect(bodies[1]["to"] as? [String] == ["bo@example.com"])
        #expect(bodies[1]["html"] as? String == sent.html)
    }

    @Test func aServiceThatRefusesOrIsGoneIsNotCalledSent() async throws {
        let server = try await RecordingServer(status: .unprocessableEntity)
        await #expect(throws: MailFailure.refused(status: 422)) {
            try await MailTransport.postmark(key: "k", base: server.base).deliver(message())
        }
        try await server.stop()
        await #expect(throws: MailFailure.unreachable) {
            // Port 1 is nobody's: a connection kept alive to the stopped server would still answer.
            try await MailTransport.resend(key: "k", base: "http://127.0.0.1:1")
                .deliver(message(), milliseconds: 200)
        }
    }
}
