// The protocol with Claude Code, line by line as it was seen on the wire.

import FoundationEssentials
import Testing

@testable import Peers

@Suite struct MCPServerTests {
    let server = MCPServer(
        version: "1.0",
        instructions: SessionIdentity(address: "ana/api", member: "Ana Ruiz", mesh: "planning")
            .instructions(wakes: true), wakes: true)

    @Test func theProbeForTheOtherRevisionIsRefusedAtOnce() throws {
        let line = #"{"jsonrpc":"2.0","id":"server-discover-probe-1","method":"server/discover","params":{}}"#
        let answer = try answer(line)
        #expect(answer["id"] as? String == "server-discover-probe-1")
        #expect((answer["error"] as? [String: Any])?["code"] as? Int == -32601)
    }

    @Test(arguments: [
        ("2025-11-25", "2025-11-25"), ("2024-11-05", "2024-11-05"), ("2026-07-28", "2025-11-25"), ("x", "2025-11-25"),
    ])
    func theHandshakeAgreesOnARevision(asked: String, spoken: String) throws {
        let line =
            #"{"method":"initialize","params":{"protocolVersion":"\#(asked)","capabilities":{}},"jsonrpc":"2.0","id":0}"#
        let result = try #require(try answer(line)["result"] as? [String: Any])
        #expect(result["protocolVersion"] as? String == spoken)
        #expect((result["serverInfo"] as? [String: Any])?["name"] as? String == "claudemesh")
        #expect((result["capabilities"] as? [String: Any])?.keys.sorted() == ["tools"])
        let instructions = try #require(result["instructions"] as? String)
        #expect(instructions.hasPrefix("You are ana/api, a Claude Code session of Ana Ruiz in the mesh planning."))
        #expect(instructions.utf8.count < 2048)
    }

    @Test func sixToolsAndNoOther() throws {
        let result = try #require(
            try answer(#"{"method":"tools/list","jsonrpc":"2.0","id":1}"#)["result"] as? [String: Any])
        let tools = try #require(result["tools"] as? [[String: Any]])
        #expect(tools.compactMap { $0["name"] as? String } == ["peers", "send", "inbox", "read", "topics", "status"])
        let properties = tools.map { tool in
            ((tool["inputSchema"] as? [String: Any])?["properties"] as? [String: Any])?.keys.sorted() ?? []
        }
        #expect(
            properties == [
                ["match"], ["reply_to", "text", "to", "withdraw", "within"], ["done", "wait_seconds"],
                ["before", "message_id", "topic"], ["create", "join", "leave"], ["attention"],
            ])
        // Of what holds whole texts Claude Code shows all, and puts none of it into a file.
        let most = tools.map { ($0["_meta"] as? [String: Int])?["anthropic/maxResultSizeChars"] }
        #expect(most == [nil, nil, 450_000, 450_000, nil, nil])
        #expect((tools[1]["description"] as? String)?.hasSuffix("Do not wait for the answer: it wakes you.") == true)
        let other = MCPServer(version: "1", instructions: "", wakes: false)
        let line = Array(#"{"method":"tools/list","id":1}"#.utf8)
        guard case .answer(let text) = other.receive(line).first else { return #expect(Bool(false)) }
        #expect(text.contains("Nothing wakes you: call inbox when your task is done."))
        #expect(!text.contains(HookEvent.tool + "\""))
    }

    @Test(arguments: [
        (#""peers","arguments":{"match":"bo"}"#, ToolCall.peers(match: "bo")),
        (#""peers""#, .peers(match: nil)),
        (
            #""send","arguments":{"text":"hi","to":"bo/api, @reviewer"}"#,
            .send(.init(text: "hi", to: ["bo/api", "@reviewer"]))
        ),
        (#""send","arguments":{"text":"hi","to":["a","b"]}"#, .send(.init(text: "hi", to: ["a", "b"]))),
        (
            #""send","arguments":{"text":"hi","reply_to":"x1","within":"10m"}"#,
            .send(.init(text: "hi", to: [], replyTo: "x1", within: 600))
        ),
        (#""send","arguments":{"withdraw":"x1"}"#, .withdraw(id: "x1")),
        (#""inbox","arguments":{}"#, .inbox(done: [], waitSeconds: 0)),
        (#""inbox","arguments":{"done":"a","wait_seconds":500}"#, .inbox(done: ["a"], waitSeconds: 50)),
        (#""read","arguments":{"message_id":"m"}"#, .read(id: "m")),
        (##""read","arguments":{"topic":"#ci","before":"m"}"##, .history(topic: "ci", before: "m")),
        (##""topics","arguments":{"join":"#ci"}"##, .topics(.join("ci"))),
        (#""topics","arguments":{}"#, .topics(nil)),
        (#""status","arguments":{"attention":"quiet"}"#, .status(attention: "quiet")),
    ])
    func aCallIsRead(call: String, meaning: ToolCall) {
        let line =
            #"{"method":"tools/call","params":{"name":\#(call),"_meta":{"progressToken":2}},"jsonrpc":"2.0","id":2}"#
        #expect(server.receive(Array(line.utf8)) == [.call(.number(2), meaning)])
    }

    @Test(arguments: [
        (#""send","arguments":{"text":" ","to":"bo"}"#, "Not sent. There is nothing to send."),
        (#""send","arguments":{"text":"hi"}"#, "Not sent. Say to whom"),
        (#""send","arguments":{"text":"hi","to":"bo","within":"soon"}"#, "Not sent. within is a time"),
        (#""send","arguments":{"text":5,"to":"bo"}"#, "An argument is not of the kind"),
        (#""read","arguments":{}"#, "Say what to read"),
        (#""topics","arguments":{"join":"a","leave":"b"}"#, "Nothing changed."),
    ])
    func whatCannotBeDoneIsSaidToTheModel(call: String, words: String) throws {
        let line = #"{"method":"tools/call","params":{"name":\#(call)},"jsonrpc":"2.0","id":2}"#
        let result = try #require(try answer(line)["result"] as? [String: Any])
        #expect(result["isError"] as? Bool == true)
        let content = try #require((result["content"] as? [[String: Any]])?.first)
        #expect((content["text"] as? String)?.hasPrefix(words) == true)
    }

    @Test(arguments: [
        (#"{"method":"tools/call","params":{"name":"shell"},"id":2}"#, -32602),
        (#"{"method":"tools/call","params":{},"id":2}"#, -32602), (#"{"method":"tools/call","id":2}"#, -32602),
        (#"{"method":"sampling/createMessage","id":2}"#, -32601), ("{", -32700), ("", -32700), ("[1]", -32600),
        (#"{"id":{},"method":"ping"}"#, -32600),
    ])
    func whatIsNoRequestIsRefused(line: String, code: Int) throws {
        #expect((try answer(line)["error"] as? [String: Any])?["code"] as? Int == code)
    }

    @Test(arguments: [
        #"{"method":"notifications/initialized"}"#, #"{"id":7,"result":{}}"#, #"{"method":"notifications/x"}"#,
    ])
    func whatAsksForNothingGetsNothing(line: String) { #expect(server.receive(Array(line.utf8)).isEmpty) }

    @Test func aCallIsCancelled() {
        let line = #"{"method":"notifications/cancelled","params":{"requestId":2,"reason":"timed out"}}"#
        #expect(server.receive(Array(line.utf8)) == [.cancel(.number(2))])
    }

    @Test func theHooksToolIsAnsweredThoughItIsInNoList() {
        let line =
            #"{"method":"tools/call","params":{"name":"hook","arguments":{"event":"Stop","prompt":"","prompt_id":"p"}},"id":3}"#
        #expect(
            server.receive(Array(line.utf8)) == [.hook(.number(3), HookEvent(event: "Stop", prompt: "", promptID: "p"))]
        )
    }

    @Test func hookAnswers() {
        #expect(HookAnswer.nothing.json(for: "Stop") == "{}")
        #expect(
            HookAnswer(context: "c", toPerson: "p").json(for: "Stop")
                == #"{"hookSpecificOutput":{"additionalContext":"c","hookEventName":"Stop"},"systemMessage":"p"}"#)
        #expect(
            HookAnswer.readAlready.json(for: "UserPromptSubmit")
                == #"{"decision":"block","hookSpecificOutput":{"hookEventName":"UserPromptSubmit","suppressOriginalPrompt":true},"reason":"claudemesh: read already."}"#
        )
    }

    @Test func anAnswerIsOneLine() {
        let line = MCPServer.result(of: .text("x"), text: "one\ntwo\u{2028}\"three\"", isError: false)
        #expect(!line.contains("\n"))
        #expect(line.contains(#"one\ntwo"#))
    }

    private func answer(_ line: String) throws -> [String: Any] {
        guard case .answer(let text) = server.receive(Array(line.utf8)).first else { throw NoAnswer() }
        return try #require(try Answer.read(text))
    }

    private struct NoAnswer: Error {}
}
