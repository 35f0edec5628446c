// What stops a command, as data. `Explanation` turns it, and every other error, into words and an exit code.
// To add one: a case here, its line in `Explanation+Failure.swift`, its texts in both catalogues.

package import LocalState
package import MeshAPI

/// Why a command could not do what was asked.
package enum Failure: Error, Hashable {
    // Signing in.
    case loginTimedOut
    case signInDenied
    case tokenLost(code: String)
    /// `variable` is the one it stands in; nil where it was typed.
    case malformedToken(variable: String? = nil)
    /// The server knows no such token; `source` is the flag, variable or file that named it.
    case tokenRejected(source: String)
    /// A stored token that worked once is refused.
    case authenticationFailed
    /// `signedInTo` is where one is signed in instead, if anywhere.
    case notSignedIn(host: String, signedInTo: String?)
    /// What is to be ended here is a sign-in to another server.
    case signedInElsewhere(host: String, signedInTo: ServerAddress)
    case emptyVariable(String)
    case guestOnly
    /// What a launched session's own token may not do.
    case sessionTokenOnly

    // Input.
    /// `flag` gives the answer that is missing; `choices` are what it may be.
    case missing(flag: String, choices: [String], kind: ChoiceKind)
    /// As above, from a command that never asks: the mesh to work on.
    case meshUnnamed(flag: String, known: [String])
    case invalid(field: String, reason: String)
    /// `field` was given, with nothing in it.
    case empty(field: String)
    /// Nobody can be asked whether to launch.
    case unconfirmed
    case ambiguous(text: String, matches: [String])
    /// `closest` is what may have been meant.
    case noSuchMesh(text: String, closest: String?, known: [String])
    /// The mesh that was chosen before is none of the account's any more.
    case meshGone(name: String, known: [String])
    /// The account is in no mesh at all.
    case noMeshes
    case noSuchID(text: String)
    case ambiguousID(text: String, matches: [String])
    case badInvite(BadInvite, host: String = "")
    /// `signedInTo`: the one place for a sign-in is taken by that of another server.
    case inviteElsewhere(server: String, signedInTo: String? = nil)
    /// `source` is the flag, variable or file that named it.
    case badServer(String, source: String)
    case nested(mesh: String)
    /// `--dry-run` would have to make or join a mesh.
    case dryRun

    // The rest of the world.
    /// The directory that the agent would work in was removed.
    case directoryGone(path: String)
    case agentMissing(name: String = "claude", looked: [String])
    /// It is there, and could not be started.
    case agentFailed(program: String, reason: String)
    /// The session that is gone back to still runs.
    case sessionRuns(id: String)
    /// `remedy` where there is something better to do than to read what it said.
    case localServer(reason: String, remedy: String? = nil)
    /// The server of this machine is a process of another container or machine that has the same `path`.
    case localServerElsewhere(path: String)
    /// What stands where this machine's own server has its database is none.
    case unusableDatabase(path: String)
    case unreadable(path: String, reason: String)
    /// A file or stream that the system refused; `code` is its `errno`.
    case system(path: String, code: Int32)
    /// A failed request; `host` is who was asked, `origin` where the token came from.
    case api(APIFailure, host: String, origin: TokenOrigin?)
    /// The runtime's threads look there, and end the process where it is missing.
    case noProc
    /// The system gives no more threads; `code` is its `errno`.
    case noThreads(code: Int32)
    /// So few files may be open that no connection can be made.
    case fewDescriptors(limit: Int)
    /// A condition of the program's own making that must not happen.
    case fault(String)
}

/// What a list of choices is a list of.
package enum ChoiceKind: Hashable, Sendable {
    case meshes, roles, ways, none
}

extension Context {
    /// Where a token came from, as a person would name it.
    package func name(of origin: ServerOrigin) -> String {
        switch origin {
        case .flag, .standard: "--server"
        case .environment: "CLAUDEMESH_API_URL"
        case .signIn: "auth.json"
        case .config:
            (try? ConfigDirectory(environment: environment, mayWrite: false))
                .map { displayed(path: $0.path(of: ConfigDirectory.configName)) } ?? "config.json"
        }
    }

    package func name(of origin: TokenOrigin) -> String {
        switch origin {
        case .flag: "--token"
        case .environment: TokenChoice.variable
        case .file: "auth.json"
        case .session:
            environment["CLAUDEMESH_IPC_TOKEN_FILE"] == nil ? "CLAUDEMESH_IPC_TOKEN" : "CLAUDEMESH_IPC_TOKEN_FILE"
        }
    }
}
