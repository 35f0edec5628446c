// `Idempotency-Key`: a POST that is repeated with the same key within a day gets the former answer and makes nothing.
// The answer is kept in the transaction that made it, without a token: whoever has one to give makes a fresh one.

internal import FoundationEssentials
internal import GRDB
internal import HTTPTypes
internal import Hummingbird
internal import MeshAPI

struct IdempotencyKey: Sendable {
    /// Who sent it, and what is made: keys of others, or for something else, are other keys.
    var scope: String
    var digest: String
    /// Too short to be chance: others may come upon it.
    var isGuessable: Bool

    /// 128 random bits in base64; a UUID has more.
    private static let leastUnguessable = 22

    /// `thing` names what is made and where, in one spelling: the path has several. nil where the request has no key;
    /// throws `invalid` where it is not 1 to 255 visible ASCII characters.
    init?(_ request: Request, making thing: String, by account: Account) throws {
        try self.init(request, making: thing) { _ in "account \(account.id)" }
    }

    /// Of somebody without an account, who has nothing but the key to be told from others by. One that can be guessed is
    /// its sender's address's alone.
    init?(_ request: Request, making thing: String, from address: String) throws {
        try self.init(request, making: thing) { $0 ? "address \(AddressKey.of(address))" : "anybody" }
    }

    private init?(_ request: Request, making thing: String, sender: (_ isGuessable: Bool) -> String) throws {
        guard let text = request.headers[.idempotencyKey] else { return nil }
        let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isPlain, (1...255).contains(text.utf8.count) else {
            throw Refusal.invalid("Idempotency-Key", "It has 1 to 255 visible ASCII characters.")
        }
        isGuessable = text.utf8.count < Self.leastUnguessable
        scope = "\(thing) \(sender(isGuessable))"
        digest = Secret.digest(text)
    }
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

extension Refusal {
    /// The answer was a token, and that has ended since: a key makes no second one.
    static let keySpent = conflict(
        "key_spent", "The token that this Idempotency-Key made has ended. Send a new key to make another.")
    /// Whoever has the token does not ask for it again; a key that can be guessed is no proof of being the same.
    static let keyInUse = conflict(
        "key_in_use",
        "The token that this Idempotency-Key made is in use. Send a new, random key to join as another guest.")
}

extension Transaction {
    var idempotency: IdempotencyRows { IdempotencyRows(transaction: self) }
}
