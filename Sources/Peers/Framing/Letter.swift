// A message as it is put before Claude: who says it, what it says, and what the server knows of it.

/// Who wrote a message.
package struct Author: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Codable {
        /// A launched session, a person at a terminal or a page, a script with a key.
        case peer, member, key
    }

    package var kind: Kind
    /// `bo/docs`, `bo`, `ci`: what an answer goes to.
    package var address: String
    /// The account's name; of a key, its label.
    package var name: String
    /// Whether it is the receiver's own account.
    package var isOwn: Bool

    package init(kind: Kind, address: String, name: String, isOwn: Bool) {
        self.kind = kind
        self.address = address
        self.name = name
        self.isOwn = isOwn
    }
}

/// What is put before Claude.
package struct Letter: Sendable, Hashable, Codable {
    package var id: String
    package var author: Author
    /// The mesh's slug.
    package var mesh: String
    package var topic: String?
    package var body: String
    /// How many messages of its chain came before it.
    package var hop: Int
    /// The message that it answers.
    package var answers: String?
    /// How long ago it was written, where that is worth a word.
    package var age: Age?

    package init(
        id: String, author: Author, mesh: String, topic: String? = nil, body: String, hop: Int, answers: String? = nil,
        age: Age? = nil
    ) {
        self.id = id
        self.author = author
        self.mesh = mesh
        self.topic = topic
        self.body = body
        self.hop = hop
        self.answers = answers
        self.age = age
    }
}

/// How old something is, in the words of a glance: `12 min old`, `5 h old`, `3 d old`.
package struct Age: Sendable, Hashable, Codable, CustomStringConvertible {
    package var seconds: Int

    /// nil below ten minutes: that is now.
    package init?(seconds: Int) {
        guard seconds >= 600 else { return nil }
        self.seconds = seconds
    }

    package var description: String {
        switch seconds {
        case ..<3600: "\(seconds / 60) min old"
        case ..<86_400: "\(seconds / 3600) h old"
        default: "\(seconds / 86_400) d old"
        }
    }
}
