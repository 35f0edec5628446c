// What is added to a launch so that messages reach Claude Code, and what of it is left out.

import Foundation
import Platform
import SessionLaunch
import Testing

@Suite struct MessagesSetupTests {
    let setup = MessagesSetup(program: "/opt/my \"tools\"/claudemesh", plugin: "/tmp/s/plugin", name: "api")

    @Test func whatIsAddedStandsBeforeTheUsersOwn() throws {
        let plan = LaunchPlan(
            program: "/bin/claude", arguments: ["--session-id", "1", "-p", "hi"], set: [:], unset: ["CLAUDEMESH_TOKEN"],
            directory: "/w")
        let added = plan.with(setup, beside: ["-p", "hi"])
        let words = added.arguments.map(\.repaired)
        #expect(
            Array(words.dropFirst()) == [
                "--plugin-dir", "/tmp/s/plugin", "--allowedTools=mcp__claudemesh__*", "--name", "api", "--session-id",
                "1",
                "-p", "hi",
            ])
        let config = try #require(words.first)
        #expect(config.hasPrefix("--mcp-config={"))
        let json = try JSONSerialization.jsonObject(with: Data(config.dropFirst("--mcp-config=".count).utf8))
        let servers = try #require((json as? [String: Any])?["mcpServers"] as? [String: [String: Any]])
        #expect(servers["claudemesh"]?["command"] as? String == "/opt/my \"tools\"/claudemesh")
        #expect(servers["claudemesh"]?["args"] as? [String] == ["mcp"])
        #expect(servers["claudemesh"]?["alwaysLoad"] as? Bool == true)
        #expect(!words.contains { $0.contains("dangerously") || $0 == "--settings" || $0 == "--strict-mcp-config" })
    }

    @Test(arguments: [["--name", "mine"], ["--name=mine"], ["-n", "mine"]])
    func theUsersOwnNameWins(extra: [SystemText]) {
        let plan = LaunchPlan(program: "/bin/claude", arguments: extra, directory: "/w").with(setup, beside: extra)
        #expect(!plan.arguments.contains("api"))
    }

    @Test func whoMayDoLessIsGivenFewerTools() {
        var setup = setup
        setup.tools = ["inbox", "status", "read"]
        let plan = LaunchPlan(program: "/bin/claude", arguments: [], directory: "/w").with(setup, beside: [])
        let tools = "--allowedTools=mcp__claudemesh__inbox,mcp__claudemesh__status,mcp__claudemesh__read"
        #expect(plan.arguments.map(\.repaired).contains(tools))
    }

    @Test func ofAnOuterSessionItsOwnVariablesGoAndNoOthers() {
        let plan = LaunchPlan(program: "/bin/claude", arguments: [], directory: "/w").with(setup, beside: [])
        let own = [
            "CLAUDECODE": "1", "CLAUDE_CODE_MESSAGING_TOKEN": "x", "CLAUDE_PID": "4", "AI_AGENT": "1",
            "CLAUDE_CODE_USE_BEDROCK": "1", "CLAUDE_CONFIG_DIR": "/c", "HOME": "/h",
        ]
        #expect(
            plan.environment(from: own) == ["CLAUDE_CODE_USE_BEDROCK": "1", "CLAUDE_CONFIG_DIR": "/c", "HOME": "/h"])
    }

    @Test(
        arguments: [
            (AgentVersion(2, 1, 332), [], false, AgentReach.wake), (AgentVersion(2, 1, 248), [], false, .wake),
            (AgentVersion(2, 1, 247), [], false, .turn), (AgentVersion(2, 1, 117), [], false, .look),
            (AgentVersion(2, 1, 332), ["--bare"], false, .look),
            (AgentVersion(2, 1, 332), ["--safe-mode"], false, .nothing),
            (AgentVersion(2, 1, 332), ["--strict-mcp-config"], false, .wake),
            (AgentVersion(2, 1, 332), ["--", "--bare"], false, .wake), (AgentVersion(2, 1, 332), [], true, .nothing),
            (nil, [], false, .nothing), (AgentVersion(3, 0), [], false, .wake),
        ] as [(AgentVersion?, [SystemText], Bool, AgentReach)])
    func howMessagesReachIt(version: AgentVersion?, extra: [SystemText], isLeftOut: Bool, reach: AgentReach) {
        let ability = AgentAbility(version: version, extra: extra, isLeftOut: isLeftOut)
        #expect(ability.reach == reach)
        #expect((ability.limit == nil) == (reach == .wake))
    }

    @Test(
        arguments: [
            ("2.1.332 (Claude Code)\n", AgentVersion(2, 1, 332)), ("Claude Code v3.0.1-beta", AgentVersion(3, 0, 1)),
            ("2.1.332", nil), ("", nil), ("Claude Code", nil), ("codex 1.2.3", nil),
        ] as [(String, AgentVersion?)])
    func whichClaudeCodeItIs(answer: String, version: AgentVersion?) {
        #expect(AgentVersion(answer: answer) == version)
    }

    @Test func thePluginIsReadAsJSON() throws {
        let files = SessionPlugin.files(version: "1.0")
        #expect(files.keys.sorted() == [".claude-plugin/plugin.json", "hooks/hooks.json"])
        let text = try #require(files["hooks/hooks.json"])
        let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let hooks = try #require(json?["hooks"] as? [String: [[String: Any]]])
        #expect(
            hooks.keys.sorted() == [
                "PermissionRequest", "PostToolBatch", "SessionEnd", "SessionStart", "Stop", "UserPromptSubmit",
            ])
        for (event, entries) in hooks {
            let hook = try #require((entries.first?["hooks"] as? [[String: Any]])?.first)
            #expect(hook["type"] as? String == "mcp_tool" && hook["tool"] as? String == "hook")
            #expect((hook["input"] as? [String: String])?["prompt"] == "${prompt}")
            #expect((entries.first?["matcher"] as? String == "clear") == event.hasPrefix("Session"))
        }
    }
}
