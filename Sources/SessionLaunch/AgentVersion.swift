// Which Claude Code it is, from its own word: `2.1.332 (Claude Code)`.

/// A version of Claude Code.
public struct AgentVersion: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
    public var numbers: [Int]

    public init(_ numbers: Int...) { self.numbers = numbers }

    /// From what `--version` answers; nil where that is no Claude Code.
    public init?(answer: String) {
        guard answer.contains("Claude Code") else { return nil }
        let words = answer.split { $0.isWhitespace || $0 == "(" || $0 == ")" || $0 == "v" }
        for word in words {
            let parts = word.split(separator: ".", omittingEmptySubsequences: false)
            let numbers = parts.compactMap { part in part.isEmpty ? nil : Int(part.prefix { $0.isNumber }) }
            guard parts.count >= 2, numbers.count == parts.count else { continue }
            self.numbers = numbers
            return
        }
        return nil
    }

    /// The first with hooks that call a tool.
    public static let hooks = AgentVersion(2, 1, 118)
    /// The first whose inbox is there for every account.
    public static let inbox = AgentVersion(2, 1, 248)

    public static func < (one: AgentVersion, other: AgentVersion) -> Bool {
        one.numbers.lexicographicallyPrecedes(other.numbers)
    }

    public var description: String { numbers.map(String.init).joined(separator: ".") }
}
