// ListTexts CATALOGUE OUTPUT: Swift's names of a catalogue's texts, an enum for each of its sections.

import Foundation

@main struct ListTexts {
    static func main() throws {
        let (catalogue, output) = (CommandLine.arguments[1], CommandLine.arguments[2])
        let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: catalogue)))
        guard let sections = json as? [String: [String: Any]] else {
            throw CocoaError(.propertyListReadCorrupt, userInfo: [NSFilePathErrorKey: catalogue])
        }
        let enums = sections.sorted { $0.key < $1.key }.map { section, texts in
            """
            /// The texts of section `\(section)`.
            public enum \(section.prefix(1).uppercased() + section.dropFirst())Text: String, TextKey {
                public static let section = "\(section)"

            \(texts.keys.sorted().map { "    case `\($0)`" }.joined(separator: "\n"))
            }

            """
        }
        try Data(enums.joined(separator: "\n").utf8).write(to: URL(filePath: output), options: .atomic)
    }
}
