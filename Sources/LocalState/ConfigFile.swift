// `config.json`: choices of this person. Shape: `{version:1, server?, lang?, telemetry?, plain?, ascii?, accent?, messages?}`.
// To add a choice: a property below.

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

extension ConfigDirectory {
    package static let configName = "config.json"
    /// It held the meshes once.
    static let configLimit = meshesLimit

    /// The choices; the defaults where there are none. A damaged file is set aside.
    package func readConfig() throws(FileFailure) -> Loaded<ConfigFile> {
        let loaded = try configObject(locked: false)
        return Loaded(value: ConfigFile(object: loaded.value), notices: loaded.notices)
    }

    func configObject(locked: Bool) throws(FileFailure) -> Loaded<JSONObject> {
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
