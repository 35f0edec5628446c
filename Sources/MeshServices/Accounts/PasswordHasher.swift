// Passwords: scrypt at OWASP's parameters (N = 2^17, r = 8, p = 1), 128 MiB and a quarter of a second each. On threads
// of their own, cores/2 at once and behind everybody else's, with a short queue in front; more is answered 503, so that a
// rush of sign-ins neither takes the memory nor delays anything else.

internal import Crypto
internal import CryptoExtras
internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore
internal import NIOPosix
internal import Platform
internal import Synchronization
internal import Text

package final class PasswordHasher: Sendable {
    /// log2 of scrypt's N.
    package static let cost = 17
    static let queueLength = 8

    /// How many are hashed at once, at most.
    static let threads = max(1, ProcessInfo.processInfo.activeProcessorCount / 2)

    private let pool: NIOThreadPool
    private let most: Int
    private let cost: Int
    private let running = Mutex(0)

    init(cost: Int = PasswordHasher.cost, queueLength: Int = PasswordHasher.queueLength) {
        pool = NIOThreadPool(numberOfThreads: Self.threads)
        pool.start()
        most = Self.threads + queueLength
        self.cost = cost
    }

    deinit { pool.shutdownGracefully { _ in } }

    /// `$scrypt$ln=17,r=8,p=1$SALT$HASH`. Throws 503 where the queue is full.
    func hash(_ password: String) async throws -> String {
        let salt = randomBytes(16)
        let cost = cost
        let key = try await run { try Self.derive(password, salt: salt, cost: cost) }
        return "$scrypt$ln=\(cost),r=8,p=1$\(salt.hex())$\(key.hex())"
    }

    /// Whether `password` makes `stored`. Without a `stored` it takes as long and says no, so that nobody learns by the
    /// clock which addresses have an account. Throws 503 where the queue is full.
    func verify(_ password: String, against stored: String?) async throws -> Bool {
        let parts = stored?.split(separator: "$").map(String.init) ?? []
        guard parts.count == 4, let cost = Int(parts[1].dropFirst(3).prefix { $0 != "," }) else {
            let cost = cost
            _ = try await run { try Self.derive(password, salt: [UInt8](repeating: 0, count: 16), cost: cost) }
            return false
        }
        let salt = Self.bytes(hex: parts[2])
        let key = try await run { try Self.derive(password, salt: salt, cost: cost) }
        // scrypt's HMAC fills a short password up with NULs: one that ends in some would be as good as one without.
        return SecretDigest.areEqual(key.hex(), parts[3]) && !password.utf8.contains(0)
    }

    /// How many are hashed or wait for it.
    var count: Int { running.withLock { $0 } }

    /// Throws 503 where the queue is full.
    func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        let isIn = running.withLock { running in
            if running >= most { return false }
            running += 1
            return true
        }
        guard isIn else {
            throw Refusal.unavailable("Too many sign-ins at once. Try again in a moment.", retryAfter: 2)
        }
        defer { running.withLock { $0 -= 1 } }
        return try await pool.runIfActive {
            // Of this thread alone, and for good: nothing else runs on it.
            Threads.giveWay()
            return try work()
        }
    }

    private static func derive(_ password: String, salt: [UInt8], cost: Int) throws -> [UInt8] {
        let key = try KDF.Scrypt.deriveKey(
            from: Array(password.composed().utf8), salt: salt, outputByteCount: 32, rounds: 1 << cost, blockSize: 8,
            parallelism: 1
        )
        return key.withUnsafeBytes(Array.init)
    }

    private static func bytes(hex: String) -> [UInt8] {
        let digits = Array(hex.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
        }
    }
}
