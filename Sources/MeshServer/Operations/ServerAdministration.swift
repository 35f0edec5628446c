// What the owner of a database does to it from the command line, while the server runs or not: check the audit, make
// accounts, set passwords. Copies are in `Backup`. To add a task: a method here and its subcommand of `serve`.

internal import FoundationEssentials
internal import Localization
public import MeshAPI
internal import MeshServices
public import MeshStore
internal import MeshStorePostgres
internal import MeshStoreSQLite

public struct ServerAdministration: Sendable {
    private let storage: StorageLocation
    private let environment: [String: String]
    private let passwordCost: Int

    /// For the database at `path`, which must be there. Throws `StorageFailure`.
    public init(database path: String) throws {
        try self.init(database: path, passwordCost: PasswordHasher.cost)
    }

    /// For any; a file must be there. `environment` is what PostgreSQL's client may read of it. Throws `StorageFailure`.
    public init(_ storage: StorageLocation, environment: [String: String]) throws {
        try self.init(storage, environment: environment, passwordCost: PasswordHasher.cost)
    }

    init(_ storage: StorageLocation, environment: [String: String], passwordCost: Int) throws {
        if case .file(let path) = storage { try Self.mustBeThere(path) }
        (self.storage, self.environment, self.passwordCost) = (storage, environment, passwordCost)
    }

    init(database path: String, passwordCost: Int) throws {
        try self.init(.file(path), environment: [:], passwordCost: passwordCost)
    }

    /// Throws `StorageFailure` where there is no database at `path`.
    static func mustBeThere(_ path: String) throws {
        try DatabaseFile.mustBeFile(path)
        // An empty file would become a new database, whose audit is intact.
        let size = try? FileManager.default.attributesOfItem(atPath: DatabaseFile.target(of: path))[.size] as? Int
        guard let size, size > 0 else {
            throw StorageFailure.file(path: path, reason: .noDatabase)
        }
    }

    private func withServices<Value>(_ body: (Services) async throws -> Value) async throws -> Value {
        var options = ServerOptions(storage: storage)
        options.environment = environment
        options.databaseConnections = 2
        let services = try Services(options: options, surroundings: .real, passwordCost: passwordCost)
        // What was asked for is done, and kept, whatever comes of this.
        defer { try? services.database.close() }
        return try await body(services)
    }

    /// Whether the audit chain is whole, as it stands: migrating first could begin one anew. Throws `StorageFailure`.
    public func verifyAudit() throws -> AuditReport {
        switch storage {
        case .file(let path): try AuditVerifier.verify(database: path)
        case .shared(let url, let keyFile):
            try PostgresAudit.verify(url, keyFile: keyFile, environment: environment)
        case .memory: .intact(rows: 0)
        }
    }

    /// The servers that live; of a database that one server has alone, nil. Throws `StorageFailure`.
    package func servers() throws -> [ServerState]? {
        guard case .shared(let url, _) = storage else { return nil }
        return try PostgresStore.servers(of: url, environment: environment)
    }

    /// Makes an account, whatever the registration mode. Throws `AccountProblem`.
    public func addUser(name: String, email: String, password: String) async throws -> User {
        do {
            return try await withServices {
                try await $0.accounts.register(name: name, email: email, password: password).user
            }
        } catch let error as AccountService.FieldError {
            throw AccountProblem(error)
        }
    }

    /// Sets the password of the account of `email`, which ends its sessions here and in browsers. Throws
    /// `AccountProblem`.
    public func resetPassword(email: String, to password: String) async throws -> User {
        let wanted = EmailAddress.normalized(email)
        return try await withServices { services in
            guard let account = try await services.database.read({ try $0.accounts.account(email: wanted) }) else {
                throw AccountProblem.unknownEmail
            }
            do {
                try await services.accounts.setPassword(of: account, to: password, caller: Caller(address: "console"))
            } catch let error as AccountService.FieldError {
                throw AccountProblem(error)
            }
            return account.user
        }
    }

    /// A password nobody has to think of: 20 letters and digits, 100 random bits.
    public static func randomPassword() -> String { Identifier.make() }
}

/// Why an account cannot be made or changed.
public enum AccountProblem: Error, Sendable, Hashable {
    case name, email, emailTaken, unknownEmail, passwordShort, passwordLong, passwordControl

    init(_ error: AccountService.FieldError) {
        switch error.text {
        case .emailTaken: self = .emailTaken
        case .passwordShort: self = .passwordShort
        case .passwordLong: self = .passwordLong
        case .passwordControl: self = .passwordControl
        default: self = error.field == "name" ? .name : .email
        }
    }
}
