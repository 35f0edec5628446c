// The words of our own failures. Scripts match on the codes: they stay as they are.

import LocalState
package import Localization
package import MeshAPI

extension Explanation {
    package init(_ failure: Failure, context: Context) {
        let say = Words(context: context)
        switch failure {
        case .loginTimedOut:
            self = say("login_timed_out", .declined, .loginTimedOut)
        case .signInDenied:
            self = say("sign_in_denied", .declined, .signInDenied)
        case .tokenLost(let code):
            self = say("token_lost", .declined, .tokenLost, ["code": code], remedy: .tokenLostRemedy)
        case .malformedToken(let variable):
            self = say(
                "malformed_token", .declined, .malformedToken, remedy: variable == nil ? nil : .malformedVariableRemedy,
                ["variable": variable ?? ""])
        case .tokenRejected(let source):
            self = say(
                "token_rejected", .unauthenticated, .tokenRejected, remedy: .tokenRejectedRemedy,
                ["source": source])
        case .authenticationFailed:
            self = say(
                "authentication_failed", .unauthenticated, .authenticationFailed, remedy: .authenticationFailedRemedy)
        case .notSignedIn(let host, let other):
            self = say(
                "not_signed_in", .unauthenticated, .notSignedIn, ["host": host],
                remedy: other == nil ? .notSignedInRemedy : .notSignedInOther, ["host": host, "server": other ?? ""])
        case .signedInElsewhere(let host, let server):
            self = say(
                "not_signed_in", .unauthenticated, .notSignedIn, ["host": host], remedy: .signedInElsewhereRemedy,
                ["server": server.authority, "url": server.description])
        case .emptyVariable(let name):
            self = say(
                "empty_variable", .unauthenticated, .emptyVariable, ["variable": name], remedy: .emptyVariableRemedy,
                ["variable": name])
        case .guestOnly:
            self = say("guest_only", .notPermitted, .guestOnly, remedy: .guestOnlyRemedy)
        case .sessionTokenOnly:
            self = say("session_token_only", .notPermitted, .sessionTokenOnly, remedy: .sessionTokenOnlyRemedy)
        case .missing(let flag, let choices, let kind):
            self = say("input_missing", .input, .missing, ["flag": flag], isAsked: true)
            remedy = say.choices(choices, kind)
        case .meshUnnamed(let flag, let known):
            self = say("input_missing", .input, .missing, ["flag": flag])
            remedy = say.choices(known, .meshes)
        case .invalid(let field, let reason):
            self = say("input_invalid", .input, .invalid, ["field": field, "reason": reason])
        case .empty(let field):
            self = say("input_invalid", .input, .empty, ["field": field])
        case .unconfirmed:
            self = say("input_missing", .input, .unconfirmed, remedy: .unconfirmedRemedy, isAsked: true)
        case .ambiguous(let text, let matches):
            self = say(
                "ambiguous", .input, .ambiguousMesh, ["text": text], remedy: .ambiguousRemedy,
                ["ids": matches.joined(separator: ", ")])
        case .noSuchMesh(let text, let closest, let known):
            self = say("mesh_not_found", .notFound, .noSuchMesh, ["text": text])
            remedy = say.lines([closest.map { say[.didYouMean, ["text": $0]] }, say.choices(known, .meshes)])
        case .meshGone(let name, let known):
            self = say("mesh_gone", .input, .meshGone, ["mesh": name], isAsked: true)
            remedy = known.isEmpty ? say[.noMeshesRemedy, [:]] : say[.meshGoneRemedy, ["choices": say.few(known)]]
        case .noMeshes:
            self = say("no_mesh", .input, .noMeshes, remedy: .noMeshesRemedy)
        case .noSuchID(let text):
            self = say("not_found", .notFound, .noSuchID, ["id": text])
        case .ambiguousID(let text, let matches):
            self = say(
                "ambiguous", .input, .ambiguousID, ["id": text], remedy: .ambiguousRemedy,
                ["ids": matches.joined(separator: ", ")])
        case .badInvite(let problem, let host):
            self = say.invite(problem, host: host)
        case .inviteElsewhere(let server, let other):
            self = say.inviteElsewhere(server, signedInTo: other)
        case .badServer(let text, let source):
            // A password may stand before the host.
            let text = text.replacing(/[^\/\s]*@/, with: "…@")
            self = say(
                "invalid_server", .input, .badServer, ["text": text], remedy: .badServerRemedy,
                ["source": source])
        case .nested(let mesh):
            self = say("nested", .input, .nested, ["mesh": mesh], remedy: .nestedRemedy)
        case .dryRun:
            self = say("dry_run", .input, .dryRunChangesNothing, remedy: .dryRunRemedy)
        case .directoryGone(let path):
            self = say(
                "directory_gone", .file, .directoryGone, ["path": context.displayed(path: path)],
                remedy: .directoryGoneRemedy)
        case .agentMissing(let name, _) where name.contains("/"):
            self = say("agent_missing", .noAgent, .agentNotThere, ["program": name], remedy: .agentNamedRemedy)
        case .agentMissing(let name, _) where name.contains(" "):
            // A command line where a program belongs.
            let parts = name.split(separator: " ", maxSplits: 1).map(String.init)
            self = say(
                "agent_missing", .noAgent, .agentMissing, ["program": name], remedy: .agentWithArguments,
                ["program": parts.first ?? name, "rest": parts.last ?? ""])
        case .agentMissing(let name, _) where name != "claude":
            self = say("agent_missing", .noAgent, .agentMissing, ["program": name], remedy: .agentNamedRemedy)
        case .agentMissing(let name, let looked):
            self = say(
                "agent_missing", .noAgent, .agentMissing, ["program": name], remedy: .agentMissingRemedy,
                ["places": looked.joined(separator: ", ")])
        case .agentFailed(let program, let reason):
            self = say("agent_failed", .noAgent, .agentFailed, ["program": program, "reason": reason])
        case .sessionRuns(let id):
            self = say("session_runs", .exists, .sessionRuns, ["id": String(id.prefix(8))])
        case .localServer(let reason, let remedy):
            self = say("local_server", .unreachable, .localServer, ["reason": reason])
            self.remedy = remedy
        case .localServerElsewhere(let path):
            self = say(
                "local_elsewhere", .unreachable, .localElsewhere, ["path": context.displayed(path: path)],
                remedy: .localElsewhereRemedy)
        case .unusableDatabase(let path):
            self = say(
                "database", .file, .databaseForeign, ["path": context.displayed(path: path)], remedy: .databaseRemedy)
        case .unreadable(let path, let reason):
            self = say("file", .file, .unreadable, ["path": context.displayed(path: path), "reason": reason])
        case .system(let path, let code): self = say.system(path, code)
        case .api(let failure, let host, let origin):
            self = say.api(failure, host: host, origin: origin)
        case .noProc:
            self = say("no_proc", .fault, .noProc, remedy: .noProcRemedy)
        case .noThreads(let code):
            self = say(
                "no_threads", .fault, .noThreads, ["reason": say.reason(code)], remedy: .noThreadsRemedy)
        case .fewDescriptors(let limit):
            self = say(
                "few_descriptors", .fault, .fewDescriptors, ["limit": "\(limit)"], remedy: .fewDescriptorsRemedy)
        case .fault(let what):
            self = say("fault", .fault, .fault, ["what": what], remedy: .faultRemedy)
        }
    }
}

/// Puts explanations together from the catalogue.
package struct Words {
    package let context: Context

    package init(context: Context) { self.context = context }

    package subscript(_ key: ErrorText, _ values: [String: String]) -> String { context.strings(key, values) }

    package func callAsFunction(
        _ code: String, _ exit: ExitCode, _ key: ErrorText, _ values: [String: String] = [:], remedy: ErrorText? = nil,
        _ remedyValues: [String: String] = [:], isAsked: Bool = false
    ) -> Explanation {
        let message = self[key, values] + (isAsked ? becauseCI : "")
        return Explanation(code: code, message: message, remedy: remedy.map { self[$0, remedyValues] }, exit: exit)
    }

    /// ` (because CI is set)` where that is why nobody is asked.
    var becauseCI: String {
        context.isCI && !context.options.nonInteractive ? " " + self[.becauseCI, [:]] : ""
    }

    /// `Available meshes: dev, staging`, ten at most; nil where there are none.
    package func choices(_ choices: [String], _ kind: ChoiceKind) -> String? {
        guard !choices.isEmpty else { return nil }
        return self[kind == .meshes ? .availableMeshes : .choices, ["choices": few(choices)]]
    }

    /// Ten at most.
    package func few(_ choices: [String]) -> String {
        choices.prefix(10).joined(separator: ", ") + (choices.count > 10 ? ", …" : "")
    }

    package func lines(_ lines: [String?]) -> String? {
        let said = lines.compactMap(\.self)
        return said.isEmpty ? nil : said.joined(separator: "\n")
    }

    package func invite(_ problem: BadInvite, host: String) -> Explanation {
        switch problem {
        case .empty, .notAnInvite: self("invalid_invite", .input, .badInvite, remedy: .badInviteRemedy)
        case .unknown: self("not_found", .notFound, .inviteUnknown, ["host": host], remedy: .inviteRemedy)
        case .expired: self("invite_expired", .notFound, .inviteExpired, remedy: .inviteRemedy)
        case .revoked: self("invite_revoked", .notFound, .inviteRevoked, remedy: .inviteRemedy)
        case .exhausted: self("invite_exhausted", .notFound, .inviteExhausted, remedy: .inviteRemedy)
        }
    }

    package func inviteElsewhere(_ server: String, signedInTo other: String?) -> Explanation {
        guard let other else {
            return self(
                "other_server", .input, .inviteOtherServer, ["server": server], remedy: .inviteOtherServerRemedy,
                ["server": server], isAsked: true)
        }
        return self(
            "other_server", .unauthenticated, .inviteOtherServer, ["server": server], remedy: .inviteSignInThere,
            ["server": server, "other": other])
    }
}
