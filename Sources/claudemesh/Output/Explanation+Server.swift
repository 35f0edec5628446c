// The words for what goes wrong while a server is started or looked after.

import Glibc
import Localization
import MeshServer

extension Words {
    func storage(_ failure: StorageFailure) -> Explanation {
        switch failure {
        case .migrationChanged(let name):
            self("migration_changed", .file, .migrationChanged, ["name": name], remedy: .migrationChangedRemedy)
        case .newer(let name):
            self("database_newer", .file, .databaseNewer, ["name": name], remedy: .databaseNewerRemedy)
        case .file(let path, let reason):
            self("file", .file, .unreadable, ["path": context.displayed(path: path), "reason": reason])
        case .database(let reason): self("database", .file, .databaseFailed, ["reason": reason])
        }
    }

    /// Another program has the port, or the address is none of this machine's: another one is to be given.
    func listen(_ failure: ListenFailure) -> Explanation {
        let host = failure.host.contains(":") ? "[\(failure.host)]" : failure.host
        let place = "\(host):\(failure.port)"
        return switch failure.code {
        case EADDRINUSE: self("port_taken", .input, .portTaken, ["address": place], remedy: .portTakenRemedy)
        case EACCES, EPERM: self("port_forbidden", .input, .portForbidden, ["address": place], remedy: .portTakenRemedy)
        case let code:
            self(
                "address", .input, .addressUnusable,
                ["address": place, "reason": String(cString: strerror(code))], remedy: .addressUnusableRemedy)
        }
    }

    func serverOptions(_ error: ServerOptionError) -> Explanation {
        switch error {
        case .insecurePublicURL: self("insecure", .input, .insecurePublicURL, remedy: .insecurePublicURLRemedy)
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
        case .insecurePublicURL, .limitsOffLoopback: ""
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

    func auditBroken(row: Int, _ breach: AuditBreach) -> Explanation {
        let text: [AuditBreach: ErrorText] = [.changed: .auditChanged, .missing: .auditMissing, .cut: .auditCut]
        return self("audit_broken", .file, text[breach] ?? .auditChanged, ["row": "\(row)"], remedy: .auditRemedy)
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
        case .insecurePublicURL, .limitsOffLoopback: nil
        }
    }
}
