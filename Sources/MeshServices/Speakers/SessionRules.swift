// What a registration may say. To add a field: its rule here, its column in the rows, its place in `Registration`.

internal import FoundationEssentials
package import MeshAPI
internal import MeshStore

package enum SessionRules {
    /// Throws `invalid`.
    package static func check(_ request: RegisterSession) throws {
        guard isID(request.sessionId) else {
            throw Refusal.invalid("session_id", "session_id has 1 to 64 visible ASCII characters.")
        }
        // `POST sessions/kick` puts out several.
        guard request.sessionId != "kick" else { throw Refusal.invalid("session_id", "session_id can't be kick.") }
        guard FieldRule.name.problem(of: request.displayName) == nil else {
            throw Refusal.invalid("display_name", "display_name has 1 to 64 visible characters and no controls.")
        }
        guard request.role.map({ FieldRule.role.problem(of: $0) == nil }) ?? true else {
            throw Refusal.invalid("role", "role has 1 to 32 visible characters and no controls.")
        }
        guard (1...Int(UInt32.max)).contains(request.pid) else {
            throw Refusal.invalid("pid", "pid is the number of a process.")
        }
        guard FieldRule(maxCharacters: 255).problem(of: request.host) == nil else {
            throw Refusal.invalid("host", "host has 1 to 255 visible characters and no controls.")
        }
        // As long as a path may be.
        let isPath = { FieldRule(maxCharacters: 4096).problem(of: $0) == nil && $0.utf8.count <= 4096 }
        guard request.directory.map(isPath) ?? true else {
            throw Refusal.invalid("directory", "directory has 1 to 4096 visible bytes and no controls.")
        }
        let digits = Set("0123456789abcdef".utf8)
        guard request.tokenHash.utf8.count == 64, request.tokenHash.utf8.allSatisfy(digits.contains) else {
            throw Refusal.invalid("token_hash", "token_hash has 64 hex digits, lower case.")
        }
    }

    /// 1 to 64 visible ASCII characters.
    package static func isID(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}
