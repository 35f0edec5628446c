// Why a database cannot be used, as data: the client of these words turns them into the language in force.
// To add a reason: a case of `FileReason`, its English here, its text in the catalogues.

internal import Platform

/// Where a server keeps what it knows.
public enum StorageLocation: Sendable, Hashable {
    /// The path of the SQLite file; made with its folder where it is missing, readable by the owner alone.
    case file(String)
    /// Nothing outlives the process.
    case memory
    /// A PostgreSQL database that several servers share, and the file of the key that they have in common.
    case shared(DatabaseURL, keyFile: String)
}

/// `postgres://USER:PASSWORD@HOST/DATABASE`. It holds a secret: what is printed of it says nothing.
public struct DatabaseURL: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible {
    package let text: String

    public init(_ text: String) { self.text = text }

    public var description: String { "postgres://…" }
    public var debugDescription: String { description }
}

/// Why a database cannot be used. The program ends with status 10.
public enum StorageFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// A migration that was applied is not the one this program carries.
    case migrationChanged(name: String)
    /// The database was migrated by a newer program.
    case newer(name: String)
    /// The list of migrations lacks one that was applied.
    case migrationsDamaged(name: String)
    case file(path: String, reason: FileReason)
    /// No database, or another program's. It is left as it is.
    case foreign(path: String)
    /// What the engine says: its result code, and its English.
    case database(path: String, code: Int32, reason: String)
    /// The address of a database that servers share is none that can be used.
    case address(AddressReason)
    /// That database's server can't be reached, or refuses what is asked of it: `host/database`, and its English.
    case server(String, reason: String)
    /// It is set up so that it could lose what was acknowledged, or order texts as people do.
    case setting(server: String, name: String, value: String)
    /// This machine has no libpq.
    case noLibrary

    public var description: String {
        switch self {
        case .migrationChanged(let name): "migration \(name) was changed after it was applied"
        case .migrationsDamaged(let name): "migration \(name) is in the database and not in its list of them"
        case .newer(let name): "the database is newer than this program (it has migration \(name))"
        case .file(let path, let reason): "\(path): \(reason)"
        case .foreign(let path): "\(path): no claudemesh database"
        case .database(let path, _, let reason): "\(path): \(reason)"
        case .address(let reason): "the database's address can't be used: \(reason)"
        case .server(let server, let reason): "\(server): \(reason)"
        case .setting(let server, let name, let value): "\(server): \(name) is \(value)"
        case .noLibrary: "libpq.so.5 is not on this machine"
        }
    }
}

/// What is wrong with the address of a shared database. It is never quoted.
public enum AddressReason: Sendable, Hashable {
    /// Not `postgres://…`, or not to be read.
    case form
    /// Without a host, a database or a user.
    case incomplete
    /// It sets what it may not.
    case option(name: String)
    /// A variable of the environment names a service, whose file would have its own say.
    case service(variable: String)
}

/// What is wrong with a file beside or around a database.
public enum FileReason: Sendable, Hashable, CustomStringConvertible {
    /// An `errno`.
    case system(Int32)
    /// There is no database there.
    case noDatabase
    /// The folder of a copy to be made is missing.
    case noFolder
    /// A copy would take another file's place.
    case exists
    /// The copy to be put back is the database itself.
    case itself
    /// A folder stands where a file should be.
    case folder
    /// A device, a pipe or a socket stands where a file should be.
    case notFile
    /// A link stands where a file would be replaced.
    case link
    /// A copy without its key.
    case noKey
    /// The key is that of another database.
    case otherKey
    /// The servers of this database have another key.
    case keyOfOthers
    /// The servers of this database have a key, and it is not here.
    case keyNotHere
    /// Not 32 bytes.
    case notKey
    /// The database to copy to has rows already.
    case notEmpty
    /// A server has the database open.
    case inUse
    /// The copy is not whole.
    case damaged
    /// It cannot be closed to others.
    case staysWide

    public var description: String {
        switch self {
        case .system(let code): SystemError(code: code).words
        case .noDatabase: "there is no such database"
        case .noFolder: "there is no such folder"
        case .exists: "is there already"
        case .itself: "is the database itself"
        case .folder: "is a folder"
        case .notFile: "is no file"
        case .link: "is a link"
        case .noKey: "is missing"
        case .otherKey: "is not the key of this copy"
        case .keyOfOthers: "is not the key of this database's servers"
        case .keyNotHere: "is missing; this database's servers have a key"
        case .notKey: "is not a key of 32 bytes"
        case .notEmpty: "is not empty"
        case .inUse: "a server uses it"
        case .damaged: "is damaged"
        case .staysWide: "can't be made readable by its owner alone"
        }
    }
}
