// The words for what goes wrong while a server is started or looked after.

import Connect
package import Console
import Localization
import LocalState
import MeshAPI
import MeshServer
import MeshStore
import Platform

extension StorageFailure: Explained {
    package func explanation(_ words: Words) -> Explanation { words.storage(self) }
}

extension ListenFailure: Explained {
    package func explanation(_ words: Words) -> Explanation { words.listen(self) }
}

extension ServerOptionError: Explained {
    package func explanation(_ words: Words) -> Explanation { words.serverOptions(self) }
}

extension AccountProblem: Explained {
    package func explanation(_ words: Words) -> Explanation { words.account(self) }
}

/// The audit's chain does not hold at a row.
struct AuditBroken: Explained {
    var row: Int
    var breach: AuditBreach

    func explanation(_ words: Words) -> Explanation {
        let text: [AuditBreach: ErrorText] = [.changed: .auditChanged, .missing: .auditMissing, .cut: .auditCut]
        return words("audit_broken", .file, text[breach] ?? .auditChanged, ["row": "\(row)"], remedy: .auditRemedy)
    }
}

extension Words {
    func storage(_ failure: StorageFailure) -> Explanation {
        switch failure {
        case .migrationChanged(let name):
            self("migration_changed", .file, .migrationChanged, ["name": name], remedy: .migrationChangedRemedy)
        case .newer(let name):
            self("database_newer", .file, .databaseNewer, ["name": name], remedy: .databaseNewerRemedy)
        case .migrationsDamaged(let name):
            self(
                "migrations_damaged", .file, .migrationsDamaged, ["name": name], remedy: .databaseDamagedRemedy)
        case .file(let path, .system(let code)): system(path, code)
        case .file(let path, let reason): file(path, reason)
        case .foreign(let path):
            self(
                "database", .file, .databaseForeign, ["path": context.displayed(path: path)],
                remedy: .databaseForeignRemedy)
        case .database(let path, let code, let reason): database(context.displayed(path: path), code, reason)
        case .address(let reason): address(reason)
        case .server(let server, let reason):
            // What libpq says is English: it is quoted as the cause.
            self(
                "database", .file, .databaseServer, ["server": server, "reason": reason],
                remedy: reason.contains("certificate") ? .databaseCertificateRemedy : .databaseServerRemedy)
        case .setting(let server, let name, let value):
            self(
                "database", .file, .databaseSetting, ["server": server, "name": name, "value": value],
                remedy: ["synchronous_commit", "fsync"].contains(name) ? .databaseSettingRemedy : .databaseTextsRemedy,
                ["name": name])
        case .noLibrary: self("no_libpq", .file, .noLibrary, remedy: .noLibraryRemedy)
        }
    }

    private func address(_ reason: AddressReason) -> Explanation {
        let text: String =
            switch reason {
            case .form: self[.addressForm, [:]]
            case .incomplete: self[.addressIncomplete, [:]]
            case .option(let name): self[.addressOption, ["name": name]]
            case .service(let variable): self[.addressService, ["name": variable]]
            }
        return self("database_address", .input, .databaseAddress, ["reason": text], remedy: .databaseAddressRemedy)
    }

    private func file(_ path: String, _ reason: FileReason) -> Explanation {
        let (text, remedy): (ErrorText, ErrorText) =
            switch reason {
            case .noDatabase: (.noDatabase, .noDatabaseRemedy)
            case .noFolder: (.noFolder, .noFolderRemedy)
            case .exists: (.fileExists, .fileExistsRemedy)
            case .itself: (.copyItself, .copyItselfRemedy)
            case .folder: (.fileIsFolder, .pathRemedy)
            case .notFile: (.fileIsNone, .pathRemedy)
            case .link: (.fileLink, .linkRemedy)
            case .noKey: (.noKey, .noKeyRemedy)
            case .otherKey: (.otherKey, .noKeyRemedy)
            case .keyOfOthers: (.keyOfOthers, .keyFileRemedy)
            case .keyNotHere: (.keyNotHere, .keyFileRemedy)
            case .notEmpty: (.notEmpty, .notEmptyRemedy)
            case .notKey, .system: (.notKey, .noKeyRemedy)
            case .inUse: (.databaseInUse, .databaseInUseRemedy)
            case .damaged: (.copyDamaged, .copyDamagedRemedy)
            case .staysWide: (.fileNotPrivate, .accessRemedy)
            }
        let shown = context.displayed(path: path)
        // A wrong word on the command line, not a file that fails.
        let kind: ExitCode = reason == .folder || reason == .notFile ? .input : .file
        return self(
            "file", kind, .unreadable, ["path": shown, "reason": self[text, [:]]], remedy: remedy, ["path": shown])
    }

    /// What SQLite says is English: it is quoted as the cause.
    private func database(_ path: String, _ code: Int32, _ reason: String) -> Explanation {
        let remedy: ErrorText =
            switch code {
            case 5, 6: .fileBusyRemedy  // SQLITE_BUSY, SQLITE_LOCKED
            case 11: .databaseDamagedRemedy  // SQLITE_CORRUPT
            case 13: .diskFullRemedy  // SQLITE_FULL
            default: .accessRemedy
            }
        return self(
            "database", .file, .databaseFailed, ["path": path, "reason": reason], remedy: remedy, ["path": path])
    }

    /// Another program has the port, or the address is none of this machine's: another one is to be given.
    func listen(_ failure: ListenFailure) -> Explanation {
        let place = ServerAddress.authority(failure.host, failure.port)
        return switch SystemError(code: failure.code) {
        case .addressInUse: self("port_taken", .input, .portTaken, ["address": place], remedy: .portTakenRemedy)
        case .noAccess, .notPermitted:
            self("port_forbidden", .input, .portForbidden, ["address": place], remedy: .portTakenRemedy)
        case let error:
            self(
                "address", .input, .addressUnusable,
                ["address": place, "reason": reason(error.code)], remedy: .addressUnusableRemedy)
        }
    }

    func serverOptions(_ error: ServerOptionError) -> Explanation {
        switch error {
        case .insecurePublicURL: self("insecure", .input, .insecurePublicURL, remedy: .insecurePublicURLRemedy)
        case .wildcardHost: self("wildcard_host", .input, .wildcardHost, remedy: .wildcardHostRemedy)
        case .limitsOffLoopback: self("limits_off", .input, .limitsOffLoopback)
        default: invalid("--\(error.setting ?? "")", form(of: error))
        }
    }

    /// What the setting looks like.
    func form(of error: ServerOptionError) -> String {
        switch error {
        case .port: "0–65535"
        case .publicURL: "http(s)://HOST[:PORT]"
        case .trustedProxy: "ADDRESS[/BITS]"
        case .mailFrom: "NAME@HOST"
        case .wildcardHost, .insecurePublicURL, .limitsOffLoopback: ""
        }
    }

    func account(_ problem: AccountProblem) -> Explanation {
        switch problem {
        case .name: invalid("--name", self[.accountName, [:]])
        case .email: invalid("email", self[.accountEmail, [:]])
        case .emailTaken: self("email_taken", .exists, .accountEmailTaken)
        case .unknownEmail: self("not_found", .notFound, .accountUnknown)
        case .passwordShort: invalid("password", self[.accountPasswordShort, [:]])
        case .passwordLong: invalid("password", self[.accountPasswordLong, [:]])
        case .passwordControl: invalid("password", self[.accountPasswordControl, [:]])
        }
    }

    private func invalid(_ field: String, _ reason: String) -> Explanation {
        self("input_invalid", .input, .invalid, ["field": field, "reason": reason])
    }
}

extension ServerOptionError {
    /// The one setting that is wrong by itself; nil where several contradict each other.
    var setting: String? {
        switch self {
        case .port: "port"
        case .publicURL: "public-url"
        case .trustedProxy: "trusted-proxy"
        case .mailFrom: "mail-from"
        case .wildcardHost, .insecurePublicURL, .limitsOffLoopback: nil
        }
    }
}
