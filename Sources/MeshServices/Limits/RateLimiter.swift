// How often something may be done: a window that slides, counted per key (an address, an account, a token). In memory, and a
// restart forgives; where several servers share a database, in that. To add a limit: a `Rule` below, and `take` where it
// applies.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore
internal import Platform
internal import Synchronization

/// So many times in so many seconds.
package struct Rule: Sendable, Hashable {
    /// What several servers count together.
    package enum Sharing: Sendable {
        case each
        /// Ten at a time, since nearly every request counts.
        case leased
        /// Each server's own.
        case none
    }

    let name: String
    let count: Int
    let seconds: Double
    var sharing = Sharing.each

    static let newCodes = Rule(name: "new-codes", count: 5, seconds: 60)
    static let signInByAccount = Rule(name: "sign-in-account", count: 10, seconds: 15 * 60)
    static let signInByAddress = Rule(name: "sign-in-address", count: 10, seconds: 15 * 60)
    static let registrations = Rule(name: "registrations", count: 20, seconds: 15 * 60)
    static let wrongCodesByAccount = Rule(name: "codes-account", count: 5, seconds: 10 * 60)
    static let wrongCodesByAddress = Rule(name: "codes-address", count: 10, seconds: 10 * 60)
    package static let requestsByToken = Rule(name: "requests", count: 100, seconds: 60, sharing: .leased)
    /// Of messages, receipts, events and presence.
    package static let meshRequestsByToken = Rule(name: "mesh-requests", count: 600, seconds: 60, sharing: .leased)
    /// 60 a minute, 10 at once.
    static let messagesByPeer = Rule(name: "messages-peer", count: 10, seconds: 10)
    /// 240 a minute, 40 at once, with all peers and keys.
    static let messagesByMember = Rule(name: "messages-member", count: 40, seconds: 10)
    static let inviteClaims = Rule(name: "invite-claims", count: 10, seconds: 60)
    static let inviteMails = Rule(name: "invite-mails", count: 100, seconds: 3600)
    /// Mails that let somebody set a new password: by who asks for them, and by who gets them.
    static let passwordMailsByAddress = Rule(name: "password-mails-address", count: 10, seconds: 3600)
    static let passwordMailsByAccount = Rule(name: "password-mails-account", count: 3, seconds: 3600)
    package static let telemetry = Rule(name: "telemetry", count: 30, seconds: 60, sharing: .none)
    static let invitePreviews = Rule(name: "invite-previews", count: 30, seconds: 60)
}

/// Counts, and refuses what is one too many.
package struct RateLimiter: Sendable {
    private let isOn: Bool
    private let now: @Sendable () -> Date
    private let own = OwnCounts()
    /// The counts that all servers share; nil where there is one.
    private let shared: SharedCounts?

    /// - Parameter shared: where several servers count together.
    init(isOn: Bool, shared: (any SharedStore)? = nil, now: @escaping @Sendable () -> Date) {
        self.isOn = isOn
        self.now = now
        self.shared = shared.map(SharedCounts.init)
    }

    /// Counts one; throws 429 where that is one too many.
    package func take(_ rule: Rule, _ subject: String) async throws {
        guard isOn else { return }
        let time = now().timeIntervalSince1970
        let wait: Double?
        if let shared, rule.sharing != .none {
            wait = try await shared.take(rule, subject, at: time)
        } else {
            wait = own.take(rule, subject, at: time)
        }
        if let wait { throw Refusal.tooMany(retryAfter: max(1, Int(wait.rounded(.up)))) }
    }

    /// As `take`, for who finds out later whether it counts: what is to be thrown then.
    func problem(_ rule: Rule, _ subject: String) async throws -> Refusal? {
        do { try await take(rule, subject) } catch let refusal as Refusal { return refusal }
        return nil
    }

    /// Undoes the last `take`: what went well does not count.
    func giveBack(_ rule: Rule, _ subject: String) async {
        guard isOn else { return }
        if let shared, rule.sharing != .none {
            await shared.giveBack(rule, subject)
        } else {
            own.giveBack(rule, subject)
        }
    }
}

/// One server's counts: the times themselves. A restart forgives.
final class OwnCounts: Sendable {
    private struct Key: Hashable {
        var rule: Rule
        var subject: String
    }

    private let times = Mutex<[Key: [Double]]>([:])
    /// Above so many keys the ones that are over are dropped.
    private let sweepAbove = 50_000

    /// Seconds to wait where it is one too many.
    func take(_ rule: Rule, _ subject: String, at time: Double) -> Double? {
        times.withLock { times -> Double? in
            let key = Key(rule: rule, subject: subject)
            // The clock may be set back: what lies in the future counts as now, so that no wait is longer than the window.
            var recent = (times[key] ?? []).map { min($0, time) }.filter { $0 > time - rule.seconds }
            defer { times[key] = recent }
            if recent.count >= rule.count { return recent[recent.count - rule.count] + rule.seconds - time }
            recent.append(time)
            if times.count > sweepAbove { Self.sweep(&times, at: time) }
            return nil
        }
    }

    func giveBack(_ rule: Rule, _ subject: String) {
        times.withLock { times in
            let key = Key(rule: rule, subject: subject)
            guard var recent = times[key] else { return }
            _ = recent.popLast()
            times[key] = recent.isEmpty ? nil : recent
        }
    }

    private static func sweep(_ times: inout [Key: [Double]], at time: Double) {
        times = times.filter { key, value in (value.last ?? 0) > time - key.rule.seconds }
    }
}

/// Who an address is: one machine in IPv4, one network of 64 bits in IPv6, where a machine has as many as it likes.
package enum AddressKey {
    package static func of(_ address: String) -> String {
        guard let bytes = IPAddress(address)?.bytes, bytes.count == 16 else { return address }
        return bytes.prefix(8).hex() + "::/64"
    }
}
