// Where a command line that is being typed has come to, and what may follow there.

import ArgumentParser
import Localization

struct TypedPlace {
    private let words: [String]
    private let strings: Strings
    private var command: any ParsableCommand.Type = Root.self
    private var given: Set<String> = []
    private var positionals = 0
    /// The option whose value comes next.
    private var open: DescribedArgument?
    /// What follows `--` is the agent's.
    private var isOver = false

    /// What the command takes, and what its usual command does. Read where it is asked for: that takes most of the time.
    private lazy var own = DescribedArgument.all(of: command)
    private lazy var all = own + DescribedArgument.lent(to: command, beside: own)

    /// - Parameter words: all of the line, for what is asked of an argument itself.
    init(words: [String], strings: Strings) {
        self.words = words
        self.strings = strings
    }

    /// Goes past a word before the cursor.
    mutating func pass(_ word: String) {
        if isOver { return }
        if word == "--" {
            isOver = true
        } else if word.hasPrefix("-") {
            let name = String(word.prefix { $0 != "=" })
            given.insert(name)
            open = name == word ? option(name) : nil
        } else if open != nil {
            open = nil
        } else if let next = commands().first(where: { $0._commandName == word }) {
            let given = given
            self = TypedPlace(words: words, strings: strings)
            self.command = next
            self.given = given
        } else {
            positionals += 1
        }
    }

    /// What may stand where `typed` is begun.
    mutating func answer(to typed: String) -> TabCompletion.Answer {
        if isOver { return .files }
        if typed.hasPrefix("-") {
            guard let equals = typed.firstIndex(of: "=") else { return .words(options()) }
            let name = String(typed[..<equals])
            guard let option = option(name) else { return .words([]) }
            return values(of: option, spelled: name, before: name + "=")
        }
        if let open { return values(of: open, spelled: open.spellings[0]) }
        let names = commands().filter { $0.configuration.shouldDisplay }
        guard names.isEmpty else {
            return .words(names.map { .init(value: $0._commandName, text: $0.configuration.abstract) })
        }
        let arguments = all.filter { $0.isPositional && !$0.isAgents }
        guard let last = arguments.last, positionals < arguments.count || last.isRepeating else {
            return .words(options())
        }
        // The parser's own name for an argument that has none.
        let index = min(positionals, arguments.count - 1)
        return values(of: arguments[index], spelled: "positional@\(index)")
    }

    /// Those that may be named here: before them stand no words, and no options but what the group itself takes.
    private mutating func commands() -> [any ParsableCommand.Type] {
        let commands = command.configuration.subcommands
        guard !commands.isEmpty, positionals == 0 else { return [] }
        return given.isEmpty || given.isSubset(of: own.flatMap(\.spellings)) ? commands : []
    }

    private mutating func option(_ name: String) -> DescribedArgument? {
        all.first { $0.isOption && $0.spellings.contains(name) }
    }

    /// What is not given yet, by each of its names.
    private mutating func options() -> [TabCompletion.Candidate] {
        all.filter { $0.shouldDisplay && ($0.isRepeating || given.isDisjoint(with: $0.spellings)) }.flatMap {
            argument in
            argument.spellings.map { .init(value: $0, text: argument.text(strings)) }
        }
    }

    private func values(of argument: DescribedArgument, spelled name: String, before: String = "")
        -> TabCompletion.Answer
    {
        guard let values = argument.completionKind else { return .words([]) }
        if values.file != nil { return .files }
        if values.directory != nil { return .directories }
        let found = values.list?.values ?? (values.custom == nil ? [] : asked(name))
        return .words(found.map { .init(value: before + $0) })
    }

    /// What an argument says itself, by the parser's own way in.
    private func asked(_ name: String) -> [String] {
        let command = command.configuration.defaultSubcommand ?? command
        let place = [String(max(0, words.count - 1)), String(words.last?.count ?? 0)]
        do {
            _ = try command.parseAsRoot(["---completion", "--", name] + place + words)
            return []
        } catch {
            guard command.exitCode(for: error) == .success else { return [] }
            return command.fullMessage(for: error).split(separator: "\n").map(String.init).filter { !$0.hasPrefix("-") }
        }
    }
}
