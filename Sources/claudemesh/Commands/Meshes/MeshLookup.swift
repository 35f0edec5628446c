// Finds the mesh a person means: by id, by slug, or by whole name; without any word the session's own, or the only one.

import MeshAPI
import MeshClient

enum MeshLookup {
    /// The one of `meshes` that `text` names: an id, else a slug or a name as written, else either with case and accents
    /// folded. Two that fit are not guessed between.
    static func find(_ text: String, among meshes: [Mesh]) throws(Failure) -> Mesh {
        if let mesh = meshes.first(where: { $0.id == text }) { return mesh }
        var matches = meshes.filter { $0.slug == text || $0.name == text }
        if matches.isEmpty {
            let folded = text.folded()
            matches = meshes.filter { $0.slug == folded || $0.name.folded() == folded }
        }
        if let mesh = matches.first, matches.count == 1 { return mesh }
        guard matches.isEmpty else { throw .ambiguous(text: text, matches: matches.map(\.id)) }
        throw .noSuchMesh(text: text, closest: closest(to: text, among: meshes), known: meshes.map(\.slug))
    }

    /// The only mesh there is.
    /// - Parameter flag: what names one, for where there are several.
    static func only(of meshes: [Mesh], flag: String) throws(Failure) -> Mesh {
        guard let mesh = meshes.first else { throw .noMeshes }
        guard meshes.count == 1 else { throw .missing(flag: flag, choices: meshes.map(\.slug), kind: .meshes) }
        return mesh
    }

    /// The slug of the mesh whose slug or name is nearest to `text`, where one is near at all.
    static func closest(to text: String, among meshes: [Mesh]) -> String? {
        let wanted = Array(text.folded())
        let limit = max(1, wanted.count / 3)
        var best: (slug: String, distance: Int)?
        for mesh in meshes {
            for candidate in [mesh.slug, mesh.name.folded()] {
                let candidate = Array(candidate)
                guard abs(candidate.count - wanted.count) <= limit else { continue }
                let distance = editDistance(wanted, candidate)
                if distance <= limit && distance < best?.distance ?? .max { best = (mesh.slug, distance) }
            }
        }
        return best?.slug ?? meshes.first { $0.slug.hasPrefix(text.folded()) && !text.isEmpty }?.slug
    }

    /// Insertions, removals and replacements that lead from one to the other (Levenshtein).
    private static func editDistance(_ first: [Character], _ second: [Character]) -> Int {
        var row = Array(0...second.count)
        for (i, one) in first.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in second.enumerated() {
                let replaced = diagonal + (one == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
            }
        }
        return row[second.count]
    }
}

extension ServerAccess {
    /// The mesh meant by `text`; without it `CLAUDEMESH_MESH_ID` inside a session, `CLAUDEMESH_MESH`, or the only one.
    /// - Parameter flag: what would name it, for the error that asks for it.
    func mesh(_ text: String?, flag: String = "--mesh") async throws -> Mesh {
        if let text { return try MeshLookup.find(text, among: await meshes()) }
        if context["CLAUDEMESH_SESSION_ID"] != nil, let id = context["CLAUDEMESH_MESH_ID"] {
            return try await ask { client throws(APIFailure) in try await client.mesh(id) }
        }
        if let named = context["CLAUDEMESH_MESH"] {
            return try MeshLookup.find(named, among: await meshes())
        }
        return try MeshLookup.only(of: await meshes(), flag: flag)
    }

    func meshes() async throws -> [Mesh] {
        try await ask { client throws(APIFailure) in try await client.meshes() }
    }
}
