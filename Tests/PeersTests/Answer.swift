// JSON as a dictionary, to look into answers with.

import Foundation

enum Answer {
    static func read(_ text: String) throws -> [String: Any]? {
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    }
}
