// A mesh as it is named where nothing else is said of it.

import Text

/// Which mesh, and what people call it.
public struct MeshName: Codable, Sendable, Hashable {
    public var id: String
    public var slug: String
    public var name: String

    public init(id: String, slug: String, name: String) {
        self.id = id
        self.slug = slug
        self.name = name
    }

    public init(_ mesh: Mesh) { self.init(id: mesh.id, slug: mesh.slug, name: mesh.name) }

    /// Whether a folded text is its slug or its whole name.
    public func isCalled(_ folded: String) -> Bool { slug == folded || name.folded() == folded }
}
