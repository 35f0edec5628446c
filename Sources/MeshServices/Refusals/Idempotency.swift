// Doing once what is asked for twice with one key. The answer is kept in the transaction that made it, without a token:
// whoever has one to give makes a fresh one.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

extension IdempotencyRows {
    /// The answer of the first request with `key`; `make` is called for that one alone. `fingerprint` stands for what
    /// was asked: the same key with another is refused (422). `replayed` may complete a kept answer.
    func once<Answer: Codable>(
        _ key: IdempotencyKey?, fingerprint: String, at now: Date, make: () throws -> Answer,
        kept: (Answer) -> Answer = { $0 }, replayed: (Answer) throws -> Answer = { $0 }
    ) throws -> Answer {
        guard let key else { return try make() }
        let request = SecretDigest.of(fingerprint)
        if let former = try self.kept(key, at: now) {
            guard former.request == request else {
                throw Refusal.invalid("Idempotency-Key", "The key was used for another request.")
            }
            return try replayed(try WireJSON.decode(Answer.self, from: Data(former.answer.utf8)))
        }
        let answer = try make()
        try keep(
            String(decoding: try WireJSON.encode(kept(answer)), as: UTF8.self), of: request, under: key, at: now)
        return answer
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
