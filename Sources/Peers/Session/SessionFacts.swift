// What a launcher tells the daemon of its session, and what the daemon and a session's tools tell each other.

internal import FoundationEssentials
package import MeshAPI
package import Platform

/// A session of this machine, without its secret: that stays in the session's own folder.
package struct SessionFacts: Sendable, Hashable, Codable {
    package var sessionID: String
    /// The server's address.
    package var server: String
    package var meshID: String
    package var meshSlug: String
    /// Absent from launches before this.
    package var meshName: String?
    /// The account it belongs to.
    package var accountID: String
    package var memberName: String
    package var displayName: String
    package var role: String?
    package var host: String
    package var directory: String
    package var receives: Receives
    package var attention: Attention?
    package var can: [Ability]?
    /// What its person reads: `en`, `es`.
    package var language: String?
    /// Whether it was launched so that it asks nobody.
    package var bypasses: Bool
    /// Where its token is.
    package var tokenFile: String
    /// The launcher.
    package var owner: ProcessIdentity
    /// The socket of the daemon that carries it; absent from launches before this.
    package var socket: String?
    /// Where Claude Code keeps its own files; absent from launches before this.
    package var agentFolder: String?

    package init(
        sessionID: String, server: String, meshID: String, meshSlug: String, meshName: String? = nil, accountID: String,
        memberName: String, displayName: String, role: String?, host: String, directory: String, receives: Receives,
        attention: Attention? = nil, can: [Ability]? = nil, language: String? = nil, bypasses: Bool = false,
        tokenFile: String, owner: ProcessIdentity, socket: String? = nil, agentFolder: String? = nil
    ) {
        self.sessionID = sessionID
        self.server = server
        self.meshID = meshID
        self.meshSlug = meshSlug
        self.meshName = meshName
        self.accountID = accountID
        self.memberName = memberName
        self.displayName = displayName
        self.role = role
        self.host = host
        self.directory = directory
        self.receives = receives
        self.attention = attention
        self.can = can
        self.language = language
        self.bypasses = bypasses
        self.tokenFile = tokenFile
        self.owner = owner
        self.socket = socket
        self.agentFolder = agentFolder
    }

    var isAlive: Bool { owner.life() == .alive }

    func registration(tokenHash: String) -> RegisterSession {
        RegisterSession(
            sessionId: sessionID, displayName: displayName, role: role, pid: Int(owner.pid), host: host,
            tokenHash: tokenHash, directory: directory, receives: receives, attention: attention, can: can)
    }
}

/// `GET /v1/version`.
package struct DaemonVersion: Sendable, Codable, Hashable {
    package var version: String
    package var pid: Int32

    package init(version: String, pid: Int32) {
        self.version = version
        self.pid = pid
    }
}

/// `GET /v1/sessions`: what the daemon carries for one session.
package struct CarriedSession: Sendable, Codable, Hashable {
    package var sessionID: String
    /// Its slug.
    package var mesh: String
    package var meshID: String
    package var meshName: String
    package var name: String
    /// By which others write to it; nil until the server has said it.
    package var address: String?
    package var server: String
    /// How it stands with the server: `following`, `connecting`, or why it is over.
    package var link: String
    /// Why the server is not reached, as `APIFailure.word`.
    package var why: String?
    package var status: String
    package var lane: String
    package var attention: Attention
    /// Messages that have not come before the model, and those of them that were given to it.
    package var waiting: Int
    package var given: Int
    /// What waits to be sent.
    package var toSend: Int

    private enum CodingKeys: String, CodingKey {
        // `convertFromSnakeCase` makes `sessionId` of `session_id`.
        case sessionID = "sessionId"
        case meshID = "meshId"
        case mesh, meshName, name, address, server, link, why, status, lane, attention, waiting, given, toSend
    }
}

package struct CarriedSessions: Sendable, Codable, Hashable {
    package var sessions: [CarriedSession]
}

/// `POST /v1/lane`, by a session's tools: held until there is something to write into Claude Code's inbox.
package struct LaneRequest: Sendable, Codable, Hashable {
    package var pid: Int32
    package var hasInbox: Bool
    /// Whether this Claude Code opens dialogs of its own for us.
    package var asks: Bool?
    /// Its file in Claude Code's own registry.
    package var registry: String?
    /// Marks that this process has written there.
    package var posted: [ClaimMark]
}

package struct LaneAnswer: Sendable, Codable, Hashable {
    package struct Text: Sendable, Codable, Hashable {
        package var mark: ClaimMark
        /// As Claude Code's inbox takes it.
        package var content: String
    }

    package var texts: [Text]
    /// A notice, to be written once.
    package var summons: String?
    /// A dialog to open, once.
    package var question: FirstWordQuestion?
    /// Another process has the lane now, or the session is over: no more is asked.
    package var isOver: Bool
}

/// `POST /v1/tool`: the answer to a call.
package struct ToolAnswer: Sendable, Codable, Hashable {
    package var text: String
    package var isError: Bool

    package init(_ text: String, isError: Bool = false) {
        self.text = text
        self.isError = isError
    }
}
