// What the program knows of the world it was started in, as one value. Commands ask it and nothing else for
// environment, streams, clock and home, so that a test supplies them; what a test did not supply stops that test.
// To add a fact: a property here, its real source in `Context+Live.swift`.

package import Canvas
package import FoundationEssentials
import LocalState
package import Localization
package import Platform

/// The world around one run of the program.
package struct Context: Sendable {
    package var environment: [String: String]
    /// What of it is no UTF-8, `NAME=value` as it came: for the agent. `environment` has it repaired.
    package var foreignVariables: [SystemText]
    /// What stood behind `--`, as it came; nil where that was taken from no command line.
    package var agentArguments: [SystemText]?
    /// The directory the program was started in; `.` where that is gone.
    package var workingDirectory: String
    /// The person's home, nil where there is none.
    package var home: String?
    /// The system's login name and the machine's name.
    package var loginName: String
    package var hostName: String
    package var input: Source
    package var output: Sink
    package var errors: Sink
    package var now: @Sendable () -> Date
    /// Seconds east of Greenwich at a time.
    package var zoneOffset: @Sendable (Date) -> Int
    /// What the command line asked of every command.
    package var options = RunOptions()
    package var strings: Strings
    /// What this run tells about itself, if anything.
    package let usage = Usage()

    package init(
        environment: [String: String], foreignVariables: [SystemText] = [], workingDirectory: String, home: String?,
        loginName: String, hostName: String, input: Source, output: Sink, errors: Sink,
        now: @escaping @Sendable () -> Date, zoneOffset: @escaping @Sendable (Date) -> Int, strings: Strings
    ) {
        self.environment = environment
        self.foreignVariables = foreignVariables
        self.workingDirectory = workingDirectory
        self.home = home
        self.loginName = loginName
        self.hostName = hostName
        self.input = input
        self.output = output
        self.errors = errors
        self.now = now
        self.zoneOffset = zoneOffset
        self.strings = strings
    }

    /// The directory the program was started in, as it was called before it was removed; nil where it is there.
    package var lostDirectory: String? { workingDirectory == "." ? self["PWD"] ?? "." : nil }

    /// A variable that is set to something.
    package subscript(variable: String) -> String? {
        guard let value = environment[variable], !value.isEmpty else { return nil }
        return value
    }

    /// A variable of ours that cannot be read, nil where all can.
    package var unreadableVariable: String? {
        foreignVariables.lazy.map(\.name).first { name in
            name.hasPrefix("CLAUDEMESH_") || name == "HOME" && self["CLAUDEMESH_CONFIG_DIR"] == nil
        }
    }
}

extension Context {
    /// Whether a person can be asked, and if not, why not.
    package enum Interactivity: Hashable {
        case interactive
        case notATerminal, json, nonInteractive, ci
    }

    package var interactivity: Interactivity {
        if options.nonInteractive { return .nonInteractive }
        if options.json { return .json }
        if isCI { return .ci }
        return input.isTerminal && output.isTerminal ? .interactive : .notATerminal
    }

    /// `CI` set to anything but empty, `0` or `false`.
    package var isCI: Bool {
        guard let value = self["CI"] else { return false }
        return !["0", "false"].contains(value.lowercased())
    }

    /// The mesh of the launched session this runs inside of; nil outside of one.
    package var surroundingMesh: String? {
        self["CLAUDEMESH_SESSION_ID"] == nil ? nil : self["CLAUDEMESH_MESH"] ?? self["CLAUDEMESH_MESH_ID"] ?? "?"
    }

    /// The directory shown to a person: home as `~`.
    package func displayed(path: String) -> String {
        guard let home, home != "/", path == home || path.hasPrefix(home + "/") else { return path }
        // As a string: a sequence of characters is appended the slow way.
        return "~" + String(path.dropFirst(home.count))
    }

    /// The signs this terminal can show.
    package var signs: Signs { mustBeASCII ? .ascii : .unicode }

    /// Whether nothing but ASCII can be shown, or is to be.
    package var mustBeASCII: Bool { asciiOnly || !locale.usesUTF8 }

    /// Whether plain ASCII signs were asked for by the environment.
    var asciiOnly: Bool { self["CLAUDEMESH_ASCII"] == "1" }

    package var locale: LocaleFacts { LocaleFacts(environment: environment) }
}

/// What the locale's variables say.
package struct LocaleFacts: Hashable {
    /// The value in force: the first of `LC_ALL`, `LC_CTYPE`, `LANG` that is set.
    package var name: String
    package var usesUTF8: Bool

    package init(environment: [String: String]) {
        let set = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        name = set ?? "C"
        let words = name.uppercased().split { $0 == "." || $0 == "@" }
        usesUTF8 = words.contains("UTF-8") || words.contains("UTF8")
    }
}
