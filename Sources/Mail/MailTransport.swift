// The ways a mail leaves this machine: Postmark, Resend, or a sendmail-compatible program. Says whether it was taken.
// To add one: a case, its configuration, its `deliver…`, and a test with a stand-in that records what it got.

public import AsyncHTTPClient
internal import FoundationEssentials
internal import NIOCore
internal import NIOHTTP1
internal import Subprocess
internal import SystemPackage

/// Why a mail did not leave. No address, key or text of the mail is in it.
public enum MailFailure: Error, Sendable, Hashable {
    case badAddress
    /// The service answered with this status.
    case refused(status: Int)
    /// The program ended with this code, or did not start (nil).
    case program(exitCode: Int32?)
    /// No answer in time, or no connection.
    case unreachable
}

/// Where mail is handed over.
public enum MailTransport: Sendable {
    case postmark(key: String, base: String)
    case resend(key: String, base: String)
    /// A program and its arguments, which reads the message with its headers on standard input (`sendmail -t -i`).
    case command([String])

    /// From the server's configuration: a command first, since it was named on purpose; then the services by their keys.
    /// nil is no mail at all.
    public static func configured(command: String?, environment: [String: String]) -> MailTransport? {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let words = (command ?? "").split(separator: " ").map(String.init)
        if !words.isEmpty { return .command(words) }
        if let key = value("POSTMARK_API_KEY") {
            return .postmark(key: key, base: value("POSTMARK_API_URL") ?? "https://api.postmarkapp.com")
        }
        if let key = value("RESEND_API_KEY") {
            return .resend(key: key, base: value("RESEND_API_URL") ?? "https://api.resend.com")
        }
        return nil
    }

    /// Hands `message` over; returns once it was taken. Program or service has `milliseconds` for it.
    /// - Throws: `MailFailure` where it was not, or where that is not known.
    public func deliver(_ message: MailMessage, client: HTTPClient = .shared, milliseconds: Int64 = 10_000)
        async throws(MailFailure)
    {
        switch self {
        case .postmark(let key, let base):
            let body = PostmarkBody(
                from: message.from.text, to: message.to.text, subject: message.subject, textBody: message.text,
                htmlBody: message.html, messageStream: "outbound")
            try await post(
                body, to: base + "/email", header: ("X-Postmark-Server-Token", key), client: client,
                milliseconds: milliseconds)
        case .resend(let key, let base):
            let body = ResendBody(
                from: message.from.text, to: [message.to.text], subject: message.subject, text: message.text,
                html: message.html)
            try await post(
                body, to: base + "/emails", header: ("Authorization", "Bearer \(key)"), client: client,
                milliseconds: milliseconds)
        case .command(let words): try await run(words, message, milliseconds: milliseconds)
        }
    }

    private func post(
        _ body: some Encodable, to url: String, header: (String, String), client: HTTPClient, milliseconds: Int64
    )
        async throws(MailFailure)
    {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: header.0, value: header.1)
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "Accept", value: "application/json")
        let status: Int
        do {
            request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(body)))
            status = Int(try await client.execute(request, timeout: .milliseconds(milliseconds)).status.code)
        } catch {
            throw .unreachable
        }
        guard (200..<300).contains(status) else { throw .refused(status: status) }
    }

    /// Runs the program to its end; what takes longer than `milliseconds` is ended.
    private func run(_ words: [String], _ message: MailMessage, milliseconds: Int64) async throws(MailFailure) {
        let code = await withTaskGroup(of: Int32?.self) { group in
            group.addTask { try? await Self.exitCode(of: words, reading: message) }
            group.addTask {
                try? await Task.sleep(for: .milliseconds(milliseconds))
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        guard code == 0 else { throw .program(exitCode: code) }
    }

    /// How the program ended; nil where it died of a signal. Throws where it did not start.
    private static func exitCode(of words: [String], reading message: MailMessage) async throws -> Int32? {
        let boundary =
            "=_" + String(UInt64.random(in: .min ... .max), radix: 36)
            + String(UInt64.random(in: .min ... .max), radix: 36)
        let result = try await Subprocess.run(
            words[0].contains("/") ? .path(FilePath(words[0])) : .name(words[0]),
            arguments: .init(Array(words.dropFirst())), environment: .inherit.updating(withoutSecrets),
            input: .inputWriter, output: .discarded, error: .discarded
        ) { program in
            // A program that ends without reading is no fault of ours; with `.string` as input it would trap us,
            // since swift-subprocess 1.0.2 leaves the pipe open where writing fails.
            _ = try? await program.standardInputWriter.write(message.rfc5322(boundary: boundary))
            try await program.standardInputWriter.finish()
        }
        guard case .exited(let code) = result.terminationStatus else { return nil }
        return Int32(code)
    }

    /// The server's own secrets are nothing a mail program needs.
    private static var withoutSecrets: [Environment.Key: String?] {
        let ours = ProcessInfo.processInfo.environment.keys.filter {
            $0.hasPrefix("CLAUDEMESH_") || $0.hasSuffix("_API_KEY")
        }
        return Dictionary(uniqueKeysWithValues: ours.map { (Environment.Key(stringLiteral: $0), nil) })
    }
}

/// Postmark's `POST /email`.
private struct PostmarkBody: Encodable {
    let from, to, subject, textBody, htmlBody, messageStream: String

    enum CodingKeys: String, CodingKey {
        case from = "From"
        case to = "To"
        case subject = "Subject"
        case textBody = "TextBody"
        case htmlBody = "HtmlBody"
        case messageStream = "MessageStream"
    }
}

/// Resend's `POST /emails`.
private struct ResendBody: Encodable {
    let from: String
    let to: [String]
    let subject, text, html: String
}
