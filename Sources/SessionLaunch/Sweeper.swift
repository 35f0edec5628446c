// What launches left that were killed: their directories go when their owner is gone, and for no other reason.

import Glibc
import Platform

/// Sweeps session directories whose owner is gone.
public struct Sweeper: Sendable {
    private let temporary: String

    public init(in temporary: String) { self.temporary = temporary }

    /// Removes the leftovers; returns their paths. Never one whose owner lives or belongs to another container, machine or
    /// boot, never by age, never another user's, and never through a link.
    @discardableResult
    public func sweep() -> [String] {
        let directory = open(temporary, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return [] }
        return PrivateTree.names(directory).filter { $0.hasPrefix(SessionDirectory.prefix) }
            .map { "\(temporary)/\($0)" }
            .filter(sweep)
    }

    private func sweep(_ path: String) -> Bool {
        guard let name = SessionName(path) else { return false }
        let directory = PrivateTree.openOwn(path)
        guard directory >= 0 else { return false }
        defer { close(directory) }
        if let maker = name.maker {
            guard maker.life() == .gone else { return false }
        } else if let owner = Self.owner(directory) {
            guard owner.life() == .gone else { return false }
        } else {
            // Without an owner it is the rest of a removal, if it is empty; else it is not ours to judge.
            return rmdir(path) == 0
        }
        PrivateTree.remove(path)
        return access(path, F_OK) != 0
    }

    private static func owner(_ directory: Int32) -> ProcessIdentity? {
        let file = openat(directory, SessionDirectory.ownerName, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 128)
        let count = read(file, &buffer, buffer.count)
        return ProcessIdentity(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self))
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
