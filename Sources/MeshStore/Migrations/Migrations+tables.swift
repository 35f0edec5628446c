// Which tables there are, as the migrations have it: for a copy, in which what a row refers to has to be there before it.

extension Migrations {
    /// The tables, each after those that it refers to.
    package var tables: [String] {
        var references: [(table: String, to: Set<String>)] = []
        for statement in all.flatMap({ $0.sql.split(separator: ";") }) {
            guard let head = statement.firstMatch(of: /(?:CREATE|ALTER) TABLE (\w+)/) else { continue }
            let found = Set(statement.matches(of: /REFERENCES (\w+)/).map { String($0.1) })
            if let index = references.firstIndex(where: { $0.table == head.1 }) {
                references[index].to.formUnion(found)
            } else {
                references.append((String(head.1), found))
            }
        }
        var ordered: [String] = []
        while let next = references.firstIndex(where: { $0.to.subtracting([$0.table]).isSubset(of: ordered) }) {
            ordered.append(references.remove(at: next).table)
        }
        // Tables that refer to each other have no order.
        return ordered + references.map(\.table)
    }
}
