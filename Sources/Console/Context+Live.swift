// The real world: this process, its streams, its user.

import Canvas
import FoundationEssentials
import Glibc
import Localization
import Platform

extension Context {
    /// The world as this process finds it. Call once, before anything opens a file: streams that the caller closed are
    /// filled with `/dev/null` first, so that no file of ours takes their numbers.
    package static func live() -> Context {
        let closed = (0...2).map { fcntl($0, F_GETFD) == -1 && errno == EBADF }
        for case (let number, true) in zip(0..., closed) {
            let null = open("/dev/null", O_RDWR)
            if null >= 0 && null != number {
                dup2(null, Int32(number))
                close(null)
            }
        }
        // A reader that goes away is an error of the write, not the end of the process in the middle of its work.
        signal(SIGPIPE, SIG_IGN)
        // Whoever started us may ignore this one, and that outlives exec: no child's end could be waited for.
        signal(SIGCHLD, SIG_DFL)
        // Nor does a file that may not grow end it: that write fails, and is told.
        signal(SIGXFSZ, SIG_IGN)
        let environment = processEnvironment()
        return Context(
            environment: environment,
            foreignVariables: processVariables().filter { $0.text == nil },
            workingDirectory: currentDirectory(environment),
            home: homeDirectory(environment),
            loginName: systemUser(environment),
            hostName: machineName(),
            input: .descriptor(0),
            output: .descriptor(1, name: "stdout", wasClosed: closed[1]),
            errors: .descriptor(2, name: "stderr", wasClosed: closed[2]),
            now: { Date() },
            zoneOffset: secondsEast(at:),
            strings: helpStrings)
    }
}

/// This process' variables, `NAME=value`.
private func processVariables() -> [SystemText] {
    var out: [SystemText] = []
    var entry = environ
    while let pointer = entry.pointee {
        out.append(SystemText(pointer))
        entry += 1
    }
    return out
}

/// This process' environment.
func processEnvironment() -> [String: String] {
    var out: [String: String] = [:]
    for line in processVariables().map(\.repaired) {
        if let equals = line.firstIndex(of: "=") {
            out[String(line[..<equals])] = String(line[line.index(after: equals)...])
        }
    }
    // Every part of us, and the agent wherever it goes, finds the same settings.
    if let path = out["CLAUDEMESH_CONFIG_DIR"], !path.isEmpty, !path.hasPrefix("/") {
        out["CLAUDEMESH_CONFIG_DIR"] = FileManager.default.currentDirectoryPath + "/" + path
    }
    return out
}

/// The shell's own spelling of the directory where it names the same place: a link stays a link.
private func currentDirectory(_ environment: [String: String]) -> String {
    var here = stat()
    var named = stat()
    if let spelled = environment["PWD"], spelled.hasPrefix("/"), stat(spelled, &named) == 0, stat(".", &here) == 0,
        named.st_dev == here.st_dev, named.st_ino == here.st_ino
    {
        return spelled
    }
    guard let path = getcwd(nil, 0) else { return "." }
    defer { free(path) }
    return String(cString: path)
}

private func homeDirectory(_ environment: [String: String]) -> String? {
    if let home = environment["HOME"], home.hasPrefix("/") { return home }
    guard let entry = getpwuid(getuid()), let home = entry.pointee.pw_dir else { return nil }
    return String(cString: home)
}

private func systemUser(_ environment: [String: String]) -> String {
    if let user = environment["USER"], !user.isEmpty { return user }
    guard let entry = getpwuid(getuid()), let name = entry.pointee.pw_name else { return "user" }
    return String(cString: name)
}

private func machineName() -> String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

private func secondsEast(at date: Date) -> Int {
    var seconds = time_t(min(max(date.timeIntervalSince1970, -62_167_219_200), 253_402_300_799))
    var broken = tm()
    localtime_r(&seconds, &broken)
    return broken.tm_gmtoff
}
