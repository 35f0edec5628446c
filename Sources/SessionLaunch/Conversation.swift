// Which of the agent's conversations a launch is about: ours to name, or chosen by the user's own arguments.
// To know one more argument that chooses: a case in `Conversation.init`, a line in its test.

public import Platform

/// What the user's own arguments say of the conversation.
public enum Conversation: Sendable, Hashable {
    /// Nothing: the session's id is its id.
    case ours
    /// It has this id, in lower case: a UUID.
    case named(String)
    /// Chosen in a way that does not say which: the latest of the directory, one out of a list, a copy of another.
    case unknown

    /// From what stands before `--` in the agent's arguments. What is given twice counts as given last, as it does there.
    public init(of arguments: [SystemText]) {
        let options = arguments.prefix { $0 != "--" }.map(\.repaired)
        self = .ours
        var (isFork, newID) = (false, String?.none)
        for (index, option) in options.enumerated() {
            let next = index + 1 < options.count ? options[index + 1] : nil
            let (name, value) = Self.split(option, next)
            switch name {
            case "--session-id":
                newID = Self.id(value)
                self = newID.map(Conversation.named) ?? .unknown
            case "--resume", "-r": self = Self.id(value).map(Conversation.named) ?? .unknown
            case "--continue", "-c", "--from-pr": self = .unknown
            case "--fork-session": isFork = true
            default: break
            }
        }
        // A copy has an id of its own: the one that was given for it, else one that only the agent knows.
        if isFork, self != .ours { self = newID.map(Conversation.named) ?? .unknown }
    }

    /// `--name=value`, `-rvalue`, or a name and what follows it.
    private static func split(_ option: String, _ next: String?) -> (name: String, value: String?) {
        if option.hasPrefix("--"), let sign = option.firstIndex(of: "=") {
            return (String(option[..<sign]), String(option[option.index(after: sign)...]))
        }
        if option.hasPrefix("-r"), let id = id(String(option.dropFirst(2))) { return ("-r", id) }
        return (option, next)
    }

    /// The text as a UUID in lower case, where it is one.
    private static func id(_ text: String?) -> String? {
        guard let text else { return nil }
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        let isID = groups.map(\.count) == [8, 4, 4, 4, 12] && groups.allSatisfy { $0.allSatisfy(\.isHexDigit) }
        return isID && text.utf8.count == 36 ? text.lowercased() : nil
    }
}
