// What the argument parser throws, taken apart, so that it is said in our words and in the language in force.
// The parser keeps its errors to itself and speaks English: what they hold is read by reflection, and its sentences are
// recognised. A sentence that is not is said in general. To word one otherwise: its line in `said(by:)`.

import ArgumentParser
import Localization
import MeshAPI

/// Why a command line gave no command to run.
struct ParseFailure {
    /// The commands that were named, the root first.
    private let path: [any ParsableCommand.Type]
    /// What a command of ours found wrong with its options, rather than the parser.
    private let cause: (any Error)?
    /// The parser's own sentence.
    private let sentence: String

    init(_ error: any Error) {
        let mirror = Mirror(reflecting: error)
        path = mirror.descendant("commandStack") as? [any ParsableCommand.Type] ?? [Root.self]
        let problem = mirror.descendant("parserError")
        cause = problem.map { Mirror(reflecting: $0).descendant("userValidationError") as? any Error } ?? error
        sentence = Root.message(for: error)
    }

    func explanation(_ context: Context) -> Explanation {
        let words = Words(context: context)
        var said = cause.flatMap { Self.said(of: $0, words) } ?? Self.said(by: sentence, words)
        if said.remedy == nil {
            said.remedy = context.strings(CommandText.seeHelp, ["command": command])
        }
        return said
    }

    /// As it would be typed: a group's usual command goes without its name.
    private var command: String {
        var path = path
        if path.count > 1, path[path.count - 2].configuration.defaultSubcommand.map({ $0 == path.last }) == true {
            path.removeLast()
        }
        return path.map { $0._commandName }.joined(separator: " ")
    }

    private static func said(of cause: any Error, _ words: Words) -> Explanation? {
        switch cause {
        case let clash as Clash: words("usage", .usage, .parseClash, ["first": clash.first, "second": clash.second])
        case let unknown as UnknownCommand: words("usage", .usage, .parseUnknownCommand, ["name": unknown.name])
        default: nil
        }
    }

    /// The parser's sentences, as its version that this package names writes them.
    private static func said(by sentence: String, _ words: Words) -> Explanation {
        func say(_ key: ErrorText, _ values: [String: String] = [:]) -> Explanation {
            words("usage", .usage, key, values)
        }
        if let found = sentence.wholeMatch(of: /(?s)Unknown option '(.*?)'(?:\. Did you mean '(.*)'\?|\n.*)?/) {
            var said = say(.parseUnknownOption, ["option": String(found.1)])
            // The parser names the nearest one, however far it is.
            if let near = found.2, near.isNear(String(found.1)) {
                said.remedy = words[.didYouMean, ["text": String(near)]]
            }
            return said
        }
        if let found = sentence.wholeMatch(of: /(?s)Invalid option: (.*)/) {
            return say(.parseUnknownOption, ["option": String(found.1)])
        }
        if let found = sentence.wholeMatch(of: /Missing value for '(.*)'/) {
            return say(.parseMissingValue, ["option": String(found.1)])
        }
        if let found = sentence.wholeMatch(of: /(?s)The option '(.*?)' does not take any value, .*/) {
            return say(.parseNoValue, ["option": String(found.1)])
        }
        if let found = sentence.wholeMatch(of: /(?s)(?:Unexpected argument|\d+ unexpected arguments:) '(.*)'/) {
            return say(.parseUnexpected, ["words": String(found.1.replacing("', '", with: " "))])
        }
        if let found = sentence.wholeMatch(of: /Missing expected argument '(.*?)(?: \.\.\.)?'/) {
            return say(.parseMissingArgument, ["argument": String(found.1)])
        }
        let invalid = /(?s)The value '(.*)' is invalid for '([^']*)'(?:\. Please provide one of (.*)\.)?/
        if let found = sentence.wholeMatch(of: invalid) {
            var said = say(.parseInvalidValue, ["value": String(found.1), "option": String(found.2)])
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

/// A first word that names no command.
struct UnknownCommand: Error {
    var name: String
}
