// The files that processes run from, and the end of this one.

internal import CPosix
internal import Glibc

/// The program that runs, which may have been replaced meanwhile. Linux has it as a link in /proc; macOS has
/// `_NSGetExecutablePath`.
public func ownProgram() -> String? { program(behind: "self") }

/// The program of the process `pid`, nil where there is none or it is another user's. macOS has `proc_pidpath`.
public func program(of pid: Int32) -> String? { program(behind: "\(pid)") }

private func program(behind name: String) -> String? {
    guard let path = target(ofLink: "/proc/\(name)/exe") else { return nil }
    let suffix = " (deleted)"
    return path.hasSuffix(suffix) ? String(path.dropLast(suffix.count)) : path
}

/// Gives back the memory of what was needed of this program's code to start; what is used is there again at once.
public func giveBackCode() { cp_give_back_code() }

/// Ends this process with `code`.
public func endProcess(_ code: Int32) -> Never { exit(code) }

/// What the link at `path` says, nil where there is none.
func target(ofLink path: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &buffer, buffer.count)
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
}
