// What SQLite says, as the store's failures: by result code, never by its text, which may hold a value.

internal import GRDB
internal import MeshStore

/// Runs a transaction, and says what SQLite refuses in the store's words.
func storing<Value>(_ body: () throws -> Value) throws -> Value {
    do {
        return try body()
    } catch let error as DatabaseError {
        throw StoreFailure(error)
    }
}

extension StoreFailure {
    init(_ error: DatabaseError) {
        let code = "sqlite \(error.extendedResultCode)"
        self =
            switch error.extendedResultCode {
            case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY: .taken(constraint: Self.columns(error))
            case .SQLITE_CONSTRAINT_FOREIGNKEY: .missingReference
            default:
                switch error.resultCode {
                case .SQLITE_FULL: .full(code: code)
                case .SQLITE_BUSY, .SQLITE_LOCKED: .busy(code: code)
                case .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CANTOPEN: .unwritable(code: code)
                default: .fault(code: code)
                }
            }
    }

    /// `meshes.owner_id, meshes.slug` of `UNIQUE constraint failed: …`: names of ours, where SQLite has no other word for
    /// which it was.
    private static func columns(_ error: DatabaseError) -> String {
        let message = error.message ?? ""
        return message.firstIndex(of: ":").map { String(message[$0...].dropFirst(2)) } ?? ""
    }

    /// Full, broken, or not to be written: nothing is wrong with what was asked.
    var isOfTheDisk: Bool {
        switch self {
        case .full, .unwritable: true
        default: false
        }
    }
}

extension StorageFailure {
    init(_ error: DatabaseError, of location: StorageLocation) {
        let path = if case .file(let path) = location { path } else { ":memory:" }
        self =
            switch error.resultCode {
            case .SQLITE_NOTADB: .foreign(path: path)
            default:
                .database(
                    path: path, code: error.resultCode.rawValue,
                    reason: error.message ?? error.resultCode.description)
            }
    }
}
