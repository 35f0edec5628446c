// Claude Code's own inbox: a socket to which a child of the session may write. Nothing comes back on it, ever; what became
// of a text is seen at the gate.

internal import Platform

package struct AgentInbox: Sendable, Hashable {
    let path: String
    let token: String?

    /// nil where this Claude Code has none.
    package init?(environment: [String: String]) {
        guard let path = environment["CLAUDE_CODE_MESSAGING_SOCKET"], path.hasPrefix("/") else { return nil }
        self.path = path
        token = environment["CLAUDE_CODE_MESSAGING_TOKEN"]?.nonEmpty
    }

    private struct Auth: Encodable {
        var type = "auth"
        var token: String
    }

    private struct User: Encodable {
        struct Body: Encodable {
            var role = "user"
            var content: String
        }

        var type = "user"
        var message: Body
    }

    /// Whether it was written whole.
    package func post(_ content: String) -> Bool {
        let lines = [token.map { RPCLine.of(Auth(token: $0)) }, RPCLine.of(User(message: .init(content: content)))]
        return LocalSocket.write(Array((lines.compactMap(\.self).joined(separator: "\n") + "\n").utf8), to: path)
    }
}
