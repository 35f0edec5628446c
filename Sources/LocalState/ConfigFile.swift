// `config.json`: choices of this person and the meshes as last seen. Shape: `{version:1, server?, lang?, telemetry?,
// plain?, ascii?, accent?, messages?, meshes:[{server,user_id,id,slug,name,membership,member_count,joined_at,owner_name?}],
// synced:[{server,user_id,at}]}`.
// To add a choice: a property below.

package import FoundationEssentials
package import MeshAPI

/// The content of `config.json`; what this version does not know of it stays.
package struct ConfigFile: Sendable, Hashable {
    var object: JSONObject

    /// The defaults.
    package init() { object = JSONObject() }

    init(object: JSONObject) { self.object = object }

    /// The server to use where nothing else says: `local`, or an address as written.
    package var server: String? {
        get { object[string: "server"] }
        set { object[string: "server"] = newValue }
    }

    package var language: String? {
        get { object[string: "lang"] }
        set { object[string: "lang"] = newValue }
    }

    package var telemetry: Bool? {
        // Written by hand as anything else it is a choice too: the one that tells nothing.
        get { object["telemetry"].map { $0.bool ?? false } }
        set { object[bool: "telemetry"] = newValue }
    }

    /// False: launches leave messages out, as by `--no-messages`.
    package var messages: Bool? {
        get { object[bool: "messages"] }
        set { object[bool: "messages"] = newValue }
    }

    /// Line mode was asked for, and is remembered.
    package var plain: Bool? {
        get { object[bool: "plain"] }
        set { object[bool: "plain"] = newValue }
    }

    /// ASCII signs were asked for, and are remembered.
    package var ascii: Bool? {
        get { object[bool: "ascii"] }
        set { object[bool: "ascii"] = newValue }
    }

    /// The colour of what is primary.
    package var accent: String? {
        get { object[string: "accent"] }
        set { object[string: "accent"] = newValue }
    }

    /// The meshes of `account`, as last seen, in the order they were kept.
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
        let mine = account.filter
        var known: [String: JSONObject] = [:]
        var others: [JSONValue] = []
        for entry in entries {
            guard let object = entry.object, mine(object) else {
                others.append(entry)
                continue
            }
            if let id = object[string: "id"] { known[id] = object }
        }
        object["meshes"] = .array(
            others + meshes.map { .object($0.written(into: known[$0.id] ?? JSONObject(), account)) })
        if let time {
            var mark = JSONObject()
            account.write(into: &mark)
            mark[string: "at"] = WireJSON.timestamp(time)
            object["synced"] = .array(synced.filter { !($0.object.map(mine) ?? false) } + [.object(mark)])
        }
        let formerIDs = Set(former.map(\.id))
        let ids = Set(meshes.map(\.id))
        return (meshes.filter { !formerIDs.contains($0.id) }, former.filter { !ids.contains($0.id) })
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

/// An account on a server: what saved meshes and answers belong to.
package struct AccountKey: Sendable, Hashable {
    package var server: ServerAddress
    package var userID: String

    package init(server: ServerAddress, userID: String) {
        self.server = server
        self.userID = userID
    }

    /// Tells the objects of this account. To be kept over a list: the server's text is made once.
    var filter: (JSONObject) -> Bool {
        let server = server.description
        return { $0[string: "user_id"] == userID && $0[string: "server"] == server }
    }

    func write(into object: inout JSONObject) {
        object[string: "server"] = server.description
        object[string: "user_id"] = userID
    }
}

/// A mesh as it was last seen.
package struct SavedMesh: Sendable, Hashable, Identifiable {
    package var id: String
    package var slug: String
    package var name: String
    package var membership: Membership
    package var memberCount: Int
    /// An RFC 3339 time, read only where somebody asks: there may be 100,000.
    private var joined: String
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
    package static let configName = "config.json"
    static let configLimit = 32 << 20

    /// The choices; the defaults where there are none. A damaged file is set aside.
    package func readConfig() throws(FileFailure) -> Loaded<ConfigFile> {
        let loaded = try configObject(locked: false)
        return Loaded(value: ConfigFile(object: loaded.value), notices: loaded.notices)
    }

    private func configObject(locked: Bool) throws(FileFailure) -> Loaded<JSONObject> {
        try object(Self.configName, limit: Self.configLimit, lists: ["meshes", "synced"], locked: locked)
    }

    /// Changes the choices as the only writer, on what is in the file then.
    @discardableResult
    package func updateConfig<Value>(_ change: (inout ConfigFile) -> Value) throws(FileFailure) -> Value {
        try writing { () throws(FileFailure) in
            var config = ConfigFile(object: try configObject(locked: true).value)
            let before = config
            let value = change(&config)
            guard config != before else { return value }
            if config.object["version"] == nil { config.object[int: "version"] = 1 }
            try replace(Self.configName, with: config.object, limit: Self.configLimit)
            return value
        }
    }
}
