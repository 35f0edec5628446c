// Which letters of a row the filter found, so that one sees why the row is there.

import MeshAPI
import Text

extension MeshListRows {
    /// The characters of `name` that the filter matches, by their offset. None where its hidden slug did.
    func found(in name: String) -> Set<Int> {
        guard !query.isEmpty else { return [] }
        let letters = FoldedLetters(name)
        if let whole = letters.place(of: query[...]) { return letters.owners(whole) }
        return query.split(separator: UInt8(ascii: " ")).reduce(into: []) { found, word in
            found.formUnion(letters.place(of: word).map(letters.owners) ?? letters.subsequence(word))
        }
    }
}

/// A text as the filter reads it, and which character each of its bytes is of.
private struct FoldedLetters {
    private var bytes: [UInt8] = []
    private var characters: [Int] = []

    init(_ text: String) {
        for (offset, character) in text.enumerated() {
            for byte in String(character).folded().utf8 {
                bytes.append(byte)
                characters.append(offset)
            }
        }
    }

    func owners(_ range: Range<Int>) -> Set<Int> { Set(characters[range]) }

    /// Where `word` stands whole, first.
    func place(of word: ArraySlice<UInt8>) -> Range<Int>? {
        guard !word.isEmpty, word.count <= bytes.count else { return nil }
        for start in 0...bytes.count - word.count where bytes[start..<start + word.count].elementsEqual(word) {
            return start..<start + word.count
        }
        return nil
    }

    /// The characters of `word` one behind the other, none where one is missing.
    func subsequence(_ word: ArraySlice<UInt8>) -> Set<Int> {
        var rest = word
        var found: Set<Int> = []
        for (byte, character) in zip(bytes, characters) where byte == rest.first {
            found.insert(character)
            rest.removeFirst()
        }
        return rest.isEmpty ? found : []
    }
}
