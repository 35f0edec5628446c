// What Claude asks of a tool, read from its arguments. A model writes them: what is meant is taken, what cannot be is said.

internal import FoundationEssentials

/// Why a call cannot be carried out as it stands.
enum ToolRefusal: Error, Hashable {
    case unknown
    /// In words for the model, with what to do.
    case arguments(String)
}

/// A call of one of the six.
package enum ToolCall: Sendable, Hashable {
    case peers(match: String?)
    case send(Send)
    case withdraw(id: String)
    case inbox(done: [String], waitSeconds: Int)
    case read(id: String)
    case history(topic: String, before: String?)
    case topics(TopicsChange?)
    case status(attention: String?)

    package struct Send: Sendable, Hashable {
        package var text: String
        package var to: [String]
        package var replyTo: String?
        /// Seconds.
        package var within: Int?
    }

    package enum TopicsChange: Sendable, Hashable {
        case join(String)
        case leave(String)
        case create(String)
    }

    /// How long `inbox` waits at most.
    package static let longestWait = 50

    init(name: String, line: some Collection<UInt8>) throws(ToolRefusal) {
        switch name {
        case "peers": self = .peers(match: try Self.arguments(line, PeersArguments()).match)
        case "send": self = try Self.send(try Self.arguments(line, SendArguments()))
        case "inbox":
            let asked = try Self.arguments(line, InboxArguments())
            self = .inbox(
                done: asked.done?.values ?? [], waitSeconds: min(max(0, asked.waitSeconds ?? 0), Self.longestWait))
        case "read": self = try Self.read(try Self.arguments(line, ReadArguments()))
        case "topics": self = .topics(try Self.change(try Self.arguments(line, TopicsArguments())))
        case "status": self = .status(attention: try Self.arguments(line, StatusArguments()).attention)
        default: throw .unknown
        }
    }

    /// A call as Claude Code wrote it, relayed whole; nil where it is none that can be carried out.
    package static func relayed(_ line: [UInt8]) -> ToolCall? {
        guard let name = RPCLine.read(RPCParams<CallName>.self, line)?.params?.name else { return nil }
        return try? ToolCall(name: name, line: line)
    }

    private static func arguments<Arguments: Decodable>(
        _ line: some Collection<UInt8>, _ none: Arguments
    ) throws(ToolRefusal) -> Arguments {
        guard let call = RPCLine.read(RPCParams<CallOf<Arguments>>.self, line) else {
            throw .arguments("An argument is not of the kind that this tool takes. Call again as its schema says.")
        }
        return call.params?.arguments ?? none
    }

    private static func send(_ asked: SendArguments) throws(ToolRefusal) -> ToolCall {
        let text = asked.text ?? ""
        if let id = asked.withdraw, !id.isEmpty {
            guard text.isEmpty else { throw .arguments("Not sent. Withdraw first, then send in a call of its own.") }
            return .withdraw(id: id)
        }
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw .arguments("Not sent. There is nothing to send.")
        }
        let to = asked.to?.addresses ?? []
        guard !to.isEmpty || asked.replyTo != nil else {
            throw .arguments("Not sent. Say to whom: to, or reply_to with the id of what you answer. peers lists them.")
        }
        var within: Int?
        if let span = asked.within {
            guard let seconds = Span.seconds(span) else {
                throw .arguments("Not sent. within is a time such as 30s, 10m, 2h or 1d; leave it out if in doubt.")
            }
            within = seconds
        }
        return .send(Send(text: text, to: to, replyTo: asked.replyTo, within: within))
    }

    private static func read(_ asked: ReadArguments) throws(ToolRefusal) -> ToolCall {
        if let id = asked.messageID, !id.isEmpty { return .read(id: id) }
        if let topic = asked.topic, !topic.isEmpty { return .history(topic: topic.bareTopic, before: asked.before) }
        throw .arguments("Say what to read: message_id or topic.")
    }

    private static func change(_ asked: TopicsArguments) throws(ToolRefusal) -> TopicsChange? {
        let changes = [
            asked.join.map { TopicsChange.join($0.bareTopic) }, asked.leave.map { .leave($0.bareTopic) },
            asked.create.map { .create($0.bareTopic) },
        ].compactMap(\.self)
        guard changes.count < 2 else { throw .arguments("Nothing changed. One of join, leave and create in a call.") }
        return changes.first
    }
}

extension String {
    /// `#ci` is `ci`.
    fileprivate var bareTopic: String { hasPrefix("#") ? String(dropFirst()) : self }
}

/// `30s`, `10m`, `2h`, `1d`, or seconds.
enum Span {
    static func seconds(_ text: String) -> Int? {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        let factor = text.last.flatMap { units[$0] }
        guard let number = Int(factor == nil ? text[...] : text.dropLast()), number > 0 else { return nil }
        let (seconds, overflow) = number.multipliedReportingOverflow(by: factor ?? 1)
        return overflow ? nil : seconds
    }
}

private struct PeersArguments: Decodable {
    var match: String?
}

private struct SendArguments: Decodable {
    var text: String?
    var to: OneOrSeveral?
    var replyTo: String?
    var within: String?
    var withdraw: String?

    enum CodingKeys: String, CodingKey {
        case text, to, within, withdraw
        case replyTo = "reply_to"
    }
}

private struct InboxArguments: Decodable {
    var done: OneOrSeveral?
    var waitSeconds: Int?

    enum CodingKeys: String, CodingKey {
        case done
        case waitSeconds = "wait_seconds"
    }
}

private struct ReadArguments: Decodable {
    var messageID: String?
    var topic: String?
    var before: String?

    enum CodingKeys: String, CodingKey {
        case topic, before
        case messageID = "message_id"
    }
}

private struct TopicsArguments: Decodable {
    var join: String?
    var leave: String?
    var create: String?
}

private struct StatusArguments: Decodable {
    var attention: String?
}

/// A list where a list is asked for, and the one text that a model may write instead.
private struct OneOrSeveral: Decodable {
    var values: [String]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let one = try? container.decode(String.self) {
            values = [one]
        } else {
            values = try container.decode([String].self)
        }
    }

    /// No address has a comma or a space in it.
    var addresses: [String] {
        values.flatMap { $0.split { $0 == "," || $0.isWhitespace } }.map(String.init)
    }
}
