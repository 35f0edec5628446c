// The directory with its files and modes, and the sign-in that is kept in it.

import Connect
import Console
import FoundationEssentials
import LocalState
import Localization
import MeshAPI
import MeshClient
import Platform

extension Checkup {
    /// The directory and its files: whose they are, who may read them, whether they can be read and written.
    var files: [Check] {
        var (notices, checks): ([FileNotice], [Check]) = ([], [])
        guard let directory = look(&checks, { try self.directory.get() }) else { return checks }
        notices += look(&checks) { try config.get().notices } ?? []
        notices += look(&checks) { try directory.readState().notices } ?? []
        notices += look(&checks) { try directory.readMeshes().notices } ?? []
        // The modes of the one file with a secret in it come first, whether it can be made sense of or not.
        let wide = ([directory.authPath] + notices.compactMap(\.wide) + [directory.path]).filter(isWide)
        if let found = warning(wide: wide.unique, damaged: notices.compactMap(\.damaged).unique) {
            return checks + [found]
        }
        if !checks.isEmpty { return checks }
        let path = context.displayed(path: directory.path)
        guard exists(directory.path) else { return [missing(directory.path)] }
        guard FileAccess.allows(.write, directory.path) else {
            return [
                .warning(
                    "directory", say(.doctorReadOnly, ["path": path]),
                    hint: say(.doctorReadOnlyHint, ["command": "chmod u+w \(path)"]))
            ]
        }
        return [.ok("directory", say(.doctorDirectory, ["path": path]))]
    }

    /// What `read` gives; nil where it cannot be read, which is found wrong.
    private func look<Value>(_ checks: inout [Check], _ read: () throws -> Value) -> Value? {
        do {
            return try read()
        } catch {
            let check = failed("directory", WizardText.directory, Explanation.of(error, context: context))
            if !checks.contains(check) { checks.append(check) }
            return nil
        }
    }

    /// All that is wrong, with one line to put the modes right; nil where nothing is.
    private func warning(wide: [String], damaged: [String]) -> Check? {
        func shown(_ paths: [String]) -> String { paths.map { context.displayed(path: $0) }.joined(separator: ", ") }
        let values = ["path": shown(wide.isEmpty ? damaged : wide), "damaged": shown(damaged)]
        let commands = [("600", false), ("700", true)].compactMap { mode, ofDirectories -> String? in
            let paths = wide.filter { isDirectory($0) == ofDirectories }.map { context.displayed(path: $0) }
            return paths.isEmpty ? nil : "chmod \(mode) \(paths.joined(separator: " "))"
        }.joined(separator: " && ")
        switch (wide.isEmpty, damaged.isEmpty) {
        case (true, true): return nil
        case (false, true): return .warning("directory", say(.doctorWide, values), hint: commands)
        case (true, false): return .warning("directory", say(.doctorDamaged, values), hint: say(.doctorDamagedHint))
        case (false, false):
            return .warning(
                "directory", say(.doctorWideAndDamaged, values), hint: "\(commands)\n\(say(.doctorDamagedHint))")
        }
    }

    /// A directory that is not there yet: whether it can be made, found out beside it, leaving nothing.
    private func missing(_ path: String) -> Check {
        let shown = context.displayed(path: path)
        var parent = path
        while parent.count > 1, !exists(parent) {
            parent = parent.lastIndex(of: "/").map { $0 == parent.startIndex ? "/" : String(parent[..<$0]) } ?? "."
            if parent == "." { break }
        }
        if let error = FileAccess.refusalToMakeFolder(in: parent) {
            let values = ["path": shown, "reason": Words(context: context).reason(error.code)]
            return .warning("directory", say(.doctorCannotMake, values), hint: say(.doctorCannotMakeHint))
        }
        return .none("directory", say(.doctorNoDirectory, ["path": shown]))
    }

    /// The credential in force, as the server sees it where it answers.
    /// - Parameter files: what was found of the files already.
    func token(reachable: Bool, beside files: [Check]) async -> Check {
        let resolution: TokenResolution
        do {
            resolution = try self.resolution()
        } catch {
            let explanation = Explanation.of(error, context: context)
            // Said by the check of the directory already, or by that of the server.
            let said = failed("directory", WizardText.directory, explanation).message
            if error is ServerChoiceProblem || files.contains(where: { $0.message == said }) || !knowsServer {
                return .warning("token", say(.doctorTokenUnread), hint: nil)
            }
            return failed("token", CommandText.doctorSignInLabel, explanation)
        }
        guard knowsServer else { return .warning("token", say(.doctorTokenUnread), hint: nil) }
        guard let server else { return .none("token", say(.doctorLocalToken)) }
        switch resolution {
        case .none:
            return .warning(
                "token", say(.doctorNoToken, ["host": server.authority]), hint: strings(ErrorText.notSignedInRemedy))
        case .elsewhere(let auth):
            let failure = Failure.notSignedIn(
                host: server.name(beside: auth.server), signedInTo: auth.server.name(beside: server))
            return failed("token", CommandText.doctorSignInLabel, Explanation(failure, context: context))
        case .signedIn(let token):
            return reachable ? await checked(token, server) : unchecked(token)
        }
    }

    private func resolution() throws -> TokenResolution {
        let choice = try self.choice.get()
        _ = try directory.get()
        return try TokenChoice.resolve(
            server: choice, flag: context.options.token, environment: context.environment, stored: auth,
            local: localAuth, ipcToken: TokenChoice.readIPCToken(environment: context.environment))
    }

    private func checked(_ token: TokenChoice, _ server: ServerAddress) async -> Check {
        let who: WhoAmI
        do throws(APIFailure) {
            who = try await APIClient(
                server: server, credential: token.credential, transport: context.transport(), timeout: .seconds(5)
            ).whoami()
        } catch {
            guard !error.isNoAnswer else { return unchecked(token) }
            let failure = Failure.api(error, host: server.authority, origin: token.origin)
            return failed("token", CommandText.doctorSignInLabel, Explanation(failure, context: context))
        }
        let values = [
            "name": who.user.name, "source": source(of: token),
            "date": context.day(who.credential.expiresAt),
        ]
        if let hidden = token.hides {
            return .warning(
                "token", say(.doctorToken, values),
                hint: say(.hidesSignIn, values.merging(["name": hidden.user.name, "path": "auth.json"]) { $1 }))
        }
        if let end = who.credential.expiresAt, end.timeIntervalSince(context.now()) < 7 * 86_400 {
            return .warning("token", say(.doctorToken, values), hint: say(.doctorTokenEnds))
        }
        return .ok("token", say(.doctorToken, values))
    }

    /// The file is named as whoami names it: this machine's own server has one of its own.
    private func source(of token: TokenChoice) -> String {
        guard token.origin == .file, let directory = try? directory.get() else { return context.name(of: token.origin) }
        let isLocal = (try? choice.get())?.isLocal == true
        return context.displayed(path: (isLocal ? directory.local : directory).authPath)
    }

    private func unchecked(_ token: TokenChoice) -> Check {
        let name = token.auth?.user.name ?? context.name(of: token.origin)
        return .warning("token", say(.doctorTokenUnchecked, ["name": name]), hint: nil)
    }

    private func exists(_ path: String) -> Bool { FileAccess.allows(.exists, path) }

    private func isDirectory(_ path: String) -> Bool {
        facts(path)[.type] as? FileAttributeType == .typeDirectory
    }

    /// Of a file of ours or their directory. The mode of a link is nobody's, and to set it would change what it points to.
    private func isWide(_ path: String) -> Bool {
        let facts = facts(path)
        let isOurs = path == (try? directory.get())?.path
        guard facts[.type] as? FileAttributeType == (isOurs ? .typeDirectory : .typeRegular) else { return false }
        return (facts[.posixPermissions] as? Int).map { $0 & 0o077 != 0 } ?? false
    }

    private func facts(_ path: String) -> [FileAttributeKey: Any] {
        (try? FileManager.default.attributesOfItem(atPath: path)) ?? [:]
    }
}

extension FileNotice {
    /// The path, where others can read it.
    fileprivate var wide: String? {
        switch self {
        case .narrowed(let path), .wide(let path): path
        case .setAside, .damaged, .leftOut: nil
        }
    }

    /// The path, where what it holds makes no sense.
    fileprivate var damaged: String? {
        switch self {
        case .setAside(let path, _), .damaged(let path): path
        case .narrowed, .wide, .leftOut: nil
        }
    }
}

extension [String] {
    /// Each once, where it comes first.
    fileprivate var unique: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
