// A directory of a test's own, gone with the test.

import Foundation

/// A new private directory, removed with all that is in it when it is let go.
public final class TemporaryDirectory: Sendable {
    public let path: String

    public init() throws {
        let parent = FileManager.default.temporaryDirectory.path
        var template = Array("\(parent)/claudemesh-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SessionFailure("no temporary directory") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of `name` in it.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file, executable if `mode` says so, and returns its path.
    @discardableResult
    public func write(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
        let url = URL(filePath: file(name))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path)
        return url.path
    }
}
