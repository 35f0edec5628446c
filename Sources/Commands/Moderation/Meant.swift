// Finds the one that is meant by an id, the beginning of one, or a name; and asks before something is done to them.

import Connect
import Console
import Localization
import MeshAPI
import MeshClient
import Text

/// One whom a name may mean.
struct Meant: Hashable, Sendable {
    var id: String
    /// What it is called: compared whole, without case and accents.
    var names: [String]
    /// What it is shown as.
    var shown: String
}

/// Nobody, or more than one.
struct NotMeant: Explained, Equatable {
    var text: String
    var mesh: String
    var none: ModerationText
    var candidates: [Meant]

    func explanation(_ words: Words) -> Explanation {
        let strings = words.context.strings
        guard !candidates.isEmpty else {
            return Explanation(
                code: "not_found", message: strings(none, ["mesh": mesh, "text": text]), exit: .notFound)
        }
        let count = candidates.count
        return Explanation(
            code: "ambiguous",
            message: strings(
                count == 2 ? MessageText.twoFit : .severalFit, ["address": text, "n": strings.number(count)]),
            remedy: candidates.map { "\($0.shown) (\($0.id.prefix(IDLookup.shownLength)))" }.joined(separator: ", "),
            exit: .input)
    }
}

extension Meant {
    /// The only one of `all` that `text` fits. Throws `NotMeant`.
    static func find(_ text: String, among all: [Meant], mesh: String, none: ModerationText) throws -> Meant {
        if let exact = all.first(where: { $0.id == text }) { return exact }
        let word = text.folded()
        var fitting = all.filter { $0.names.contains { $0.folded() == word } }
        if fitting.isEmpty, text.count >= IDLookup.shortestPrefix { fitting = all.filter { $0.id.hasPrefix(text) } }
        guard let one = fitting.first, fitting.count == 1 else {
            throw NotMeant(text: text, mesh: mesh, none: none, candidates: fitting)
        }
        return one
    }
}

extension InMesh {
    /// A mesh, for what a person alone does in it. Throws `person_only`.
    static func person(_ text: String?, _ context: Context) async throws -> InMesh {
        let access = try await ServerAccess.person(context)
        return try await InMesh(access, named: text)
    }

    /// The live sessions of the mesh.
    func livePeers() async throws -> [Peer] {
        try await ask { client throws(APIFailure) in try await client.peers(in: mesh.id) }
    }

    /// The session that is meant.
    func session(_ text: String, among peers: [Peer]) throws -> (Meant, Peer?) {
        try context.given(text, as: "SESSION")
        let all = peers.map { peer in
            Meant(id: peer.sessionID, names: [peer.address, peer.handle, peer.displayName], shown: peer.address)
        }
        let one = try Meant.find(text, among: all, mesh: mesh.name, none: .noSession)
        return (one, peers.first { $0.sessionID == one.id })
    }

    /// Whether it is meant, where somebody can be asked; else it was typed, and is.
    func agrees(_ question: ModerationText, _ values: [String: String] = [:], count: Int? = nil) throws -> Bool {
        guard context.interactivity == .interactive else { return true }
        let values = values.merging(["mesh": mesh.name]) { $1 }
        return try context.agrees(to: context.strings(question, values, count: count))
    }

    /// Says what was done: in words, and as the value of `--json`.
    func done(_ text: ModerationText, _ values: [String: String], _ value: some Encodable) throws -> Ending {
        let said = context.strings(text, values.merging(["mesh": mesh.name]) { $1 })
        try output.orWarn(of: said) {
            try output.success(said)
            if context.options.json { try output.json(value) }
        }
        return .exit(.done)
    }
}

/// `{id, status}`: what became of somebody.
struct DoneTo: Encodable {
    var id: String
    var status: String
}
