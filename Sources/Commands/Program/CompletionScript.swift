// The parser's completion script, put right: it writes two sentences of its own in English, adds a `help` of its own to
// ours, whose function then hides ours, and does not offer after a group what the group's usual command takes.
// A new command needs nothing here. What is looked for in the scripts is what the parser's version that this package names writes.

import ArgumentParser
import Connect
import Console
import Foundation
import Localization

struct CompletionScript {
    private static let parsersHelp = "Show subcommand help information."

    let text: String

    init(_ shell: CompletionShell, _ strings: Strings) {
        var lines = Root.completionScript(for: shell).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
        // Bash shows no descriptions: there is nothing of them to look for in its script.
        let isDescribed = shell != .bash
        if isDescribed { lines.removeAll { $0.contains(Self.parsersHelp) } }
        if let second = lines.lastIndex(of: "_claudemesh_help() {"), lines.firstIndex(of: lines[second]) != second,
            let end = lines[second...].firstIndex(of: "}")
        {
            lines.removeSubrange(second...min(end + 1, lines.count - 1))
        }
        for (group, usual) in Self.groups([Root.self]) {
            switch shell {
            case .bash: Self.lendInBash(&lines, group, usual)
            case .zsh: Self.lendInZsh(&lines, group, usual)
            default: Self.lendInFish(&lines, group, usual)
            }
        }
        Self.leaveVersionToRoot(&lines)
        let (cases, words) = ("|help|help)", " help help'")
        for index in lines.indices {
            let line = lines[index]
            guard line.hasSuffix(cases) || line.hasSuffix(words) || line.hasPrefix("        COMPREPLY+=(") else {
                continue
            }
            lines[index] = line.replacing(cases, with: "|help)").replacing(words, with: " help'")
        }
        let script = lines.joined(separator: "\n")
        guard isDescribed else {
            text = script.replacing(Self.bashWords, with: Self.joinedWords)
            return
        }
        text = script.replacing("Show help information.", with: strings(CommandText.helpHelpOption))
            .replacing("Show the version.", with: strings(CommandText.helpVersionOption))
    }

    /// How the parser's script takes the word before the cursor and the one before that.
    private static let bashWords = """
            local -r cur="${2}"
            local -r prev="${3}"

        """

    /// Bash breaks `--option=value` at its `=`: here it is two words, as if a space stood there.
    private static let joinedWords = """
            local -a joined=()
            local -i at="${COMP_CWORD}" index
            for ((index = 0; index < ${#COMP_WORDS[@]}; index++)); do
                if [[ "${index}" -gt 0 && "${COMP_WORDS[index]}" = '=' && "${COMP_WORDS[index - 1]}" = --* ]]; then
                    if [[ "${index}" -lt "${COMP_CWORD}" ]]; then
                        ((at--))
                    elif [[ "${index}" -eq "${COMP_CWORD}" ]]; then
                        joined+=('')
                    fi
                else
                    joined+=("${COMP_WORDS[index]}")
                fi
            done
            local cur="${2}"
            [[ "${cur}" = '=' ]] && cur=''
            local -r prev="${joined[at - 1]}"
            local -a COMP_WORDS=("${joined[@]}")
            local -i COMP_CWORD="${at}"

        """

    /// The parser hands `--version` down to every command.
    private static func leaveVersionToRoot(_ lines: inout [String]) {
        let inBash = "    non_repeating_flags=("
        for index in lines.indices where lines[index].hasPrefix(inBash) {
            lines[index] = lines[index].replacing("--version ", with: "")
        }
        let root = body(lines, of: "claudemesh") ?? 0..<0
        let kept = lines.indices.filter { index in
            let line = lines[index]
            let inZsh = line.hasPrefix("        '--version[")
            let inFish = line.hasPrefix("complete ") && line.contains(" version' -l 'version'")
            return !(inZsh && !root.contains(index)) && !(inFish && !line.contains(#""claudemesh" version'"#))
        }
        lines = kept.map { lines[$0] }
    }

    /// The groups that have a usual command, and those commands, as they are typed: `claudemesh serve`, `claudemesh serve run`.
    private static func groups(_ path: [any ParsableCommand.Type]) -> [(group: String, usual: String)] {
        guard let last = path.last else { return [] }
        let name = path.map { $0._commandName }.joined(separator: " ")
        let own = last.configuration.defaultSubcommand.map { [(name, "\(name) \($0._commandName)")] } ?? []
        return own + last.configuration.subcommands.flatMap { groups(path + [$0]) }
    }

    /// The lines between `start` and the next that is `end`.
    private static func block(_ lines: [String], from start: String, to end: String) -> Range<Int>? {
        guard let first = lines.firstIndex(of: start), let last = lines[first...].firstIndex(of: end) else {
            return nil
        }
        return (first + 1)..<last
    }

    private static func body(_ lines: [String], of command: String) -> Range<Int>? {
        block(lines, from: "_\(command.replacing(" ", with: "_"))() {", to: "}")
    }

    /// The arrays of flags and options, and what their values may be.
    private static func lendInBash(_ lines: inout [String], _ group: String, _ usual: String) {
        guard let from = body(lines, of: usual), let to = body(lines, of: group) else { return }
        let lent = Array(lines[from])
        var taken = Array(lines[to])
        for (index, line) in taken.enumerated() {
            guard let array = array(setBy: line), let other = lent.first(where: { $0.hasPrefix("    \(array)=(") }),
                let place = line.firstIndex(of: "="), let value = other.firstIndex(of: "=")
            else { continue }
            taken[index] = String(line[..<place] + other[value...])
        }
        let (start, end) = (#"    case "${prev}" in"#, "    esac")
        if let values = block(lent, from: start, to: end) {
            if let own = block(taken, from: start, to: end) {
                taken.replaceSubrange(own, with: lent[values])
            } else if let offer = taken.firstIndex(where: { $0.contains("__claudemesh_offer_flags_options") }) {
                taken.insert(contentsOf: ["", start] + lent[values] + [end], at: offer + 1)
            }
        }
        // Where a command of the group is named, an option before the cursor is that command's: `invite --role`, `launch --role`.
        if let index = taken.firstIndex(of: start) {
            taken[index] = #"    [[ "${positional_number}" -eq -2 ]] || case "${prev}" in"#
        }
        lines.replaceSubrange(to, with: taken)
    }

    private static let arrays = [
        "repeating_flags", "repeating_options", "non_repeating_flags", "non_repeating_options",
    ]

    /// Which of the arrays a line sets. Without an expression: asked of every line, one took milliseconds.
    private static func array(setBy line: String) -> String? {
        guard line.utf8.first == UInt8(ascii: " "), line.utf8.last == UInt8(ascii: ")") else { return nil }
        var rest = line.drop { $0 == " " }
        if rest.hasPrefix("local -a ") { rest = rest.dropFirst("local -a ".count) }
        return arrays.first { rest.hasPrefix($0 + "=(") }
    }

    /// The specifications of options, and the arrays they refer to.
    private static func lendInZsh(_ lines: inout [String], _ group: String, _ usual: String) {
        guard let from = body(lines, of: usual), let to = body(lines, of: group) else { return }
        let isOption = /^ +'(?:\*?-|\(-\w).*/
        func parts(_ body: [String]) -> (arrays: [String], options: [String]) {
            let specs = block(body, from: "    local -ar arg_specs=(", to: "    )") ?? 0..<0
            return (
                body[..<specs.lowerBound].filter { $0.hasPrefix("    local -ar ___") },
                body[specs].filter { $0.wholeMatch(of: isOption) != nil }
            )
        }
        let lent = parts(Array(lines[from]))
        var taken = Array(lines[to])
        let own = parts(taken)
        taken.removeAll { own.arrays.contains($0) || own.options.contains($0) }
        guard let specs = taken.firstIndex(of: "    local -ar arg_specs=(") else { return }
        taken.insert(contentsOf: lent.options, at: specs + 1)
        taken.insert(contentsOf: lent.arrays, at: specs)
        lines.replaceSubrange(to, with: taken)
    }

    /// The lines of options, and the specification by which words before the cursor are read.
    private static func lendInFish(_ lines: inout [String], _ group: String, _ usual: String) {
        func offers(_ command: String) -> String {
            #"complete -c 'claudemesh' -n '__claudemesh_should_offer_completions_for_flags_or_options "\#(command)""#
        }
        let own = lines.filter { $0.hasPrefix(offers(group)) }
        let lent = lines.filter { $0.hasPrefix(offers(usual)) }.map {
            offers(group) + $0.dropFirst(offers(usual).count)
        }
        if let last = lines.lastIndex(where: { $0.hasPrefix(offers(group)) }) {
            lines.insert(contentsOf: lent.filter { !own.contains($0) }, at: last + 1)
        }
        let words = usual.split(separator: " ").map(String.init)
        guard let place = place(of: words.dropLast(), in: lines), let other = Self.place(of: words[...], in: lines),
            let specification = lines[other].firstMatch(of: #/ '.*/#)
        else { return }
        lines[place] = lines[place].replacing(#/ '.*/#, with: specification.0)
    }

    /// The line below `case 'WORD'` of the last word, found inside those of the words before it.
    private static func place(of words: ArraySlice<String>, in lines: [String]) -> Int? {
        var index = 0
        for (depth, word) in words.enumerated() {
            let line = String(repeating: " ", count: 4 * (depth + 1)) + "case '\(word)'"
            guard let found = lines[index...].firstIndex(of: line) else { return nil }
            index = found + 1
        }
        return index
    }
}
