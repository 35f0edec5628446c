// The words for what goes wrong while a server is started or looked after.

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

    func serverOptions(_ error: ServerOptionError) -> Explanation {
        switch error {
        case .port: invalid("--port", "0–65535")
        case .publicURL: invalid("--public-url", "http(s)://HOST[:PORT]")
        case .insecurePublicURL: self("insecure", .input, .insecurePublicURL, remedy: .insecurePublicURLRemedy)
        case .trustedProxy: invalid("--trusted-proxy", "ADDRESS[/BITS]")
        case .mailFrom: invalid("--mail-from", "NAME@HOST")
        case .limitsOffLoopback: self("limits_off", .input, .limitsOffLoopback)
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
