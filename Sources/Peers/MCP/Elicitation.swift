// A question to the person, in Claude Code's own dialog: the model neither sees nor answers it.

/// What is asked, by a first message that waits to be let in.
package struct FirstWordQuestion: Sendable, Codable, Hashable {
    package struct Choice: Sendable, Codable, Hashable {
        package var value: String
        package var title: String
    }

    /// Known to the dialog alone.
    package var id: String
    package var text: String
    /// What the choice is called.
    package var title: String
    package var choices: [Choice]
}

/// What came of it. Esc is later.
package struct FirstWordAnswer: Sendable, Codable, Hashable {
    package var id: String
    /// One of the choices; nil for later.
    package var choice: String?
}

enum Elicitation {
    private static let prefix = "claudemesh-ask-"
    private static let field = "answer"

    /// The request that opens the dialog. A choice that must be made has nothing preselected.
    static func request(_ question: FirstWordQuestion) -> String {
        let answer = Schema.Answer(
            title: question.title, values: question.choices.map(\.value), names: question.choices.map(\.title))
        return RPCLine.of(
            Request(
                id: prefix + question.id,
                params: .init(
                    message: question.text, requestedSchema: .init(properties: [field: answer], required: [field]))))
    }

    /// The client's answer to it; nil where the line is another's.
    static func answer(_ line: some Collection<UInt8>) -> FirstWordAnswer? {
        guard let reply = RPCLine.read(Reply.self, line), case .text(let id)? = reply.id, id.hasPrefix(prefix) else {
            return nil
        }
        let choice = reply.result?.action == "accept" ? reply.result?.content?[field] : nil
        return FirstWordAnswer(id: String(id.dropFirst(prefix.count)), choice: choice)
    }

    private struct Schema: Encodable {
        struct Answer: Encodable {
            var type = "string"
            var title: String
            var values: [String]
            var names: [String]

            private enum CodingKeys: String, CodingKey {
                case type, title
                case values = "enum"
                case names = "enumNames"
            }
        }

        var type = "object"
        var properties: [String: Answer]
        var required: [String]
    }

    private struct Request: Encodable {
        struct Params: Encodable {
            var message: String
            var requestedSchema: Schema
        }

        var jsonrpc = "2.0"
        var id: String
        var method = "elicitation/create"
        var params: Params
    }

    private struct Reply: Decodable {
        struct Result: Decodable {
            var action: String?
            var content: [String: String]?
        }

        var id: RequestID?
        var result: Result?
    }
}
