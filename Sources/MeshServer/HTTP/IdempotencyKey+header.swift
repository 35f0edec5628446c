// `Idempotency-Key`: a POST that is repeated with the same key within a day gets the former answer and makes nothing.

internal import Hummingbird
internal import MeshAPI
internal import MeshServices
internal import MeshStore

extension IdempotencyKey {
    /// 128 random bits in base64; a UUID has more.
    private static let leastUnguessable = 22

    /// `thing` names what is made and where, in one spelling: the path has several. nil where the request has no key;
    /// throws `invalid` where it is not 1 to 255 visible ASCII characters.
    init?(_ request: Request, making thing: String, by account: AccountRow) throws {
        try self.init(request, making: thing) { _ in "account \(account.id)" }
    }

    /// Of a page's form, in which `client_id` is unguessable: it came from us.
    init(_ form: Form, making thing: String, by account: AccountRow) {
        self.init(
            scope: "\(thing) of a page account \(account.id)", digest: SecretDigest.of(form["client_id"]),
            isGuessable: false)
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
        let isGuessable = text.utf8.count < Self.leastUnguessable
        self.init(
            scope: "\(thing) \(sender(isGuessable))", digest: SecretDigest.of(text), isGuessable: isGuessable)
    }
}
