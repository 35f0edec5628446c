// What `send` and `reply` share: the text, what must not leave the machine, the call, and what is said of it.

import Connect
import Console
import FoundationEssentials
import LocalState
import Localization
import MeshAPI
import MeshClient

/// A text as it is typed, or with `-` as it stands on standard input.
struct GivenMessage {
    var text: String

    /// Throws where there is nothing in it, it is too large, or it holds what looks like a secret.
    init(_ words: [String], anyway: Bool, isSession: Bool, _ context: Context) throws {
        text = words == ["-"] ? try Self.read(context.input) : words.joined(separator: " ")
        guard !text.trimmingWhitespace().isEmpty else { throw Unsent.empty }
        let size = text.utf8.count
        guard size <= SendMessage.mostBytes else { throw Unsent.tooLarge(kibibytes: (size + 1023) / 1024) }
        guard let finding = SecretScan.first(in: text), !anyway || isSession else { return }
        throw Unsent.secret(finding, mayAnyway: !isSession)
    }

    private static func read(_ input: Source) throws -> String {
        // A little more, so that its size can be told.
        switch input.readAll(16 * SendMessage.mostBytes) {
        case .text(let text): text.hasSuffix("\n") ? String(text.dropLast()) : text
        case .tooMuch: throw Unsent.tooLarge(kibibytes: nil)
        case .failed(let code): throw Failure.system(path: "stdin", code: code)
        }
    }
}

/// Why a message did not leave this machine.
enum Unsent: Explained, Equatable {
    case empty
    /// nil where nobody counted to the end.
    case tooLarge(kibibytes: Int?)
    case secret(SecretScan.Finding, mayAnyway: Bool)
    case noAddress

    func explanation(_ words: Words) -> Explanation {
        let strings = words.context.strings
        switch self {
        case .empty: return Explanation(code: "invalid", message: strings(MessageText.nothingToSend), exit: .input)
        case .tooLarge(let size):
            let message = size.map { strings(MessageText.tooLarge, ["n": strings.number($0)]) }
            return Explanation(
                code: "too_large", message: message ?? strings(MessageText.tooLargeThere),
                remedy: strings(MessageText.tooLargeRemedy), exit: .input)
        case .secret(let finding, let mayAnyway):
            let text: MessageText = finding.kind == .privateKey ? .secretKey : .secretToken
            return Explanation(
                code: "secret", message: strings(text, ["n": strings.number(finding.line)]),
                remedy: strings(mayAnyway ? MessageText.secretRemedy : .secretRemedySession), exit: .input)
        case .noAddress:
            var said = words("input_missing", .input, .missing, ["flag": "TO"])
            said.remedy = strings(MessageText.noAddressRemedy)
            return said
        }
    }
}

/// The server was not reached, before anything was sent.
struct NothingSent: Explained {
    var failure: APIFailure
    var host: String
    var origin: TokenOrigin?

    func explanation(_ words: Words) -> Explanation {
        var said = words.api(failure, host: host, origin: origin)
        said.message = said.message.sentence + " " + words.context.strings(MessageText.nothingSent)
        return said
    }

    /// Looks for what a message needs.
    static func before<Value>(_ look: () async throws -> Value) async throws -> Value {
        do { return try await look() } catch Failure.api(let failure, let host, let origin) {
            guard case .unreachable = failure else { throw Failure.api(failure, host: host, origin: origin) }
            throw NothingSent(failure: failure, host: host, origin: origin)
        }
    }
}

extension InMesh {
    func send(_ message: SendMessage) async throws -> SentMessage {
        let subject = MessageFailure.Subject.to(
            message.to?.all.joined(separator: ", "), clientID: message.clientId)
        return try await ask(subject) { client throws(APIFailure) in
            try await client.sendMessage(message, in: mesh.id)
        }
    }

    /// What became of it, recipient by recipient.
    /// - Parameter say: where: standard output, or standard error where answers alone stand there.
    func tell(_ sent: SentMessage, _ say: (String) throws -> Void) throws {
        let strings = context.strings
        for recipient in sent.recipients { try say(context.line(of: recipient)) }
        if sent.recipients.isEmpty { try say(strings(MessageText.nobodyThere)) }
        if let names = sent.notMentioned, !names.isEmpty {
            output.warning(strings(MessageText.notMentioned, ["names": names.joined(separator: ", ")]))
        }
        if let others = sent.notInContact, !others.isEmpty {
            let got = sent.recipients.count { $0.state != .refused }
            output.warning(
                strings(
                    MessageText.notInContact,
                    [
                        "n": strings.number(got), "all": strings.number(sent.recipients.count + others.count),
                        "names": others.map(\.address).joined(separator: ", "),
                    ]))
        }
    }

    /// Sends, and says what became of it. Where the server is out of reach, what a session sends waits in the daemon.
    func sendAndSay(_ message: SendMessage) async throws {
        guard session != nil else { return try say(try await send(message)) }
        let subject = MessageFailure.Subject.to(
            message.to?.all.joined(separator: ", "), clientID: message.clientId)
        let came = try await ask(subject) { client throws(APIFailure) in
            try await client.sendOrLeaveMessage(message, in: mesh.id)
        }
        switch came {
        case .sent(let sent): try say(sent)
        case .waits(let waiting):
            let why = Words(context: context).api(waiting.failure, host: access.server.authority, origin: .session)
            output.warning([why.message.sentence, context.strings(MessageText.waitsHere)].joined(separator: " "))
            if context.options.json { try output.json(waiting) }
        }
    }

    /// Says that it was sent, and what became of it.
    private func say(_ sent: SentMessage) throws {
        let done = context.strings(MessageText.sent, ["id": String(sent.id.prefix(8))])
        try output.orWarn(of: done) {
            try output.success(done)
            try tell(sent) { try output.line("  " + $0) }
            if context.options.json { try output.json(sent) }
        }
    }
}
