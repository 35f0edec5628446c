// What Claude Code's own record of a session says: who began a turn, and which of our messages it had before it. Of an entry
// nothing else is read.

internal import FoundationEssentials

/// Lines of a transcript.
package enum Transcript {
    /// Who began the turn `prompt`, from the lines of the record, the newest last. nil where nothing is said of it yet.
    /// - Parameter after: a word typed in mid-turn counts where it stands behind this many lines.
    package static func origin(of prompt: String, in lines: some BidirectionalCollection<Substring>) -> TurnOrigin? {
        for line in lines.reversed() {
            guard let entry = read(line) else { continue }
            if entry.attachment?.type == "queued_command", entry.attachment?.origin?.kind == "human" {
                return .person
            }
            guard entry.type == "user", entry.promptId == prompt, !entry.isToolResult else { continue }
            return entry.startedBy
        }
        return nil
    }

    /// The marks of messages that stand in a line which was delivered to the model.
    package static func delivered(in lines: some Sequence<Substring>) -> Set<ClaimMark> {
        var marks: Set<ClaimMark> = []
        for line in lines where line.contains("[cm:") {
            guard let entry = read(line) else { continue }
            if entry.type == "user", entry.origin?.kind == "peer", let text = entry.message?.content?.text {
                marks.formUnion(FramedText.marks(in: text))
            }
            if entry.attachment?.type == "queued_command", let text = entry.attachment?.prompt?.text {
                marks.formUnion(FramedText.marks(in: text))
            }
        }
        return marks
    }

    /// Whether the answer of a tool stands there that gave this message. Ids are nobody's to guess.
    package static func gave(_ id: String, in lines: some Sequence<Substring>) -> Bool {
        lines.contains { $0.contains("\"tool_result\"") && $0.contains("Message \(id) of ") }
    }

    private static func read(_ line: Substring) -> Entry? {
        guard line.contains("\"origin\"") || line.contains("\"promptId\"") else { return nil }
        return try? JSONDecoder().decode(Entry.self, from: Data(line.utf8))
    }
}

private struct Entry: Decodable {
    struct Origin: Decodable {
        var kind: String?
    }

    struct Message: Decodable {
        var content: Content?
    }

    struct Attachment: Decodable {
        var type: String?
        var prompt: Content?
        var origin: Origin?
    }

    /// A text, or blocks of which some are texts.
    struct Content: Decodable {
        var text: String?
        var isToolResult = false

        private struct Block: Decodable {
            var type: String?
            var text: String?
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self.text = text
            } else if let blocks = try? container.decode([Block].self) {
                text = blocks.compactMap(\.text).joined(separator: "\n")
                isToolResult = blocks.contains { $0.type == "tool_result" }
            }
        }
    }

    var type: String?
    var promptId: String?
    var origin: Origin?
    var message: Message?
    var attachment: Attachment?

    var isToolResult: Bool { message?.content?.isToolResult ?? false }

    /// Versions without an origin say it by how the prompt begins.
    var startedBy: TurnOrigin {
        if let kind = origin?.kind { return kind == "human" ? .person : .other }
        let text = message?.content?.text ?? ""
        let others = ["<cross-session-message", "<task-notification", "<system-reminder", FramedText.introduction]
        return others.contains(where: text.hasPrefix) ? .other : .person
    }
}
