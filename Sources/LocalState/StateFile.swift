// `state.json`: what was answered last time, per server and account, and which notices were shown. Shape: `{version:1,
// accounts:[{server,user_id,mesh_id?,mesh_name?,name?,name_prefilled?,role?,recent:[mesh id],
// attention?:{mesh id:open|focus|quiet},waiting?:{mesh id:n}}], notices:[name]}`, the account
// used last first.

package import MeshAPI

/// The answers of an account's last run.
package struct SavedAnswers: Sendable, Hashable {
    /// The id of the mesh that was joined last.
    package var meshID: String?
    /// Its name, to be said where it is gone.
    package var meshName: String?
    package var name: String?
    /// The name that was prefilled was kept, which each directory has for itself; then there is no `name`.
    package var keepsPrefilledName: Bool
    /// Empty where "No role" was chosen, nil where it never was asked.
    package var role: String?
    /// Ids of meshes, the one used last first.
    package var recent: [String]
    /// What may wake sessions of a mesh, by its id, where that was chosen.
    package var attention: [String: Attention] = [:]
    /// How many messages waited for the person in a mesh, by its id, when it was said last.
    package var waiting: [String: Int] = [:]

    package static let mostRecent = 20

    package init(
        meshID: String? = nil, meshName: String? = nil, name: String? = nil, keepsPrefilledName: Bool = false,
        role: String? = nil, recent: [String] = []
    ) {
        self.meshID = meshID
        self.meshName = meshName
        self.name = name
        self.keepsPrefilledName = keepsPrefilledName
        self.role = role
        self.recent = recent
    }

    /// A session was launched in `mesh`: it is the last, and first among the recent.
    package mutating func used(mesh: String, named name: String) {
        (meshID, meshName) = (mesh, name)
        recent = Array(([mesh] + recent.filter { $0 != mesh }).prefix(Self.mostRecent))
    }

    init(_ object: JSONObject) {
        self.init(
            meshID: object[string: "mesh_id"], meshName: object[string: "mesh_name"], name: object[string: "name"],
            keepsPrefilledName: object[bool: "name_prefilled"] ?? false, role: object[string: "role"],
            recent: (object["recent"]?.array ?? []).compactMap(\.string))
        for member in object["attention"]?.object?.members ?? [] {
            attention[member.key] = member.value.string.flatMap(Attention.init)
        }
        for member in object["waiting"]?.object?.members ?? [] { waiting[member.key] = member.value.int }
    }

    func write(into object: inout JSONObject) {
        object[string: "mesh_id"] = meshID
        object[string: "mesh_name"] = meshName
        object[string: "name"] = name
        object[bool: "name_prefilled"] = keepsPrefilledName ? true : nil
        object[string: "role"] = role
        object["recent"] = .array(recent.map(JSONValue.string))
        object["attention"] = Self.object(attention.mapValues { .string($0.rawValue) })
        object["waiting"] = Self.object(waiting.mapValues { .number($0) })
    }
}

extension SavedAnswers {
    /// nil for none: the key is left out.
    private static func object(_ values: [String: JSONValue]) -> JSONValue? {
        guard !values.isEmpty else { return nil }
        var object = JSONObject()
        for (key, value) in values.sorted(by: { $0.key < $1.key }) { object[key] = value }
        return .object(object)
    }
}

/// The content of `state.json`; what this version does not know of it stays.
package struct StateFile: Sendable, Hashable {
    /// More accounts than anybody uses; the one used longest ago is forgotten first.
    static let mostAccounts = 32

    var object: JSONObject

    package init() { object = JSONObject() }

    init(object: JSONObject) { self.object = object }

    /// What `account` answered last; nothing where it is new.
    package func answers(of account: AccountKey) -> SavedAnswers {
        accounts.compactMap(\.object).first(where: account.filter).map(SavedAnswers.init) ?? SavedAnswers()
    }

    /// Keeps the answers of `account`, and that it is the one used last.
    package mutating func setAnswers(_ answers: SavedAnswers, of account: AccountKey) {
        var entry = accounts.compactMap(\.object).first(where: account.filter) ?? JSONObject()
        account.write(into: &entry)
        answers.write(into: &entry)
        let mine = account.filter
        let others = accounts.filter { !($0.object.map(mine) ?? false) }
        object["accounts"] = .array(Array(([.object(entry)] + others).prefix(Self.mostAccounts)))
    }

    /// Whether the notice `name` was shown.
    package func wasShown(_ name: String) -> Bool { notices.contains(.string(name)) }

    package mutating func markShown(_ name: String) {
        if !wasShown(name) { object["notices"] = .array(notices + [.string(name)]) }
    }

    private var accounts: [JSONValue] { object["accounts"]?.array ?? [] }
    private var notices: [JSONValue] { object["notices"]?.array ?? [] }
}

extension ConfigDirectory {
    package static let stateName = "state.json"

    /// The last answers; empty where there are none. A damaged file is set aside.
    package func readState() throws(FileFailure) -> Loaded<StateFile> {
        let loaded = try stateObject(locked: false)
        return Loaded(value: StateFile(object: loaded.value), notices: loaded.notices)
    }

    /// The last answers for a run that goes on without them.
    package func rememberedState() -> Loaded<StateFile> {
        do throws(FileFailure) { return try readState() } catch {
            return Loaded(value: StateFile(), notices: [.leftOut(error)])
        }
    }

    private func stateObject(locked: Bool) throws(FileFailure) -> Loaded<JSONObject> {
        try object(Self.stateName, lists: ["accounts", "notices"], locked: locked)
    }

    /// Changes the last answers as the only writer, on what is in the file then.
    package func updateState(_ change: (inout StateFile) -> Void) throws(FileFailure) {
        try writing { () throws(FileFailure) in
            var state = StateFile(object: try stateObject(locked: true).value)
            let before = state
            change(&state)
            guard state != before else { return }
            if state.object["version"] == nil { state.object[int: "version"] = 1 }
            try replace(Self.stateName, with: state.object)
        }
    }
}
