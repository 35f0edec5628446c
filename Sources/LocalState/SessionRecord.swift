// `sessions/<id>.json`: the answers of one launch, so that `--resume` finds its way back. The 50 newest are kept.

package import FoundationEssentials
internal import MeshAPI
internal import Platform

/// A launch as it was answered.
package struct SessionRecord: Sendable, Hashable {
    /// The session's UUID, in lower case.
    package var id: String
    package var account: AccountKey
    package var meshID: String
    package var meshSlug: String
    package var meshName: String
    package var name: String
    package var role: String?
    package var directory: String
    package var createdAt: Date

    package init(
        id: String, account: AccountKey, meshID: String, meshSlug: String, meshName: String, name: String,
        role: String?, directory: String, createdAt: Date
    ) {
        self.id = id
        self.account = account
        self.meshID = meshID
        self.meshSlug = meshSlug
        self.meshName = meshName
        self.name = name
        self.role = role
        self.directory = directory
        self.createdAt = createdAt
    }

    init?(_ object: JSONObject, id: String) {
        guard let server = object[string: "server"].flatMap({ try? ServerAddress($0) }),
            let userID = object[string: "user_id"], let mesh = object["mesh"]?.object,
            let meshID = mesh[string: "id"], let slug = mesh[string: "slug"], let meshName = mesh[string: "name"],
            let name = object[string: "name"], let directory = object[string: "directory"]
        else { return nil }
        self.init(
            id: id, account: AccountKey(server: server, userID: userID), meshID: meshID, meshSlug: slug,
            meshName: meshName, name: name, role: object[string: "role"], directory: directory,
            createdAt: object[string: "created_at"].flatMap(WireJSON.parseTimestamp) ?? .distantPast)
    }

    var object: JSONObject {
        var object = JSONObject()
        object[int: "version"] = 1
        account.write(into: &object)
        var mesh = JSONObject()
        mesh[string: "id"] = meshID
        mesh[string: "slug"] = meshSlug
        mesh[string: "name"] = meshName
        object["mesh"] = .object(mesh)
        object[string: "name"] = name
        object[string: "role"] = role
        object[string: "directory"] = directory
        object[string: "created_at"] = WireJSON.timestamp(createdAt)
        return object
    }
}

/// What an id or the beginning of one stands for.
package enum SessionMatch: Sendable, Hashable {
    case one(SessionRecord)
    case none
    /// The ids that begin like it.
    case many([String])
}

extension ConfigDirectory {
    static let mostSessions = 50

    private var sessions: ConfigDirectory { ConfigDirectory(path: "\(path)/sessions", mayWrite: mayWrite) }

    /// Keeps a launch, and forgets those beyond the 50 newest.
    package func writeSession(_ record: SessionRecord) throws(FileFailure) {
        guard Self.isSessionID(record.id) else { throw .wrongKind(path: sessions.path) }
        // The outer directory first: it may have to be made, and has to be private.
        try writing { () throws(FileFailure) in
            try sessions.writing { () throws(FileFailure) in
                try sessions.replace("\(record.id).json", with: record.object)
                for name in sessions.newestFirst().dropFirst(Self.mostSessions) {
                    _ = try SafeFile.remove(name, in: sessions.path)
                }
            }
        }
    }

    /// The launch whose id is `prefix` or begins with it, in any case.
    package func session(matching prefix: String) throws(FileFailure) -> SessionMatch {
        let prefix = prefix.lowercased()
        guard Self.isSessionID(prefix) else { return .none }
        let ids = WholeFile.names(in: sessions.path).filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }
            .filter { Self.isSessionID($0) && $0.hasPrefix(prefix) }.sorted()
        guard let id = ids.count == 1 ? ids.first : ids.first(where: { $0 == prefix }) else {
            return ids.isEmpty ? .none : .many(ids)
        }
        return try record(id).map(SessionMatch.one) ?? .none
    }

    /// The launches that are kept, the newest first; those that cannot be read are passed over.
    package func launches() -> [SessionRecord] {
        sessions.newestFirst().compactMap { try? record(String($0.dropLast(5))) }
    }

    private func record(_ id: String) throws(FileFailure) -> SessionRecord? {
        var notices: [FileNotice] = []
        guard Self.isSessionID(id), let bytes = try sessions.read("\(id).json", &notices),
            let object = (try? JSONReader.read(bytes))?.object
        else { return nil }
        return SessionRecord(object, id: id)
    }

    /// Lower-case hexadecimal digits and hyphens: nothing that leads out of the directory.
    static func isSessionID(_ text: String) -> Bool {
        !text.isEmpty && text.count <= 36 && text.utf8.allSatisfy { "0123456789abcdef-".utf8.contains($0) }
    }

    private func newestFirst() -> [String] {
        WholeFile.names(in: path).filter { $0.hasSuffix(".json") }
            .map { (name: $0, modified: WholeFile.modified("\(path)/\($0)")) }
            .sorted { ($0.modified, $0.name) > ($1.modified, $1.name) }.map(\.name)
    }
}
