// The protocol with Claude Code, without a stream and without a clock: a line comes in, and what is to be done comes out.

/// Speaks MCP for one session. Nothing here waits: a handshake is answered though nobody else is there yet.
package struct MCPServer: Sendable {
    /// What a line asks of whoever holds the streams.
    package enum Action: Sendable, Hashable {
        /// A line to write.
        case answer(String)
        /// A tool to run; its answer is `result(of:…)`.
        case call(RequestID, ToolCall)
        /// An event of Claude Code's, by the tool that is in no list.
        case hook(RequestID, HookEvent)
        /// Whether the client opens dialogs of its own for us, as its greeting says.
        case greeted(asks: Bool)
        /// What came of a dialog.
        case answered(FirstWordAnswer)
        /// Nobody waits for this answer any more.
        case cancel(RequestID)
    }

    /// Revisions that are spoken, the newest last. The one after these has no messages that nobody asked for.
    static let revisions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]

    private let version: String
    private let instructions: String
    private let wakes: Bool

    /// - Parameters:
    ///   - version: of this program.
    ///   - instructions: what Claude is told of the mesh at the start.
    ///   - wakes: whether anything wakes this session; the tools' descriptions say so.
    package init(version: String, instructions: String, wakes: Bool) {
        self.version = version
        self.instructions = instructions
        self.wakes = wakes
    }

    /// What the line asks for. An answer of the client's own, and a notification that is not known, ask for nothing.
    package func receive(_ line: some Collection<UInt8>) -> [Action] {
        guard let head = RPCLine.read(RPCHead.self, line) else { return [unreadable(line)] }
        guard let method = head.method else { return Elicitation.answer(line).map { [.answered($0)] } ?? [] }
        guard let id = head.id else { return notified(method, line) }
        switch method {
        case "initialize":
            let asks = RPCLine.read(RPCParams<Handshake>.self, line)?.params?.capabilities?.elicitation != nil
            return [initialized(id, line), .greeted(asks: asks)]
        case "ping": return [.answer(RPCLine.of(RPCResult(id: id, result: Nothing())))]
        case "tools/list":
            return [.answer(RPCLine.of(RPCResult(id: id, result: ToolList(tools: Tool.all(wakes: wakes)))))]
        case "tools/call": return [called(id, line)]
        // `server/discover` too: who took that revision could say nothing unasked.
        default: return [refuse(id, .noMethod, "There is no method \(method).")]
        }
    }

    /// The answer to a call.
    package static func result(of id: RequestID, text: String, isError: Bool = false) -> String {
        let content = [ToolResult.Content(text: text)]
        return RPCLine.of(RPCResult(id: id, result: ToolResult(content: content, isError: isError ? true : nil)))
    }

    private func initialized(_ id: RequestID, _ line: some Collection<UInt8>) -> Action {
        let asked = RPCLine.read(RPCParams<Handshake>.self, line)?.params?.protocolVersion
        let spoken = asked.flatMap { Self.revisions.contains($0) ? $0 : nil } ?? Self.revisions.last ?? ""
        let answer = Welcome(
            protocolVersion: spoken, capabilities: .init(), serverInfo: .init(version: version),
            instructions: instructions)
        return .answer(RPCLine.of(RPCResult(id: id, result: answer)))
    }

    private func called(_ id: RequestID, _ line: some Collection<UInt8>) -> Action {
        guard let name = RPCLine.read(RPCParams<CallName>.self, line)?.params?.name else {
            return refuse(id, .invalidParams, "tools/call needs the name of a tool.")
        }
        if name == HookEvent.tool {
            guard let event = RPCLine.read(RPCParams<CallOf<HookEvent>>.self, line)?.params?.arguments else {
                return refuse(id, .invalidParams, "The hook names no event.")
            }
            return .hook(id, event)
        }
        do throws(ToolRefusal) {
            return .call(id, try ToolCall(name: name, line: line))
        } catch {
            switch error {
            case .unknown: return refuse(id, .invalidParams, "There is no tool \(name).")
            // The model reads this, and can call again.
            case .arguments(let reason): return .answer(Self.result(of: id, text: reason, isError: true))
            }
        }
    }

    private func notified(_ method: String, _ line: some Collection<UInt8>) -> [Action] {
        guard method == "notifications/cancelled",
            let id = RPCLine.read(RPCParams<Cancelled>.self, line)?.params?.requestId
        else { return [] }
        return [.cancel(id)]
    }

    private func unreadable(_ line: some Collection<UInt8>) -> Action {
        let isJSON = RPCLine.read(AnyJSON.self, line) != nil
        let code = isJSON ? RPCCode.invalidRequest : .parse
        let message = isJSON ? "This is no request." : "This line is no JSON."
        return .answer(RPCLine.of(RPCError(id: nil, error: .init(code: code.rawValue, message: message))))
    }

    private func refuse(_ id: RequestID, _ code: RPCCode, _ message: String) -> Action {
        .answer(RPCLine.of(RPCError(id: id, error: .init(code: code.rawValue, message: message))))
    }
}

private struct AnyJSON: Decodable {
    init(from decoder: any Decoder) throws {}
}

private struct Nothing: Encodable {}

private struct Handshake: Decodable {
    struct Capabilities: Decodable {
        struct Something: Decodable {}
        var elicitation: Something?
    }

    var capabilities: Capabilities?
    var protocolVersion: String?
}

struct CallName: Decodable {
    var name: String?
}

private struct Cancelled: Decodable {
    var requestId: RequestID?
}

struct CallOf<Arguments: Decodable>: Decodable {
    var arguments: Arguments?
}

private struct Welcome: Encodable {
    struct Capabilities: Encodable {
        var tools = Nothing()
    }

    struct Info: Encodable {
        var name = "claudemesh"
        var version: String
    }

    var protocolVersion: String
    var capabilities: Capabilities
    var serverInfo: Info
    var instructions: String
}

private struct ToolList: Encodable {
    var tools: [Tool]
}

private struct ToolResult: Encodable {
    struct Content: Encodable {
        var type = "text"
        var text: String
    }

    var content: [Content]
    var isError: Bool?
}
