// The rows of the mesh list and which of them the filter lets through. Built for 100,000 rows: texts are folded once, into
// one buffer of bytes, and a longer query looks only at what the shorter one found.

public import MeshAPI
import Text

/// Meshes in the order of the list, with a filter.
public struct MeshListRows: Sendable {
    /// Every row, filter or not.
    public private(set) var all: [Mesh] = []
    /// The filter as it was typed, folded.
    private(set) var query: [UInt8] = []

    private var texts = FoldedTexts()
    private var indexByID: [String: Int32] = [:]
    private var sharedNames: Set<Int32> = []
    /// Of those, the ones that share their owner too.
    private var sharedOwners: Set<Int32> = []
    /// Columns of the widest name, and of the widest pair of a shared name and what tells it apart.
    private var nameWidth = 0
    private var pairWidth: Int?
    /// The members of the largest mesh.
    private(set) var mostMembers = 0
    /// The most peers in one mesh, and the columns of the widest names that are shown in the place of their number.
    private(set) var mostHere = 0
    private(set) var hereNamesWidth = 0
    /// Indices into `all` by rank: prefix, substring, subsequence; each ascending. Without a query all are in the first.
    private var ranked: [[Int32]] = [[], [], []]

    public init() {}

    /// Rows in their final order.
    init(_ meshes: [Mesh]) {
        all = meshes
        texts.reserve(meshes.count)
        indexByID.reserveCapacity(meshes.count)
        var firstWithName: [String: Int32] = Dictionary(minimumCapacity: meshes.count)
        // What is asked of each row is taken by itself: a whole row is seven texts to be held and let go.
        for index in meshes.indices {
            let name = meshes[index].name
            texts.append(name.folded(), meshes[index].slug)
            indexByID[meshes[index].id] = Int32(index)
            if let first = firstWithName.updateValue(Int32(index), forKey: name) {
                sharedNames.formUnion([first, Int32(index)])
            }
            nameWidth = max(nameWidth, TextWidth.of(InertText.visible(name)))
            mostMembers = max(mostMembers, meshes[index].memberCount)
            guard let here = meshes[index].here else { continue }
            mostHere = max(mostHere, here.count)
            hereNamesWidth = max(hereNamesWidth, here.shortNames.map { TextWidth.of($0) } ?? 0)
        }
        ranked[0] = Array(0..<Int32(meshes.count))
        let twins = Dictionary(grouping: sharedNames) { [meshes[Int($0)].name, meshes[Int($0)].ownerName] }
        sharedOwners = Set(twins.values.filter { $0.count > 1 }.joined())
        for mesh in sharedNames.map({ meshes[Int($0)] }) {
            let width = TextWidth.of(InertText.visible(mesh.name + (distinction(mesh.id) ?? "")))
            pairWidth = max(pairWidth ?? 0, width)
        }
    }

    /// Columns of the widest label, where a name and what tells it from others stand `between` apart.
    func labelWidth(between: Int) -> Int { max(nameWidth, pairWidth.map { $0 + between } ?? 0) }

    /// How many rows the filter lets through.
    public var count: Int { ranked.reduce(0) { $0 + $1.count } }
    public var isEmpty: Bool { count == 0 }

    /// The row at a place among those the filter lets through, nil outside.
    public subscript(place: Int) -> Mesh? {
        var rest = place
        guard rest >= 0 else { return nil }
        for list in ranked {
            if rest < list.count { return all[Int(list[rest])] }
            rest -= list.count
        }
        return nil
    }

    /// The mesh of an id, filter or not.
    public func mesh(_ id: String) -> Mesh? {
        indexByID[id].map { all[Int($0)] }
    }

    /// The place of a mesh among those the filter lets through.
    public func place(of id: String) -> Int? {
        guard let index = indexByID[id] else { return nil }
        var before = 0
        for list in ranked {
            if let found = list.binarySearch(index) { return before + found }
            before += list.count
        }
        return nil
    }

    /// What tells a row from others of the same name: the owner, or the slug where the owner is the same too.
    public func distinction(_ id: String) -> String? {
        guard let index = indexByID[id], sharedNames.contains(index) else { return nil }
        let mesh = all[Int(index)]
        return sharedOwners.contains(index) ? mesh.slug : mesh.ownerName ?? mesh.slug
    }

    /// Lets through what matches `text`: prefixes first, then substrings, then subsequences, of name or slug; accents, case
    /// and the order of words do not count.
    mutating func filter(_ text: String) {
        let wanted = Array(text.trimmingWhitespace().folded().utf8)
        guard wanted != query else { return }
        let narrows = !query.isEmpty && wanted.starts(with: query)
        let candidates = narrows ? ranked.flatMap { $0 }.sorted() : Array(0..<Int32(all.count))
        query = wanted
        ranked = wanted.isEmpty ? [candidates, [], []] : texts.rank(candidates, by: wanted)
    }
}

extension PeersHere {
    /// Columns that the names of who is in a mesh may take in its row.
    private static let mostNames = 16

    /// `reviewer, api`: all of them, where they are two at most and short; nil where their number says it better.
    var shortNames: String? {
        guard count > 0, count == names.count, count <= 2 else { return nil }
        let text = InertText.visible(names.joined(separator: ", "))
        return TextWidth.of(text) <= Self.mostNames ? text : nil
    }
}

extension MeshListRows: Hashable {
    public static func == (left: MeshListRows, right: MeshListRows) -> Bool {
        left.query == right.query && left.all == right.all
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(query)
        hasher.combine(all.count)
    }
}

extension Array where Element: Comparable {
    /// The place of an element in a sorted array.
    fileprivate func binarySearch(_ wanted: Element) -> Int? {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < wanted { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] == wanted ? low : nil
    }
}
