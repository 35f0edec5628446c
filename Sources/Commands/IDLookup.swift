// Finds the one of a list that an id, or the beginning of one, stands for: found, none, or not unique.

import Connect
import Console
import Localization
import MeshAPI
import MeshClient

enum IDLookup {
    /// Fewer characters are too likely to hit by chance.
    static let shortestPrefix = 6
    /// Enough of an id to be typed.
    static let shownLength = 8

    /// The whole id that `text` is, or that alone begins with it.
    static func find(_ text: String, among ids: [String], context: Context) throws(Failure) -> String {
        if ids.contains(text) { return text }
        guard text.count >= shortestPrefix else {
            throw .invalid(field: "ID", reason: context.strings(ErrorText.idTooShort, count: shortestPrefix))
        }
        let matches = ids.filter { $0.hasPrefix(text) }
        guard let match = matches.first else { throw .noSuchID(text: text) }
        guard matches.count == 1 else { throw .ambiguousID(text: text, matches: matches) }
        return match
    }
}

extension ServerAccess {
    /// `revoke ID`, of whatever noun: finds the one that is meant, revokes it and says so.
    /// - Returns: its whole id.
    @discardableResult
    func revoke(
        _ text: String, among known: [(id: String, name: String)],
        by call: (APIClient, String) async throws(APIFailure) -> Void
    ) async throws -> String {
        let id = try IDLookup.find(text, among: known.map(\.id), context: context)
        try await ask { client throws(APIFailure) in try await call(client, id) }
        let name = known.first { $0.id == id }?.name ?? id
        try output.success(context.strings(CommandText.revokedNamed, ["name": name, "id": id]))
        if context.options.json { try output.json(RevokedAnswer(id: id)) }
        return id
    }
}

/// `{id, status}`: what became of something that was revoked.
struct RevokedAnswer: Encodable {
    var id: String
    var status = "revoked"
}
