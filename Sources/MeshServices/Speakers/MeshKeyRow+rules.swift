// What a mesh key may, and what is said where it may not.

internal import FoundationEssentials
internal import MeshAPI
package import MeshStore

extension MeshKeyRow {
    func problem(at now: Date) -> Refusal.Unauthorized? {
        if revokedAt != nil { return .revoked }
        return expiresAt.map { $0 <= now } ?? false ? .expired : nil
    }

    /// Throws 403 where it may not write to an address, before anything is looked for there.
    func check(writingTo address: String) throws {
        let name = address.hasPrefix("#") ? address.dropFirst().lowercased() : nil
        let isAllowed =
            if let name { topics?.contains { $0.name == name } ?? true } else { topics == nil && may(.send) }
        guard isAllowed else { throw refusal }
    }

    /// 403, saying what it may.
    package var refusal: Refusal { .notAllowed(limits) }

    /// "This key may only send to #ci."
    var limits: String {
        let names = topics.map {
            $0.isEmpty ? "topics that are gone" : $0.map { "#\($0.name)" }.joined(separator: ", ")
        }
        let deeds = can.sorted { $0.rawValue < $1.rawValue }.map { ability in
            switch ability {
            case .read: "read \(names ?? "topics")"
            case .send: names.map { "send to \($0)" } ?? "send messages"
            case .topics: names.map { "post in \($0)" } ?? "post in topics and make them"
            }
        }
        return "This key may only \(deeds.joined(separator: ", "))."
    }
}
