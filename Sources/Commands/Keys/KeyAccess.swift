// A script that runs commands with a mesh key, by `CLAUDEMESH_TOKEN`: its mesh is the key's own.

import Connect
import Console
import LocalState
import Localization
import MeshAPI
import MeshClient
import Text

extension ServerAccess {
    var isKey: Bool {
        guard case .bearer(let token)? = token?.credential else { return false }
        return TokenForm.kind(of: token, among: [.key]) != nil
    }

    var isPerson: Bool { !isSession && !isKey }

    /// What the key is for.
    func key() async throws -> WhoIsKey.Credential {
        try await ask { client throws(APIFailure) in try await client.whoIsKey() }.credential
    }
}

/// What no key does, whatever the server says.
struct KeyElsewhere: Explained {
    func explanation(_ words: Words) -> Explanation {
        words.api(
            .refused(status: 401, body: ErrorBody(error: "key_elsewhere"), retryAfter: nil), host: "", origin: nil)
    }
}

extension InMesh {
    /// The mesh that is named, or the one there is; with a key its own.
    init(_ access: ServerAccess, named text: String?) async throws {
        guard access.isKey else {
            self.init(access: access, mesh: MeshName(try await access.mesh(text)))
            return
        }
        try access.context.given(text, as: "--mesh")
        let key = try await access.key()
        let mesh = key.mesh
        if let text, text != mesh.id, !mesh.isCalled(text.folded()) {
            throw Failure.noSuchMesh(text: text, closest: mesh.slug, known: [mesh.slug])
        }
        self.init(access: access, mesh: mesh, key: key)
    }
}

/// `whoami` of a key: no account, one mesh.
struct KeyIdentity: Encodable {
    var credential: WhoIsKey.Credential
    /// `flag`, `environment`.
    var source: String
    var server: String
    var checked = true
}

extension ServerAccess {
    /// Says which key it is, and what it may.
    func showKey() async throws -> Ending {
        let (key, strings) = (try await key(), context.strings)
        let origin = token?.origin ?? .environment
        try output.table([
            [strings[.token], strings(ModerationText.kindKey) + " " + strings(ErrorText.quoted, ["text": key.name])],
            [strings[.mesh], key.mesh.name],
            [strings(ModerationText.may), MeshKey.may(key.can, key.topics)],
            [strings(CommandText.sourceLabel), context.name(of: origin)],
            [strings[.server], server.description],
        ])
        if context.options.json {
            try output.json(KeyIdentity(credential: key, source: origin.rawValue, server: server.description))
        }
        return .exit(.done)
    }
}
