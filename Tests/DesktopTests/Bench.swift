// A directory of stand-in programs that record how they were called: real processes, so that sessions, descriptors and
// environments are the real ones.

import Foundation
import Testing

@testable import Desktop

final class Bench: Sendable {
    /// One call of a stand-in.
    struct Call {
        var process: Int32
        var session: Int32
        var arguments: [String]
        var environment: [String]
        var input: String
        var standardInput: String
    }

    let directory: String

    init() throws {
        directory = NSTemporaryDirectory() + "claudemesh-bench-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func path(_ name: String) -> String { "\(directory)/\(name)" }

    /// A program of that name, which records its call, then does `then` or ends with `exit`.
    func install(_ name: String, exit: Int = 0, then: String? = nil) throws {
        let script = """
            #!/bin/sh
            d=$(mktemp -d "\(directory)/.call-\(name)-XXXXXX")
            for a in "$@"; do printf '%s\\n' "$a"; done > "$d/arguments"
            readlink /proc/$$/fd/0 > "$d/stdin"
            cat > "$d/input"
            tr '\\0' '\\n' < /proc/$$/environ > "$d/environment"
            printf '%s %s' $$ $(cut -d' ' -f6 /proc/$$/stat) > "$d/process"
            mv "$d" "\(directory)/call-\(name)-$$"
            \(then ?? "exit \(exit)")
            """
        try script.write(toFile: path(name), atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path(name))
    }

    /// A seat whose programs are the stand-ins alone.
    func seat(_ environment: [String: String]) -> Seat {
        var environment = environment
        environment["PATH"] = "/usr/bin:/bin"
        return Seat(environment: environment) { [directory] name in Seat.search(name, path: directory) }
    }

    func calls(_ name: String) -> [Call] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { $0.hasPrefix("call-\(name)-") }.sorted().map { call in
            let read = { (file: String) in
                (try? String(contentsOfFile: "\(self.directory)/\(call)/\(file)", encoding: .utf8)) ?? ""
            }
            let ids = read("process").split(separator: " ").compactMap { Int32($0) }
            return Call(
                process: ids.first ?? 0, session: ids.last ?? 0,
                arguments: read("arguments").split(separator: "\n").map(String.init),
                environment: read("environment").split(separator: "\n").map(String.init), input: read("input"),
                standardInput: read("stdin").trimmingCharacters(in: .newlines))
        }
    }
}
