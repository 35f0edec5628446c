// What the program knows of the world it was started in, as one value. Commands ask it and nothing else for
// environment, streams, clock and home, so that a test supplies them; what a test did not supply stops that test.
// To add a fact: a property here, its real source in `Context+Live.swift`.

import Canvas
import FoundationEssentials
import Localization
import Platform
import SessionLaunch

/// The world around one run of the program.
struct Context: Sendable {
    var environment: [String: String]
    /// What of it is no UTF-8, `NAME=value` as it came: for the agent. `environment` has it repaired.
    var foreignVariables: [SystemText] = []
    /// What stood behind `--`, as it came; nil where that was taken from no command line.
    var agentArguments: [SystemText]?
    /// The directory the program was started in; `.` where that is gone.
    var workingDirectory: String
    /// The person's home, nil where there is none.
    var home: String?
    /// The system's login name and the machine's name.
    var loginName: String
    var hostName: String
    var input: Source
    var output: Sink
    var errors: Sink
    var now: @Sendable () -> Date
    /// Seconds east of Greenwich at a time.
    var zoneOffset: @Sendable (Date) -> Int
    /// What the command line asked of every command.
    var options = CommonOptions()
    var strings: Strings
    /// What this run tells about itself, if anything.
    let usage = Usage()

    /// The directory the program was started in, as it was called before it was removed; nil where it is there.
    var lostDirectory: String? { workingDirectory == "." ? self["PWD"] ?? "." : nil }

    /// A variable that is set to something.
    subscript(variable: String) -> String? {
        guard let value = environment[variable], !value.isEmpty else { return nil }
        return value
    }

    /// A variable of ours that cannot be read, nil where all can.
    var unreadableVariable: String? {
        foreignVariables.lazy.map(\.name).first { name in
            name.hasPrefix("CLAUDEMESH_") || name == "HOME" && self["CLAUDEMESH_CONFIG_DIR"] == nil
        }
    }
}

extension Context {
    /// Whether a person can be asked, and if not, why not.
    enum Interactivity: Hashable {
        case interactive
        case notATerminal, json, nonInteractive, ci
    }

    var interactivity: Interactivity {
        if options.nonInteractive { return .nonInteractive }
        if options.json { return .json }
        if isCI { return .ci }
        return input.isTerminal && output.isTerminal ? .interactive : .notATerminal
    }

    /// `CI` set to anything but empty, `0` or `false`.
    var isCI: Bool {
        guard let value = self["CI"] else { return false }
        return !["0", "false"].contains(value.lowercased())
    }

    /// The directory shown to a person: home as `~`.
    func displayed(path: String) -> String {
        guard let home, home != "/", path == home || path.hasPrefix(home + "/") else { return path }
        return "~" + path.dropFirst(home.count)
    }

    /// The signs this terminal can show.
    var signs: Signs { mustBeASCII ? .ascii : .unicode }

    /// Whether nothing but ASCII can be shown, or is to be.
    var mustBeASCII: Bool { asciiOnly || !locale.usesUTF8 }

    /// Whether plain ASCII signs were asked for by the environment.
    var asciiOnly: Bool { self["CLAUDEMESH_ASCII"] == "1" }

    var locale: LocaleFacts { LocaleFacts(environment: environment) }
}

/// What the locale's variables say.
struct LocaleFacts: Hashable {
    /// The value in force: the first of `LC_ALL`, `LC_CTYPE`, `LANG` that is set.
    var name: String
    var usesUTF8: Bool

    init(environment: [String: String]) {
        let set = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        name = set ?? "C"
        let words = name.uppercased().split { $0 == "." || $0 == "@" }
        usesUTF8 = words.contains("UTF-8") || words.contains("UTF8")
    }
}
