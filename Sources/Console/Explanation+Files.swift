// The words of files that could not be read or written, and of what they should have held.

package import LocalState
import Localization
import Platform

extension Words {
    package func file(_ failure: FileFailure) -> Explanation {
        guard let (path, reason) = place(of: failure) else { return self("no_home", .file, .noHome) }
        var out = Explanation(.unreadable(path: path, reason: reason), context: context)
        out.remedy = remedy(of: failure).map { self[$0, ["path": context.displayed(path: path)]] }
        return out
    }

    /// What the system refused, in its words, and what can be done about it where we know.
    package func system(_ path: String, _ code: Int32) -> Explanation {
        let remedy: ErrorText? =
            switch SystemError(code: code) {
            case .noSpace, .overQuota: .diskFullRemedy
            case .fileLimit: .fileLimitRemedy
            case .missing, .noFolder, .isFolder, .loop, .nameTooLong: .pathRemedy
            case .noAccess, .notPermitted: .accessRemedy
            default: nil
            }
        let shown = context.displayed(path: path)
        return self(
            "file", .file, .unreadable, ["path": shown, "reason": self.reason(code)], remedy: remedy,
            ["path": shown])
    }

    /// What the system refused with, an `errno`; what we have no words for is quoted.
    package func reason(_ code: Int32) -> String {
        let known: [SystemError: ErrorText] = [
            .noSpace: .systemNoSpace, .overQuota: .systemNoSpace, .fileLimit: .systemFileLimit,
            .noAccess: .systemAccess, .notPermitted: .systemNotPermitted, .missing: .systemMissing,
            .noFolder: .systemNotFolder, .isFolder: .systemFolder, .readOnly: .systemReadOnly, .loop: .systemLoop,
            .nameTooLong: .systemTooLong, .inputOutput: .systemInputOutput, .badDescriptor: .systemClosed,
        ]
        let error = SystemError(code: code)
        return known[error].map { self[$0, [:]] } ?? self[.quoted, ["text": error.words]]
    }

    /// Why a program that was found did not start. What is missing then is the interpreter that its first line names.
    package func startReason(_ code: Int32) -> String {
        switch SystemError(code: code) {
        case .missing: self[.interpreterMissing, [:]]
        case .noProgram: self[.notExecutable, [:]]
        default: reason(code)
        }
    }

    /// What can be done about it; nil where the system's own words say all we know.
    private func remedy(of failure: FileFailure) -> ErrorText? {
        switch failure {
        case .link, .wrongKind, .tooLarge: .fileInTheWay
        case .foreign: .fileForeignRemedy
        case .notOurs: .fileNotOursRemedy
        case .notPrivate, .crowded: .fileNotPrivateRemedy
        case .busy: .fileBusyRemedy
        case .system(_, let code):
            switch SystemError(code: code) {
            case .noSpace, .overQuota: .diskFullRemedy
            case .fileLimit: .fileLimitRemedy
            case .noAccess, .notPermitted, .readOnly, .missing: .fileNotPrivateRemedy
            case .isFolder, .noFolder: .fileInTheWay
            default: nil
            }
        case .noHome: nil
        }
    }

    /// Which file, and what is wrong with it: in the system's own words where it was the system's. nil without a home.
    package func place(of failure: FileFailure) -> (path: String, reason: String)? {
        switch failure {
        case .noHome: nil
        case .foreign(let path), .notOurs(let path): (path, self[.fileForeign, [:]])
        case .notPrivate(let path): (path, self[.fileNotPrivate, [:]])
        case .crowded(let path): (path, self[.fileCrowded, [:]])
        case .link(let path): (path, self[.fileLink, [:]])
        case .wrongKind(let path): (path, self[.fileWrongKind, [:]])
        case .tooLarge(let path, _): (path, self[.fileTooLarge, [:]])
        case .busy(let path): (path, self[.fileBusy, [:]])
        case .system(let path, let code): (path, reason(code))
        }
    }

    package func auth(_ failure: AuthFailure) -> Explanation {
        switch failure {
        case .corrupted: self("auth_corrupted", .unauthenticated, .authFileCorrupted)
        case .newer: self("auth_newer", .unauthenticated, .authFileNewer)
        case .file(let failure): file(failure)
        }
    }

    package func token(_ problem: TokenChoiceFailure) -> Explanation {
        switch problem {
        case .emptyVariable: Explanation(.emptyVariable(TokenChoice.variable), context: context)
        case .malformed(let origin):
            Explanation(
                .malformedToken(variable: origin == .environment ? TokenChoice.variable : nil), context: context)
        case .auth(let failure): auth(failure)
        }
    }

    /// What came up while a file was read, to be said once.
    package func notice(_ notice: FileNotice) -> String {
        switch notice {
        case .narrowed(let path):
            self[
                .authFileWide,
                ["path": context.displayed(path: path), "mode": path.hasSuffix(".json") ? "0600" : "0700"]]
        case .wide(let path): self[.fileStaysWide, ["path": context.displayed(path: path)]]
        case .setAside(let path, let kept):
            self[.fileSetAside, ["path": context.displayed(path: path), "kept": context.displayed(path: kept)]]
        case .damaged(let path): self[.fileDamaged, ["path": context.displayed(path: path)]]
        case .leftOut(let failure):
            self[.fileLeftOut, ["reason": file(failure).message]]
        }
    }
}
