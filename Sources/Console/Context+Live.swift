// The real world: this process, its streams, its user.

import Canvas
import FoundationEssentials
import Localization
import Platform

extension Context {
    /// The world as this process finds it. Call before anything opens a file: the places of
    /// streams that the caller closed are taken first.
    package static func live() -> Context {
        Descriptors.holdStandardStreams()
        // A reader that goes away is an error of the write, not the end of the process in the middle of its work.
        SignalNumber.ignore(SignalNumber.brokenPipe)
        // Whoever started us may ignore this one, and that outlives exec: no child's end could be waited for.
        SignalNumber.restore(SignalNumber.childEnded)
        // Nor does a file that may not grow end it: that write fails, and is told.
        SignalNumber.ignore(SignalNumber.fileLimit)
        let environment = processEnvironment
        return Context(
            environment: environment,
            foreignVariables: Machine.variables.filter { $0.text == nil },
            workingDirectory: currentDirectory(environment),
            home: homeDirectory(environment),
            loginName: systemUser(environment),
            hostName: Machine.name,
            input: .descriptor(.input),
            output: .descriptor(.output, name: "stdout"),
            errors: .descriptor(.errors, name: "stderr"),
            now: { Date() },
            zoneOffset: Machine.secondsEast(at:),
            strings: helpStrings)
    }
}

/// This process' environment.
let processEnvironment: [String: String] = {
    var out: [String: String] = [:]
    for line in Machine.variables.map(\.repaired) {
        if let equals = line.firstIndex(of: "=") {
            out[String(line[..<equals])] = String(line[line.index(after: equals)...])
        }
    }
    // Every part of us, and the agent wherever it goes, finds the same settings.
    if let path = out["CLAUDEMESH_CONFIG_DIR"], !path.isEmpty, !path.hasPrefix("/") {
        out["CLAUDEMESH_CONFIG_DIR"] = FileManager.default.currentDirectoryPath + "/" + path
    }
    return out
}()

/// The shell's own spelling of the directory where it names the same place: a link stays a link.
private func currentDirectory(_ environment: [String: String]) -> String {
    if let spelled = environment["PWD"], spelled.hasPrefix("/"), let named = try? FileStatus(spelled),
        let here = try? FileStatus("."), named.isSameFile(as: here)
    {
        return spelled
    }
    return Machine.workingDirectory ?? "."
}

private func homeDirectory(_ environment: [String: String]) -> String? {
    if let home = environment["HOME"], home.hasPrefix("/") { return home }
    return Machine.userHome
}

private func systemUser(_ environment: [String: String]) -> String {
    if let user = environment["USER"], !user.isEmpty { return user }
    return Machine.userName ?? "user"
}
