// Answers kept under the keys of those who asked, so that what is asked for twice is done once.

package import FoundationEssentials

package struct IdempotencyKey: Sendable {
    /// Who sent it, and what is made: keys of others, or for something else, are other keys.
    package var scope: String
    package var digest: String
    /// Too short to be chance: others may come upon it.
    package var isGuessable: Bool

    package init(scope: String, digest: String, isGuessable: Bool) {
        self.scope = scope
        self.digest = digest
        self.isGuessable = isGuessable
    }
}

package struct IdempotencyRows {
    package let transaction: Transaction

    /// Keys are good for a day.
    private static let lifetime: Double = 86_400

    /// What was asked for with this key, as a digest, and the answer, in JSON; nil where nothing was, or a day ago.
    package func kept(_ key: IdempotencyKey, at now: Date) throws -> (request: String, answer: String)? {
        try transaction.first(
            "SELECT request_digest, answer FROM idempotency_keys WHERE scope = ?1 AND key_digest = ?2 AND created_at > ?3",
            key.scope, key.digest, now.addingTimeInterval(-Self.lifetime).milliseconds
        ) { (try $0[0], try $0[1]) }
    }

    /// Keeps an answer, in the place of one that was kept too long ago.
    package func keep(_ answer: String, of request: String, under key: IdempotencyKey, at now: Date) throws {
        try transaction.run(
            """
            INSERT INTO idempotency_keys (scope, key_digest, request_digest, answer, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (scope, key_digest) DO UPDATE SET request_digest = excluded.request_digest,
                answer = excluded.answer, created_at = excluded.created_at
            """, key.scope, key.digest, request, answer, now.milliseconds)
    }

    package func sweep(at now: Date) throws {
        try transaction.run(
            "DELETE FROM idempotency_keys WHERE created_at <= ?1",
            now.addingTimeInterval(-Self.lifetime).milliseconds)
    }
}

extension Transaction {
    package var idempotency: IdempotencyRows { IdempotencyRows(transaction: self) }
}
