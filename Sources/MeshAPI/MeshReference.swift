// Which mesh a word means: the one rule for `--mesh`, `CLAUDEMESH_MESH` and the arguments of commands.

import Text

extension Sequence where Element == Mesh {
    /// The meshes that `text` names: by id, else by a slug or a whole name; case and accents do not count. More than one
    /// is not guessed between.
    public func meant(by text: String) -> [Mesh] {
        if let mesh = first(where: { $0.id == text }) { return [mesh] }
        let folded = text.folded()
        return filter { MeshName($0).isCalled(folded) }
    }

    /// The mesh that was perhaps meant by a word that names none: the one of the fewest letters between, else one whose
    /// slug or name begins with it or has it within. Of a long list the first thousand are compared.
    public func closest(to text: String) -> Mesh? {
        let wanted = text.folded()
        let letters = Array(wanted.unicodeScalars.prefix(64))
        guard !letters.isEmpty else { return nil }
        let known = prefix(1000).map { ($0, [$0.slug, $0.name.folded()]) }
        let near = known.map { mesh, texts in
            (mesh, texts.map { EditDistance.between(letters, Array($0.unicodeScalars.prefix(64))) }.min() ?? .max)
        }.min { $0.1 < $1.1 }
        if let near, near.1 <= EditDistance.most(of: letters.count) { return near.0 }
        return
            (known.first { $0.1.contains { $0.hasPrefix(wanted) } }
            ?? known.first { $0.1.contains { $0.contains(wanted) } })?.0
    }
}
