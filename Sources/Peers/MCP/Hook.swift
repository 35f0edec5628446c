// What Claude Code tells of itself through its hooks, and what it is answered: always JSON, `{}` where nothing is to be said,
// since an empty answer would reach the model as noise.
// To listen to one more event: a line in `HookEvent.Name` and one in the plugin's hooks (SessionLaunch).

/// An event of Claude Code's, by the tool that is in no list. What an event does not have comes as "".
package struct HookEvent: Sendable, Hashable, Codable {
    /// Called by hooks alone, and in no list, so that no model sees it.
    package static let tool = "hook"

    package enum Name: String, Sendable {
        case promptSubmitted = "UserPromptSubmit"
        case toolsDone = "PostToolBatch"
        case stopped = "Stop"
        case asks = "PermissionRequest"
        case sessionBegan = "SessionStart"
        case sessionEnded = "SessionEnd"
    }

    package var event: String
    package var prompt: String?
    package var promptID: String?
    package var transcript: String?
    package var permissionMode: String?
    /// What a permission is asked for.
    package var toolName: String?
    package var session: String?

    enum CodingKeys: String, CodingKey {
        case event, prompt, transcript, session
        case promptID = "prompt_id"
        case permissionMode = "permission_mode"
        case toolName = "tool_name"
    }

    package init(
        event: String, prompt: String? = nil, promptID: String? = nil, transcript: String? = nil,
        permissionMode: String? = nil, toolName: String? = nil, session: String? = nil
    ) {
        self.event = event
        self.prompt = prompt
        self.promptID = promptID
        self.transcript = transcript
        self.permissionMode = permissionMode
        self.toolName = toolName
        self.session = session
    }

    package var name: Name? { Name(rawValue: event) }
}

/// What a hook is answered.
package struct HookAnswer: Sendable, Hashable {
    /// For the model.
    package var context: String?
    /// For the person: past the model.
    package var toPerson: String?
    /// The prompt does not reach the model.
    package var isBlocked = false
    /// What the person sees instead of it.
    package var blockReason: String?

    package init(
        context: String? = nil, toPerson: String? = nil, isBlocked: Bool = false, blockReason: String? = nil
    ) {
        self.blockReason = blockReason
        self.context = context
        self.toPerson = toPerson
        self.isBlocked = isBlocked
    }

    package static let nothing = HookAnswer()
    /// Of a message that was read in another way before.
    package static let readAlready = HookAnswer(isBlocked: true)

    /// What goes back to Claude Code.
    package func json(for event: String) -> String {
        RPCLine.of(
            Answer(
                decision: isBlocked ? "block" : nil,
                reason: isBlocked ? blockReason ?? "claudemesh: read already." : nil,
                systemMessage: toPerson,
                hookSpecificOutput: context != nil || isBlocked
                    ? .init(
                        hookEventName: event, additionalContext: context,
                        suppressOriginalPrompt: isBlocked ? true : nil)
                    : nil))
    }

    private struct Answer: Encodable {
        struct Specific: Encodable {
            var hookEventName: String
            var additionalContext: String?
            var suppressOriginalPrompt: Bool?
        }

        var decision: String?
        var reason: String?
        var systemMessage: String?
        var hookSpecificOutput: Specific?
    }
}
