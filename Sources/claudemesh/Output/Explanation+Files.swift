// The words of files that could not be read or written, and of what they should have held.

import Glibc
import Localization
import MeshClient

extension Words {
    func file(_ failure: FileFailure) -> Explanation {
        switch failure {
        case .noHome: self("no_home", .file, .noHome)
        case .foreign(let path): problem(path, .fileForeign)
        case .notPrivate(let path): problem(path, .fileNotPrivate)
        case .link(let path): problem(path, .fileLink)
        case .wrongKind(let path): problem(path, .fileWrongKind)
        case .tooLarge(let path, _): problem(path, .fileTooLarge)
        case .busy(let path): problem(path, .fileBusy)
        case .system(let path, let code):
            Explanation(.unreadable(path: path, reason: String(cString: strerror(code))), context: context)
        }
    }

    func auth(_ failure: AuthFailure) -> Explanation {
        switch failure {
        case .corrupted: self("auth_corrupted", .unauthenticated, .authFileCorrupted)
        case .newer: self("auth_newer", .unauthenticated, .authFileNewer)
        case .file(let failure): file(failure)
        }
    }

    func token(_ problem: TokenProblem) -> Explanation {
        switch problem {
        case .emptyVariable: Explanation(.emptyVariable(TokenChoice.variable), context: context)
        case .malformed: Explanation(.malformedToken, context: context)
        case .auth(let failure): auth(failure)
        }
    }

    /// What came up while a file was read, to be said once.
    func notice(_ notice: FileNotice) -> String {
        switch notice {
        case .narrowed(let path):
            self[
                .authFileWide,
                ["path": context.displayed(path: path), "mode": path.hasSuffix(".json") ? "0600" : "0700"]]
        case .wide(let path): self[.fileStaysWide, ["path": context.displayed(path: path)]]
        case .setAside(let path, let kept):
            self[.fileSetAside, ["path": context.displayed(path: path), "kept": context.displayed(path: kept)]]
        case .damaged(let path): self[.fileDamaged, ["path": context.displayed(path: path)]]
        }
    }

    private func problem(_ path: String, _ key: ErrorText) -> Explanation {
        Explanation(
            .unreadable(path: path, reason: self[key, [:]]), context: context)
    }
}
