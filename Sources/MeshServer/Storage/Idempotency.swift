// `Idempotency-Key`: a POST that is repeated with the same key within a day gets the former answer and makes nothing.
// The answer is kept in the transaction that made it, without a token: whoever has one to give makes a fresh one.

internal import FoundationEssentials
internal import GRDB
internal import HTTPTypes
internal import Hummingbird
internal import MeshAPI

struct IdempotencyKey: Sendable {
    /// The account and the route: keys of others, or for something else, are other keys.
    var scope: String
    var digest: String

    /// nil where the request has none; throws `invalid` where it is not 1 to 255 visible ASCII characters.
    init?(_ request: Request, scope: String) throws {
        guard let text = request.headers[.idempotencyKey] else { return nil }
        let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isPlain, (1...255).contains(text.utf8.count) else {
            throw Refusal.invalid("Idempotency-Key", "It has 1 to 255 visible ASCII characters.")
        }
        self.scope = "\(request.method) \(request.uri.path) \(scope)"
        digest = Secret.digest(text)
    }

    init?(_ request: Request, account: Account) throws { try self.init(request, scope: account.id) }
}

struct IdempotencyRows {
    let transaction: Transaction

    /// The answer of the first request with `key`; `make` is called for that one alone. `fingerprint` stands for what
    /// was asked: the same key with another is refused (422). `replayed` may complete a kept answer.
    func once<Answer: Codable>(
        _ key: IdempotencyKey?, fingerprint: String, at now: Date, make: () throws -> Answer,
        kept: (Answer) -> Answer = { $0 }, replayed: (Answer) throws -> Answer = { $0 }
    ) throws -> Answer {
        guard let key else { return try make() }
        let request = Secret.digest(fingerprint)
        let row = try transaction.first(
            "SELECT request_digest, answer FROM idempotency_keys WHERE scope = ?1 AND key_digest = ?2 AND created_at > ?3",
            key.scope, key.digest, now.addingTimeInterval(-86_400).milliseconds)
        if let row {
            guard row["request_digest"] == request else {
                throw Refusal.invalid("Idempotency-Key", "The key was used for another request.")
            }
            let text: String = row["answer"]
            return try replayed(try WireJSON.decode(Answer.self, from: Data(text.utf8)))
        }
        let answer = try make()
        try transaction.run(
            """
            INSERT INTO idempotency_keys (scope, key_digest, request_digest, answer, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (scope, key_digest) DO UPDATE SET request_digest = excluded.request_digest,
                answer = excluded.answer, created_at = excluded.created_at
            """, key.scope, key.digest, request,
            String(decoding: try WireJSON.encode(kept(answer)), as: UTF8.self), now.milliseconds)
        return answer
    }

    func sweep(at now: Date) throws {
        try transaction.run(
            "DELETE FROM idempotency_keys WHERE created_at <= ?1", now.addingTimeInterval(-86_400).milliseconds)
    }
}

extension Transaction {
    var idempotency: IdempotencyRows { IdempotencyRows(transaction: self) }
}
