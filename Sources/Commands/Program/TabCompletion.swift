// What may stand at the cursor of a command line: the scripts of `claudemesh completions` ask for it whenever Tab is pressed.
// It comes of the same definitions as `--help`: a new command or option needs nothing here. Only the command that is being
// typed is read, not the table of all of them.
//
// A script asks with `claudemesh ---complete -- WORDS…`, the words behind the program's name up to the cursor, the last of
// them perhaps empty. The answer is a line for each candidate, with its description behind a tab; or `:files`, or
// `:directories`, which the shell knows better. The scripts choose those that begin with what was typed, each by its shell's
// own rules.

import ArgumentParser
import Localization

struct TabCompletion {
    /// No command and no option begins like this.
    static let word = "---complete"

    struct Candidate: Equatable {
        var value: String
        var text = ""
    }

    enum Answer: Equatable {
        case words([Candidate])
        case files, directories
    }

    let answer: Answer

    /// - Parameter words: behind the program's name, the last up to the cursor.
    init(_ words: [String], _ strings: Strings) {
        var place = TypedPlace(words: words, strings: strings)
        for word in words.dropLast() { place.pass(word) }
        answer = place.answer(to: words.last ?? "")
    }

    /// What the scripts read.
    var text: String {
        switch answer {
        case .files: ":files\n"
        case .directories: ":directories\n"
        case .words(let candidates):
            candidates.filter { Self.isWord($0.value) }
                .map { $0.text.isEmpty ? $0.value + "\n" : "\($0.value)\t\($0.text)\n" }.joined()
        }
    }

    /// Whether no shell takes it for anything but a word: what is in files may have come from a server.
    static func isWord(_ value: String) -> Bool {
        value.utf8.allSatisfy { byte in
            switch Unicode.Scalar(byte) {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", ",", "=": true
            default: false
            }
        }
    }
}
