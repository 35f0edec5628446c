// The session's plugin: hooks by which Claude Code tells us what it does, and through which every message passes. They call
// the tool of the server that runs anyway, so no process starts for an event.
// To listen to one more event: a line in `events`, and a case where the hook is answered (Peers, HookEvent).

internal import FoundationEssentials

/// The files of the plugin, by their path in its folder.
public enum SessionPlugin {
    /// The folder's name in the session's directory.
    public static let folder = "plugin"

    public static func files(version: String) -> [String: String] {
        [
            ".claude-plugin/plugin.json": """
            {"name":"claudemesh","version":\(JSONText.quoted(version)),"description":"Messages of the mesh"}

            """,
            "hooks/hooks.json": """
            {"hooks":{
            \(events.map(entry).joined(separator: ",\n"))
            }}

            """,
        ]
    }

    /// At the two ends of a session the server is not there to be called: these two are heard of `/clear` alone.
    private static let events: [(name: String, matcher: String?)] = [
        ("UserPromptSubmit", nil), ("PostToolBatch", nil), ("Stop", nil), ("PermissionRequest", nil),
        ("SessionStart", "clear"), ("SessionEnd", "clear"),
    ]

    private static func entry(_ event: (name: String, matcher: String?)) -> String {
        let matcher = event.matcher.map { #""matcher":"\#($0)","# } ?? ""
        let input = #"""
            {"event":"${hook_event_name}","prompt":"${prompt}","prompt_id":"${prompt_id}",\#
            "transcript":"${transcript_path}","permission_mode":"${permission_mode}","tool_name":"${tool_name}",\#
            "session":"${session_id}"}
            """#
        let hook = #"{"type":"mcp_tool","server":"claudemesh","tool":"hook","timeout":5,"input":\#(input)}"#
        return #""\#(event.name)":[{\#(matcher)"hooks":[\#(hook)]}]"#
    }
}

/// A text as JSON.
enum JSONText {
    static func quoted(_ text: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return String(decoding: (try? encoder.encode(text)) ?? Data("\"\"".utf8), as: UTF8.self)
    }
}
