// How a launch hands its session over to whoever carries its messages. The daemon is another room's: what is needed of it
// here is given by the command.

package import MeshAPI

/// A session that is about to run, as its carrier has to know it. Without its secret, which is in `tokenFile`.
package struct LaunchedSession: Sendable, Hashable {
    package var id: String
    package var server: String
    package var meshID: String
    package var meshSlug: String
    package var meshName: String
    package var accountID: String
    package var memberName: String
    package var displayName: String
    package var role: String?
    package var directory: String
    package var receives: MeshAPI.Receives
    package var attention: Attention?
    package var can: [Ability]?
    /// What its person reads: `en`, `es`.
    package var language: String
    package var bypasses: Bool
    package var tokenFile: String
}

/// Carries a session's messages.
package struct MessageCarrier: Sendable {
    /// This program, as Claude Code is to start it for its tools.
    package var program: String
    package var version: String
    /// Whether somebody carries it now. Returns within a second or two.
    package var carry: @Sendable (LaunchedSession) async -> Bool
    package var end: @Sendable (LaunchedSession) async -> Void
    /// Whether Claude Code kept a conversation of a session: of one in which nothing was said it keeps none. Nil where that
    /// is not known.
    package var keptConversation: @Sendable (_ sessionID: String) -> Bool?

    package init(
        program: String, version: String, carry: @escaping @Sendable (LaunchedSession) async -> Bool,
        end: @escaping @Sendable (LaunchedSession) async -> Void,
        keptConversation: @escaping @Sendable (_ sessionID: String) -> Bool?
    ) {
        self.program = program
        self.version = version
        self.carry = carry
        self.end = end
        self.keptConversation = keptConversation
    }
}
