// Finds the mesh a person means: by id, by slug, or by whole name; without any word the session's own, or the only one.

import Connect
import Console
import LocalState
import MeshAPI
import MeshClient

enum MeshLookup {
    /// The one of `meshes` that `text` names. Two that fit are not guessed between.
    static func find(_ text: String, among meshes: [Mesh]) throws(Failure) -> Mesh {
        let matches = meshes.meant(by: text)
        if let mesh = matches.first, matches.count == 1 { return mesh }
        guard matches.isEmpty else { throw .ambiguous(text: text, matches: matches.map(\.id)) }
        throw .noSuchMesh(text: text, closest: meshes.closest(to: text)?.slug, known: meshes.map(\.slug))
    }

    /// The only mesh there is.
    /// - Parameter flag: what names one, for where there are several.
    static func only(of meshes: [Mesh], flag: String) throws(Failure) -> Mesh {
        guard let mesh = meshes.first else { throw .noMeshes }
        guard meshes.count == 1 else { throw .meshUnnamed(flag: flag, known: meshes.map(\.slug)) }
        return mesh
    }
}

extension ServerAccess {
    /// The mesh meant by `text`; without it `CLAUDEMESH_MESH_ID` inside a session, `CLAUDEMESH_MESH`, or the only one.
    /// - Parameter flag: what would name it, for the error that asks for it.
    func mesh(_ text: String?, flag: String = "--mesh") async throws -> Mesh {
        try context.given(text, as: flag)
        if let text { return try MeshLookup.find(text, among: await meshes()) }
        if context["CLAUDEMESH_SESSION_ID"] != nil, let id = context["CLAUDEMESH_MESH_ID"] {
            do {
                return try await ask { client throws(APIFailure) in try await client.mesh(id) }
            } catch Failure.api(.refused(404, _, _), _, _) where token?.origin != .session {
                return try MeshLookup.find(id, among: await meshes())
            }
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
