// `@name` in a text: letters, digits, `-`, `_`, `.`, not within a word or code.

enum MentionParser {
    static let mostParsed = 16
    static let mostReached = 32

    /// The names in their order, each once, at most sixteen. Code is what stands between backticks.
    static func names(in text: String) -> [String] {
        var names: [String] = []
        var before: Character = " "
        var rest = text[...]
        var fence = 0
        while let character = rest.first, names.count < mostParsed {
            if character == "`" {
                let run = rest.prefix { $0 == "`" }.count
                fence = fence == 0 ? run : fence == run ? 0 : fence
                rest = rest.dropFirst(run)
                before = "`"
                continue
            }
            rest = rest.dropFirst()
            if character == "@", fence == 0, !isOfName(before), before != "@", before != "/" {
                let name = trimmed(rest.prefix(while: isOfName))
                if !name.isEmpty, !names.contains(name) { names.append(name) }
            }
            before = character
        }
        return names
    }

    /// A full stop or a hyphen behind a name ends the sentence.
    private static func trimmed(_ name: Substring) -> String {
        var name = name
        while name.last == "." || name.last == "-" { name = name.dropLast() }
        return String(name)
    }

    private static func isOfName(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "-" || character == "_" || character == "."
    }
}
