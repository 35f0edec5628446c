// What the caller passes that is no UTF-8: refused in words where it is ours, and the agent's byte for byte. And a limit on
// what files may hold: told, and survived.

import MeshClient
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct ForeignBytesTests {
    @Test func anArgumentOfOursIsRefusedByItsPlace() async throws {
        let home = try CommandHome()
        let ran = try await home.shell(#"$CM list --server $'http://caf\xe9' extra"#)
        #expect(ran.status == 64 && ran.out.isEmpty)
        #expect(
            ran.err == """
                error: Argument 3 is not UTF-8
                  Only the agent's arguments, behind `--`, may be anything else.

                """)
        let spanish = try await home.shell(#"$CM $'\xff' --lang es -- $'\xff'"#)
        #expect(spanish.status == 64 && spanish.err.hasPrefix("error: El argumento 1 no es UTF-8\n"))
        let json = try await home.shell(#"$CM create $'\xff' --json"#)
        #expect(json.status == 64 && json.err.hasPrefix(#"{"error":{"code":"usage","#))
    }

    @Test(arguments: ["CLAUDEMESH_ROLE", "CLAUDEMESH_TOKEN", "HOME"])
    func aVariableOfOursIsRefusedByItsName(_ name: String) async throws {
        let ran = try await CommandHome().shell(#"\#(name)=$'/tmp/\xff' $CM list"#)
        #expect(ran.status == 3 && ran.err == "error: \(name): it is not UTF-8\n")
        // Nobody else's is looked at.
        #expect(try await CommandHome().shell(#"OTHER=$'\xff' $CM telemetry status"#).status == 0)
    }

    /// The agent stands in a folder whose name is no UTF-8 either.
    @Test func theAgentGetsEveryByte() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            _ = try await person.mesh("Dev")
            try person.home.write(
                """
                #!/bin/sh
                printf '%s|' "$@" | od -An -c | tr -d ' \\n'
                printf '%s' "$OTHER" | od -An -c
                pwd -P | od -An -c | tr -d ' \\n'
                grep -h SigIgn /proc/self/status /proc/$PPID/status
                """, to: "agent", mode: 0o755)
            let start = #"mkdir $'\xe9' && cd $'\xe9' && OTHER=$'o\xfe' $CM launch -y --mesh dev --agent "$HOME/agent""#
            let ran = try await person.home.shell(#"\#(start) -- $'caf\xe9' -- $'\xff'"#)
            #expect(ran.status == 0, "\(ran.err)")
            #expect(ran.out.contains(#"|caf351|--|377|"#) && ran.out.contains("o 376"), "\(ran.out)")
            #expect(ran.out.contains(#"/351\n"#))
            // SIGPIPE and SIGXFSZ, which we ignore, are the agent's again.
            let ignored = ran.out.matches(of: /SigIgn:\t([0-9a-f]+)/).compactMap { UInt64($0.1, radix: 16) }
            let ours: UInt64 = 1 << (13 - 1) | 1 << (25 - 1)
            #expect(ignored.map { $0 & ours } == [0, ours], "\(ran.out)")
            let dry = try await person.home.shell(#"$CM launch --dry-run --mesh dev --agent /bin/true -- $'caf\xe9'"#)
            #expect(dry.out.split(separator: "\n")[0].hasSuffix(#" $'caf\xe9'"#), "\(dry.out) \(dry.err)")
        }
    }

    @Test func aLimitOnTheSizeOfFilesIsToldAndKillsNobody() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            _ = try await person.mesh("Dev")
            let off = try await person.home.shell("(ulimit -f 0; $CM telemetry off) 2>&1 | cat >&2")
            #expect(
                off.status == 10 && off.err.contains("config.json: File too large\n  Files may not grow so large here"))
            let made = try await person.home.shell("(ulimit -f 0; $CM create Ops) 2>&1 | cat >&2")
            #expect(made.status == 0 && made.err.contains("Not kept on this machine"))
            let spanish = try await person.home.shell("(ulimit -f 0; $CM list --lang es 2>&1 > list) | cat >&2")
            #expect(spanish.status == 10 && spanish.err.contains("stdout: el archivo sería demasiado grande"))
        }
    }
}
