// What launches left that were killed: their directories go when their owner is gone, and for no other reason.

import Platform

/// Sweeps session directories whose owner is gone.
public struct Sweeper: Sendable {
    private let temporary: String

    public init(in temporary: String) { self.temporary = temporary }

    /// Removes the leftovers; returns their paths. Never one whose owner lives or belongs to another container, machine or
    /// boot, never by age, never another user's, and never through a link.
    @discardableResult
    public func sweep() -> [String] {
        WholeFile.names(in: temporary).filter { $0.hasPrefix(SessionDirectory.prefix) }
            .map { "\(temporary)/\($0)" }
            .filter(sweep)
    }

    private func sweep(_ path: String) -> Bool {
        guard let name = SessionName(path) else { return false }
        guard let directory = PrivateTree.openOwn(path) else { return false }
        defer { directory.close() }
        if let maker = name.maker {
            guard maker.life() == .gone else { return false }
        } else if let owner = Self.owner(directory) {
            guard owner.life() == .gone else { return false }
        } else {
            // Without an owner it is the rest of a removal, if it is empty; else it is not ours to judge.
            return PrivateTree.removeEmpty(path)
        }
        PrivateTree.remove(path)
        return !FileAccess.allows(.exists, path)
    }

    private static func owner(_ directory: Descriptor) -> ProcessIdentity? {
        PrivateTree.head(of: SessionDirectory.ownerName, in: directory, most: 128)
            .flatMap { ProcessIdentity(String(decoding: $0, as: UTF8.self)) }
    }
}

/// The name of a session directory: `claudemesh-<uuid>`, and `.<pid>.<start>.<boot>.<namespace>` behind it while it is being
/// made.
struct SessionName {
    let maker: ProcessIdentity?

    /// Nil where the name is of another form.
    init?(_ path: String) {
        let name = path.split(separator: "/").last ?? ""
        guard name.hasPrefix(SessionDirectory.prefix) else { return nil }
        let parts = name.dropFirst(SessionDirectory.prefix.count).split(separator: ".", maxSplits: 1)
        guard let id = parts.first, Self.isUUID(id) else { return nil }
        maker = parts.count > 1 ? ProcessIdentity(parts[1], separator: ".") : nil
        if parts.count > 1 && maker == nil { return nil }
    }

    private static func isUUID(_ text: Substring) -> Bool {
        text.split(separator: "-", omittingEmptySubsequences: false).map(\.count) == [8, 4, 4, 4, 12]
            && text.allSatisfy { $0 == "-" || $0.isHexDigit }
    }
}
