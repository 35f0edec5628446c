// The places of a mesh that is watched: by itself, and from the wizard.

import TestSupport

extension Place {
    static let watch: [Place] = [
        watching("line", "nobody yet"),
        watching("line.text", "nobody yet ›  half", .character("h"), .character("a"), .character("l"), .character("f")),
        watching("lists", "▸ #general", .tab),
        watching("topic", "Made by", .tab, .enter),
        watching("filter", "Filter:", .character("/")),
        watching("completing", "Tab take", .character("#")),
        watching("help", "Esc close", .character("?")),
        watching("meshes", "platform-team", .tab, .character("m")),
        watching("attention", "Quiet", .tab, .character("a")),
        watching("quit", "What stands in the line is lost", .character("x"), .control("c")),
        Place(
            name: "watch.offline", shows: "offline since", arguments: ["watch", "planning"],
            server: .gone(at: "/events"), variables: untold, identity: .ana),
        Place(name: "watch.visit", shows: "nobody yet", arguments: answered, variables: untold, identity: .ana) {
            _, terminal in
            try await terminal.wait(for: "▸ Launch Claude Code")
            terminal.press(.character("w"))
        },
    ]

    /// What is said once of usage data stays on the screen behind.
    private static let untold = ["DO_NOT_TRACK": "1"]

    /// The mesh itself, and what some keys lead to from there.
    private static func watching(_ name: String, _ shows: String, _ keys: Keystroke...) -> Place {
        Place(
            name: "watch.\(name)", shows: shows, arguments: ["watch", "planning"], variables: untold, identity: .ana
        ) { _, terminal in
            try await terminal.wait(for: "0 here")
            // The lists have come too, or Tab has nowhere to go.
            try await terminal.wait(for: "#general")
            // One by one: four letters at once are a paste.
            for key in keys {
                terminal.press(key)
                try await Task.sleep(for: .milliseconds(25))
            }
        }
    }
}
