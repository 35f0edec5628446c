// Pictures as text, held to what they were: one file each in a folder. After a change that is meant `CLAUDEMESH_RENEW_GOLDEN=1`
// writes them anew; read the diff then.

import Foundation

package struct Golden: Sendable {
    private static let renews = ProcessInfo.processInfo.environment["CLAUDEMESH_RENEW_GOLDEN"] == "1"
    private let folder: URL

    /// Those in the folder `Golden` beside a test's file.
    package init(beside file: String) {
        folder = URL(filePath: file).deletingLastPathComponent().appending(path: "Golden")
    }

    /// Where `text` is not what it was, or that it was renewed; nil where it is.
    package func difference(of text: String, to name: String) throws -> String? {
        let file = folder.appending(path: "\(name).txt")
        let golden = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        guard golden != text else { return nil }
        if Self.renews {
            try Data(text.utf8).write(to: file)
            return "renewed: run again without CLAUDEMESH_RENEW_GOLDEN"
        }
        let (old, new) = (lines(golden), lines(text))
        let place = zip(old, new).enumerated().first { $1.0 != $1.1 }?.offset ?? min(old.count, new.count)
        return
            "line \(place + 1): golden |\(old.dropFirst(place).first ?? "")|, now |\(new.dropFirst(place).first ?? "")|"
    }

    /// The names of all that are kept.
    package var names: Set<String> {
        get throws {
            Set(try FileManager.default.contentsOfDirectory(atPath: folder.path).map { $0.replacing(".txt", with: "") })
        }
    }

    private func lines(_ text: String) -> [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
}
