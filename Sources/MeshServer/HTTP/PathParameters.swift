// What a request's path is about.

internal import Hummingbird
internal import MeshAPI

extension WireContext {
    /// The mesh, of all paths below `meshes/:id`.
    var meshID: String { get throws { try parameters.require("id") } }

    /// A name that is not of ours: a session's id, a topic's.
    func decoded(_ name: String) throws -> String { PercentCoding.decode(try parameters.require(name)) }
}
