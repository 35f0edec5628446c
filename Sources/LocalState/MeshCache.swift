// `meshes.json`: the meshes of each account as its server listed them last, to be drawn before any answer. It can be deleted:
// the next list makes it anew. Shape: `{version:1, meshes:[{server,user_id,id,slug,name,membership,member_count,joined_at,
// owner_name?}], synced:[{server,user_id,at}]}`, the account listed last first, of each the newest first: a first frame is made
// of the head of a long list.

package import FoundationEssentials
package import MeshAPI
internal import Platform

/// The content of `meshes.json`; what this version does not know of it stays.
package struct MeshCache: Sendable, Hashable {
    var object: JSONObject

    package init() { object = JSONObject() }

    init(object: JSONObject) { self.object = object }

    /// The meshes of `account`, as last seen, the newest first.
    package func meshes(of account: AccountKey) -> [SavedMesh] {
        let mine = account.filter
        return entries.compactMap { entry in
            guard let entry = entry.object, mine(entry) else { return nil }
            return SavedMesh(entry)
        }
    }

    /// When the meshes of `account` were last seen, all of them; nil where they never were.
    package func meshesSeenAt(of account: AccountKey) -> Date? {
        synced.compactMap(\.object).first(where: account.filter)?[string: "at"].flatMap(WireJSON.parseTimestamp)
    }

    /// Reconciles the meshes of `account` with what its server says now; those of others stay.
    /// - Parameter time: when these were seen to be all; nil: they are what is known so far, and the list as a whole is
    ///   as old as it was.
    /// - Returns: what is new and what is gone.
    @discardableResult
    package mutating func setMeshes(
        _ meshes: [SavedMesh], of account: AccountKey, at time: Date?
    ) -> (added: [SavedMesh], removed: [SavedMesh]) {
        let former = self.meshes(of: account)
        let isMine = account.filter
        var known: [String: JSONObject] = [:]
        var others: [JSONValue] = []
        for entry in entries {
            guard let object = entry.object, isMine(object) else {
                others.append(entry)
                continue
            }
            if let id = object[string: "id"] { known[id] = object }
        }
        let mine = meshes.sorted { $0.joined > $1.joined }
            .map { JSONValue.object($0.written(into: known[$0.id] ?? JSONObject(), account)) }
        object["meshes"] = .array(mine + others)
        if let time {
            var mark = JSONObject()
            account.write(into: &mark)
            mark[string: "at"] = WireJSON.timestamp(time)
            object["synced"] = .array(synced.filter { !($0.object.map(isMine) ?? false) } + [.object(mark)])
        }
        let formerIDs = Set(former.map(\.id))
        let ids = Set(meshes.map(\.id))
        return (meshes.filter { !formerIDs.contains($0.id) }, former.filter { !ids.contains($0.id) })
    }

    /// Forgets one mesh of `account`.
    package mutating func forgetMesh(_ id: String, of account: AccountKey) {
        setMeshes(meshes(of: account).filter { $0.id != id }, of: account, at: nil)
    }

    /// Adds or renews one mesh of `account`; the others stay as they are.
    package mutating func keepMesh(_ mesh: SavedMesh, of account: AccountKey) {
        var meshes = self.meshes(of: account)
        let place = meshes.firstIndex { $0.id == mesh.id }
        if let place { meshes[place] = mesh } else { meshes.append(mesh) }
        setMeshes(meshes, of: account, at: nil)
    }

    private var entries: [JSONValue] { object["meshes"]?.array ?? [] }
    private var synced: [JSONValue] { object["synced"]?.array ?? [] }
}

/// A mesh as it was last seen.
package struct SavedMesh: Sendable, Hashable, Identifiable {
    package var id: String
    package var slug: String
    package var name: String
    package var membership: Membership
    package var memberCount: Int
    /// An RFC 3339 time, read only where somebody asks: there may be 100,000.
    fileprivate var joined: String
    /// Tells two meshes of one name apart.
    package var ownerName: String?

    package init(_ mesh: Mesh) {
        id = mesh.id
        slug = mesh.slug
        name = mesh.name
        membership = mesh.membership
        memberCount = mesh.memberCount
        joined = WireJSON.timestamp(mesh.joinedAt)
        ownerName = mesh.ownerName
    }

    package var joinedAt: Date { WireJSON.parseTimestamp(joined) ?? .distantPast }

    init?(_ object: JSONObject) {
        guard let id = object[string: "id"], let slug = object[string: "slug"], let name = object[string: "name"] else {
            return nil
        }
        self.id = id
        self.slug = slug
        self.name = name
        membership = object[string: "membership"].flatMap(Membership.init) ?? .member
        memberCount = object[int: "member_count"] ?? 1
        joined = object[string: "joined_at"] ?? ""
        ownerName = object[string: "owner_name"]
    }

    func written(into object: JSONObject, _ account: AccountKey) -> JSONObject {
        var object = object
        account.write(into: &object)
        object[string: "id"] = id
        object[string: "slug"] = slug
        object[string: "name"] = name
        object[string: "membership"] = membership.rawValue
        object[int: "member_count"] = memberCount
        object[string: "joined_at"] = joined
        object[string: "owner_name"] = ownerName
        return object
    }
}

extension ConfigDirectory {
    package static let meshesName = "meshes.json"
    /// Enough for 100,000.
    static let meshesLimit = 32 << 20
    /// What holds up a frame no more than a short list does: some 100 meshes.
    static let meshesHead = 32 << 10
    private static let meshLists = ["meshes", "synced"]

    /// The meshes of all accounts as last seen; none where there are none. A damaged file is set aside.
    package func readMeshes() throws(FileFailure) -> Loaded<MeshCache> {
        let loaded = try meshesObject(locked: false)
        return Loaded(value: MeshCache(object: loaded.value), notices: loaded.notices)
    }

    /// The meshes for a run that goes on without them.
    package func rememberedMeshes() -> Loaded<MeshCache> {
        do throws(FileFailure) { return try readMeshes() } catch {
            return Loaded(value: MeshCache(), notices: [.leftOut(error)])
        }
    }

    /// The newest meshes of `account` from a long list, without the rest of it; nil where the list is short.
    package func newestMeshes(of account: AccountKey) -> [SavedMesh]? {
        head(Self.meshesName, Self.meshesHead).map { head in
            JSONReader.firstObjects(of: "meshes", in: head).filter(account.filter).compactMap(SavedMesh.init)
        }
    }

    /// Changes the meshes as the only writer, on what is in the file then.
    @discardableResult
    package func updateMeshes<Value>(_ change: (inout MeshCache) -> Value) throws(FileFailure) -> Value {
        try writing { () throws(FileFailure) in
            var meshes = MeshCache(object: try meshesObject(locked: true).value)
            let before = meshes
            let value = change(&meshes)
            guard meshes != before else { return value }
            if meshes.object["version"] == nil { meshes.object[int: "version"] = 1 }
            try replace(Self.meshesName, with: meshes.object, limit: Self.meshesLimit)
            try leaveMeshesOutOfConfig()
            return value
        }
    }

    /// Where the file is not there yet, the lists are those that `config.json` held before there was one.
    private func meshesObject(locked: Bool) throws(FileFailure) -> Loaded<JSONObject> {
        if WholeFile.exists(path(of: Self.meshesName)) {
            return try object(Self.meshesName, limit: Self.meshesLimit, lists: Self.meshLists, locked: locked)
        }
        let config = try configObject(locked: locked).value
        var object = JSONObject()
        for list in Self.meshLists { object[list] = config[list] }
        return Loaded(value: object)
    }

    private func leaveMeshesOutOfConfig() throws(FileFailure) {
        let before = try configObject(locked: true).value
        var config = before
        for list in Self.meshLists { config[list] = nil }
        if config != before { try replace(Self.configName, with: config, limit: Self.configLimit) }
    }
}
