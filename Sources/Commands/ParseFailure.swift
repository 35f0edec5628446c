// What the argument parser throws, taken apart, so that it is said in our words and in the language in force.
// The parser keeps its errors to itself and speaks English: what they hold is read by reflection, and its sentences are
// recognised. A sentence that is not is said in general. To word one otherwise: its line in `said(by:)`.

import ArgumentParser
import Connect
import Console
import Localization
import MeshAPI
import Text

/// Why a command line gave no command to run.
struct ParseFailure {
    /// The commands that were named, the root first.
    private let path: [any ParsableCommand.Type]
    /// What a command of ours found wrong with its options, rather than the parser.
    private let cause: (any Error)?
    /// The parser's own sentence.
    private let sentence: String
    /// What was typed, up to `--`.
    private let typed: [String]

    init(_ error: any Error, of arguments: [String] = []) {
        typed = Array(arguments.prefix { $0 != "--" })
        let mirror = Mirror(reflecting: error)
        path = mirror.descendant("commandStack") as? [any ParsableCommand.Type] ?? [Root.self]
        let problem = mirror.descendant("parserError")
        cause = problem.map { Mirror(reflecting: $0).descendant("userValidationError") as? any Error } ?? error
        sentence = Root.message(for: error)
    }

    func explanation(_ context: Context) -> Explanation {
        let words = Words(context: context)
        var said = cause.flatMap { self.said(of: $0, words) } ?? self.said(by: sentence, words)
        if said.remedy == nil {
            said.remedy = context.strings(CommandText.seeHelp, ["command": command])
        }
        return said
    }

    /// As it was typed: a group's usual command may go without its name.
    private var command: String {
        var path = path
        if path.count > 1, let last = path.last, !typed.contains(last._commandName),
            path[path.count - 2].configuration.defaultSubcommand.map({ $0 == path.last }) == true
        {
            path.removeLast()
        }
        return path.map { $0._commandName }.joined(separator: " ")
    }

    private func said(of cause: any Error, _ words: Words) -> Explanation? {
        switch cause {
        case let clash as Clash:
            return words("usage", .usage, .parseClash, ["first": clash.first, "second": clash.second])
        case let foreign as NotUTF8:
            return words(
                "usage", .usage, .parseNotUTF8, ["n": String(foreign.place)], remedy: .parseNotUTF8Remedy)
        case let unknown as UnknownOption: return said(ofShort: unknown, words)
        case let unknown as UnknownCommand:
            // `--mes dev`: what was mistyped is the option, and the word is its value.
            return unknownOption(before: unknown.name).map { self.said(ofOption: $0, words) }
                ?? said(ofCommand: unknown, words)
        default: return nil
        }
    }

    private func said(ofCommand unknown: UnknownCommand, _ words: Words) -> Explanation {
        let (group, names) = (unknown.group, unknown.group.dropFirst().map { $0._commandName })
        func full(_ name: String) -> String { (names + [name]).joined(separator: " ") }
        let known = group.last?.configuration.subcommands.filter { $0.configuration.shouldDisplay } ?? []
        if let option = typed.first(where: { $0.hasPrefix("--") }),
            known.contains(where: { $0._commandName == unknown.name })
        {
            // `serve --database X backup Y`: what stands before the command's name is the group's usual one's.
            let command = full(unknown.name)
            var said = words("usage", .usage, .parseOptionFirst, ["name": command])
            said.remedy =
                words[.parseOptionFirstRemedy, ["name": command, "option": String(option.prefix { $0 != "=" })]]
            return said
        }
        var said = words("usage", .usage, .parseUnknownCommand, ["name": full(unknown.name)])
        said.remedy = known.map { $0._commandName }.nearest(to: unknown.name).map {
            words[.didYouMean, ["text": full($0)]]
        }
        return said
    }

    private func said(ofOption option: String, _ words: Words) -> Explanation {
        var said = words("usage", .usage, .parseUnknownOption, ["option": option])
        said.remedy = knownOptions.nearest(to: option).map { words[.didYouMean, ["text": $0]] }
        return said
    }

    private func said(ofShort unknown: UnknownOption, _ words: Words) -> Explanation {
        words("usage", .usage, .parseUnknownOption, ["option": unknown.name], remedy: .parseDashRemedy)
    }

    private func word(after option: String) -> String? {
        typed.firstIndex(of: option).flatMap { $0 + 1 < typed.count ? typed[$0 + 1] : nil }
    }

    private var knownOptions: [String] { path.last.map(HelpContent.options) ?? [] }

    /// The first option in front of `word` that the command does not have.
    private func unknownOption(before word: String) -> String? {
        let names = typed.prefix { $0 != word }.filter { $0.hasPrefix("--") }.map { String($0.prefix { $0 != "=" }) }
        let known = Set(knownOptions)
        return names.first { !known.contains($0) }
    }

    /// What `word`, which nothing takes, is where a command was expected: after a group, whose usual command was not named.
    private func unknownCommand(_ word: String) -> UnknownCommand? {
        guard let last = path.last else { return nil }
        if !last.configuration.subcommands.isEmpty { return UnknownCommand(name: word, group: path) }
        let group = Array(path.dropLast())
        guard let parent = group.last, parent.configuration.defaultSubcommand.map({ $0 == last }) == true,
            !typed.contains(last._commandName),
            parent.configuration.subcommands.map({ $0._commandName }).nearest(to: word) != nil
        else { return nil }
        return UnknownCommand(name: word, group: group)
    }

    /// The parser's sentences, as its version that this package names writes them.
    private func said(by sentence: String, _ words: Words) -> Explanation {
        func say(_ key: ErrorText, _ values: [String: String] = [:]) -> Explanation {
            words("usage", .usage, key, values)
        }
        // The parser names the nearest one, however far it is: ours is near.
        if let found = sentence.wholeMatch(of: /(?s)Unknown option '(.*?)'(?:\. Did you mean '.*'\?|\n.*)?/) {
            return said(ofOption: String(found.1), words)
        }
        if let found = sentence.wholeMatch(of: /(?s)Invalid option: (.*)/) {
            return say(.parseUnknownOption, ["option": String(found.1)])
        }
        if let found = sentence.wholeMatch(of: /Missing value for '(.*)'/) {
            // `--uses -1`: to the parser that is another option.
            if let next = word(after: String(found.1.prefix { $0 != " " })), next.hasPrefix("-") {
                return say(.parseInvalidValue, ["value": next, "option": String(found.1)])
            }
            return say(.parseMissingValue, ["option": String(found.1)])
        }
        if let found = sentence.wholeMatch(of: /(?s)The option '(.*?)' does not take any value, .*/) {
            return say(.parseNoValue, ["option": String(found.1)])
        }
        if let found = sentence.wholeMatch(of: /(?s)(?:Unexpected argument|\d+ unexpected arguments:) '(.*)'/) {
            let first = String(found.1.prefix(upTo: found.1.firstRange(of: "', '")?.lowerBound ?? found.1.endIndex))
            if let unknown = unknownCommand(first) { return said(ofCommand: unknown, words) }
            return say(.parseUnexpected, ["words": String(found.1.replacing("', '", with: " "))])
        }
        if let found = sentence.wholeMatch(of: /Missing expected argument '(.*?)(?: \.\.\.)?'/) {
            if let unknown = UnknownOption(among: typed) { return said(ofShort: unknown, words) }
            return say(.parseMissingArgument, ["argument": String(found.1)])
        }
        let invalid = /(?s)The value '(.*)' is invalid for '([^']*)'(?:\. Please provide one of (.*)\.)?/
        if let found = sentence.wholeMatch(of: invalid) {
            let key: ErrorText = found.1.isEmpty ? .parseMissingValue : .parseInvalidValue
            var said = say(key, ["value": String(found.1), "option": String(found.2)])
            said.remedy = found.3.flatMap { list in
                words.choices(list.matches(of: /'([^']*)'/).map { String($0.1) }, .none)
            }
            return said
        }
        return say(.parseUnreadable)
    }
}

/// Two options that exclude each other: a command line that cannot be parsed.
struct Clash: Error {
    var first: String
    var second: String
}

/// A short option that is none of ours, such as the name `-dash`: the parser takes each of its letters for an option, and
/// gives help for an h.
struct UnknownOption: Error {
    var name: String

    /// The first one in a command line, nil where there is none.
    init?(among typed: [String]) {
        let short = typed.first {
            $0.count > 1 && $0.hasPrefix("-") && !$0.hasPrefix("--") && !["-h", "-y"].contains($0)
        }
        guard let short else { return nil }
        name = short
    }
}

/// An argument that is no text. It is named by its place alone: it may be a token that was mangled.
struct NotUTF8: Error {
    /// Counted from 1.
    var place: Int
}

/// A word that names no command of a group.
struct UnknownCommand: Error {
    var name: String
    /// The commands that lead to the group, the root first.
    var group: [any ParsableCommand.Type] = [Root.self]
}

/// A group of commands without a usual one, and none named.
struct MissingCommand: Explained {
    var group: any ParsableCommand.Type

    func explanation(_ words: Words) -> Explanation {
        let argument = "<\(words.context.strings(ValueText.command))>"
        var said = words("usage", .usage, .parseMissingArgument, ["argument": argument])
        said.remedy = words.choices(group.configuration.subcommands.map { $0._commandName }, .none)
        return said
    }
}
