// A session's secret: 64 hex digits in a file of its own folder, which nobody else can open.

internal import FoundationEssentials
package import MeshAPI
internal import MeshClient
internal import Platform

/// The file holds no token, or the address is none.
package struct SessionTokenFailure: Error, Sendable, Hashable {
    package var path: String
}

package enum SessionToken {
    package static func read(_ path: String) throws(SessionTokenFailure) -> String {
        guard let data = try? Data(contentsOf: URL(filePath: path)), data.count < 200 else {
            throw SessionTokenFailure(path: path)
        }
        guard let token = parse(String(decoding: data, as: UTF8.self)) else { throw SessionTokenFailure(path: path) }
        return token
    }

    /// Trimmed, in any case; nil where it is none.
    package static func parse(_ text: String) -> String? {
        let token = text.lowercased().filter { !$0.isWhitespace }
        guard token.utf8.count == 64, token.allSatisfy(\.isHexDigit) else { return nil }
        return token
    }

    package static func serverAddress(_ text: String) throws(SessionTokenFailure) -> ServerAddress {
        guard let address = try? ServerAddress(text) else { throw SessionTokenFailure(path: text) }
        return address
    }
}

/// The end of a file that Claude Code writes: its lines, the newest last.
enum TranscriptFile {
    static func tail(_ path: String, most: Int) -> [Substring] {
        guard let file = try? FileTail.read(path, most: most) else { return [] }
        return String(decoding: file, as: UTF8.self).split(separator: "\n")
    }
}
