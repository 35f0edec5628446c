// `send --wait`: waits for the first answer, prints it alone on standard output, and ends.

import Console
import FoundationEssentials
import Localization
import MeshAPI
import MeshClient

struct AnswerWait {
    let place: InMesh
    let limit: TimeSpan

    private struct Answer: Encodable { var messages: [Message] }

    /// 0 with an answer, 1 without.
    func run(_ message: SendMessage) async throws -> Ending {
        let clock = ContinuousClock()
        let end = clock.now + .seconds(limit.seconds)
        // From before it is sent, so that no answer is missed.
        var cursor = try await place.events(after: nil, wait: 0).cursor
        let sent = try await place.send(message)
        try place.tell(sent) { place.output.hint($0) }
        var open = Set(sent.recipients.filter { $0.state.isWaiting || $0.state.isRead }.map(\.who.id))
        if sent.recipients.contains(where: { $0.state == .posted }) { open.insert("") }
        var backoff = Backoff(first: .seconds(1))
        while clock.now < end, !open.isEmpty {
            let left = Int((end - clock.now).components.seconds) + 1
            let page: EventPage
            do {
                page = try await place.events(after: cursor, wait: min(25, max(1, left)))
                backoff.succeeded()
            } catch Failure.api(let failure, let host, let origin) where failure.isPassing {
                try await place.pause(&backoff, failure, host: host, origin: origin)
                continue
            }
            cursor = page.cursor
            var answers = page.events.compactMap { event in
                if case .message(let answer) = event { answer } else { nil }
            }
            if page.reset == true { answers = try await place.waiting() }
            if let answer = answers.first(where: { isAnswer($0, to: sent) }) { return try await show(answer) }
            for case .receipt(let receipt) in page.events where receipt.messageId == sent.id {
                if [.refused, .expired, .withdrawn].contains(receipt.state) { open.remove(receipt.id) }
            }
        }
        let time = context.strings(MessageText.nobodyAnswered, ["time": limit.description])
        place.output.hint(time)
        if context.options.json { try place.output.json(Answer(messages: [])) }
        return .exit(.declined)
    }

    private var context: Context { place.context }

    /// What answers it, or was said because of it to whoever waits.
    private func isAnswer(_ message: Message, to sent: SentMessage) -> Bool {
        guard message.id != sent.id, message.seq > sent.seq else { return false }
        return message.replyTo == sent.id || (message.chain == sent.chain && place.isMine(message))
    }

    private func show(_ answer: Message) async throws -> Ending {
        if context.options.json {
            try place.output.json(Answer(messages: [answer]))
        } else {
            for line in answer.body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
                try place.output.line(String(line).replacing("\t", with: "    "))
            }
        }
        try await place.report([answer], .seen)
        return .exit(.done)
    }
}
