// The real program in pipes and in a terminal: streams, colours, exit codes, signals, and files that survive a kill.

import Foundation
import Glibc
import MeshAPI
import MeshClient
import TestSupport
import Testing

@testable import Commands
@testable import Connect
@testable import Console
@testable import LocalState
@testable import WizardRun

@Suite(.serialized) struct CommandBinaryTests {
    @Test func pipesGetPlainText() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let mesh = try await person.mesh("Dev")
            let list = try await person.home.shell("$CM list | cat")
            #expect(list.status == 0 && list.out == "dev  Dev  owner  1 member  \(mesh.id)\n" && list.err.isEmpty)
            let error = try await person.home.shell("$CM members nothing | cat")
            #expect(error.status == 5 && error.err.hasPrefix("error: No mesh is called nothing\n"))
            #expect(!error.err.contains("\u{1B}"))
        }
    }

    /// Where a namespace of one's own is allowed. What was asked for is still read: the form of the answer is.
    @Test func withoutProcItSaysSo() async throws {
        let home = try CommandHome(server: "http://127.0.0.1:1")
        let ran = try await home.shell(
            """
            unshare -rm true 2>/dev/null || exit 42
            unshare -rm sh -c 'mount -t tmpfs none /proc; "$0" logout --json' $CM
            """)
        guard ran.status != 42 else { return }
        #expect(ran.status == 8 && ran.out.isEmpty)
        #expect(ran.err.hasPrefix(#"{"error":{"code":"no_proc","#), "\(ran.err)")
    }

    /// Where a namespace of one's own is allowed, whose loopback is down: said, instead of waited for.
    @Test func withoutLoopbackTheServerOfThisMachineSaysSo() async throws {
        let home = try CommandHome(server: "http://127.0.0.1:1")
        let ran = try await home.shell("unshare -rn true 2>/dev/null || exit 42; unshare -rn $CM --local list")
        guard ran.status != 42 else { return }
        #expect(ran.err.contains("the loopback network of this machine is down\n  Bring it up: `ip link set lo up`"))
        #expect(!FileManager.default.fileExists(atPath: "\(home.path)/.claudemesh/local/server.log"))
    }

    @Test func theScriptOfTheSpecification() async throws {
        try await CommandServer.run { server in
            let account = try await server.account("Ale")
            let token = try await server.token(.pat, of: account, name: "ci-deploy")
            let home = try CommandHome(server: server.url)
            let ran = try await home.shell(
                """
                set -e
                printf %s "$PAT" | $CM login --with-token
                $CM create "CI $RUN" --json | grep -o '"id":"[^"]*"'
                """, ["PAT": token, "RUN": "42", "CI": "true"])
            #expect(ran.status == 0 && ran.err.isEmpty)
            let id = try #require(try await server.client(token).meshes().first?.id)
            #expect(ran.out.hasSuffix("\"id\":\"\(id)\"\n"))
            #expect(ran.out.hasPrefix("✔ Authenticated as Ale (via PAT \"ci-deploy\")\n"))
        }
    }

    /// A warning, a hint or an error that nobody can read changes nothing of what was done, nor of how it ends.
    @Test(arguments: ["2>&-", "2>/dev/full"]) func aStandardErrorThatIsGone(redirection: String) async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            _ = try await person.mesh("Dev")
            let list = try await person.home.shell("chmod 644 ~/.claudemesh/auth.json; $CM list --json \(redirection)")
            #expect(list.status == 0 && list.out.contains("\"slug\":\"dev\""))
            #expect(try await person.home.shell("$CM invite --mesh dev \(redirection)").status == 0)
            #expect(try await person.home.shell("$CM nope \(redirection)").status == 64)
        }
    }

    @Test func aDamagedSignInIsNamedWhereNobodyIsAsked() async throws {
        try await CommandServer.run { server in
            let home = try CommandHome(server: server.url)
            try home.write("{", to: ".claudemesh/auth.json")
            let ran = try await home.shell("$CM launch -y --mesh dev < /dev/null")
            #expect(ran.status == 2 && ran.err.contains("Auth file corrupted, run `claudemesh login`"), "\(ran.err)")
        }
    }

    @Test func streamsThatAreGone() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            _ = try await person.mesh("Dev")
            #expect(try await person.home.shell("$CM list <&-").status == 0)
            #expect(try await person.home.shell("$CM list 2>&-").status == 0)
            let closed = try await person.home.shell("$CM list >&-")
            #expect(closed.status == 10 && closed.err == "error: stdout: Bad file descriptor\n")
            let full = try await person.home.shell("$CM list >/dev/full")
            let remedy = "  Make room on that disk, then try again.\n"
            #expect(full.status == 10 && full.err == "error: stdout: No space left on device\n" + remedy)
            // What is done is told where it can be: it must not be done again.
            let made = try await person.home.shell("$CM create Ops --json >/dev/full")
            #expect(made.status == 10 && made.err.contains("warning: Created mesh Ops (slug: ops, id: "), "\(made.err)")
            let json = try await person.home.shell("$CM list --json >/dev/full")
            #expect(json.status == 10 && json.err.contains(#""code":"file""#))
            // A reader that leaves ends us as it ends every writer.
            let broken = try await person.home.shell("$CM completions bash | true; echo ${PIPESTATUS[0]}")
            #expect(broken.out == "141\n" && broken.err.isEmpty)
            // Neither stream: the exit code is what is left.
            #expect(try await person.home.shell("$CM members nothing >&- 2>&-").status == 5)
        }
    }

    /// A token nobody could be shown must not live on.
    @Test func aNewTokenThatCouldNotBeShownIsRevoked() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            #expect(try await person.home.shell("$CM tokens create ci >/dev/full").status == 10)
            #expect(try await person.client.accessTokens().isEmpty)
        }
    }

    @Test func coloursOnATerminalOnly() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            _ = try await person.mesh("Dev")
            for (more, coloured) in [([:], true), (["NO_COLOR": "1"], false), (["TERM": "dumb"], false)] {
                let session = try TerminalSession(
                    Products.path(of: "claudemesh"), ["list"], environment: person.home.environment.merging(more) { $1 }
                )
                #expect(try await session.waitForEnd() == .code(0))
                let text = String(decoding: session.recorded, as: UTF8.self)
                #expect(text.contains("dev") && text.contains("\u{1B}[") == coloured, "\(more)")
            }
            // Heard rather than seen: no sign stands without its word.
            for (words, said) in [
                (["sync", "--plain"], "Done: Synced"), (["leave", "dev", "--plain"], "error: A mesh"),
            ] {
                let session = try TerminalSession(
                    Products.path(of: "claudemesh"), words, environment: person.home.environment)
                _ = try await session.waitForEnd()
                let text = String(decoding: session.recorded, as: UTF8.self)
                #expect(text.hasPrefix(said) && !text.contains("\u{1B}"), "\(text)")
            }
        }
    }

    @Test func signalsDuringTheWaitGiveTheCodeUp() async throws {
        try await CommandServer.run { server in
            let account = try await server.account("Ale")
            for number in [SIGINT, SIGTERM, SIGHUP] {
                let home = try CommandHome(server: server.url)
                let (process, _, err) = try home.start("login")
                try await eventually { home.read(err)?.contains("Waiting for your approval") == true }
                let code = try #require(home.read(err)?.firstMatch(of: /([A-Z2-9]{4}-[A-Z2-9]{4})/)?.1)
                kill(process.pid, number)
                #expect(try await process.ended() == 128 + number)
                #expect(try await !server.isOpen(String(code), to: account))
                #expect(home.auth == nil)
            }
        }
    }

    /// However a sign-in is killed, the old file or the new one is there, whole and private.
    @Test func killedAtAnyMoment() async throws {
        let rounds = ProcessInfo.processInfo.environment["CLAUDEMESH_KILLS"].flatMap { Int($0) } ?? 40
        try await CommandServer.run { server in
            let account = try await server.account("Ale")
            let home = try CommandHome(server: server.url)
            let tokens = [
                try await server.token(.pat, of: account, name: "one"),
                try await server.token(.pat, of: account, name: "two"),
            ]
            for (index, token) in tokens.enumerated() { try home.write(token, to: "token-\(index)") }
            let began = ContinuousClock.now
            #expect(try await home.shell("$CM login --token-file token-0").status == 0)
            let whole = Int((ContinuousClock.now - began) / .microseconds(1))
            var outcomes = (old: 0, new: 0)
            for round in 1...rounds {
                let before = try #require(home.auth?.token)
                let next = before == tokens[0] ? 1 : 0
                let (process, _, _) = try home.start("login", "--force", "--token-file", "token-\(next)")
                try await Task.sleep(for: .microseconds(Int.random(in: 0...(whole * 3 / 2))))
                kill(process.pid, SIGKILL)
                _ = try await process.ended()
                let after = try #require(try home.directory.readAuth().value).token
                #expect(after == before || after == tokens[next], "round \(round)")
                if after == before { outcomes.old += 1 } else { outcomes.new += 1 }
                #expect(home.mode(".claudemesh/auth.json") == 0o600)
                #expect(try home.directory.readConfig().notices.isEmpty)
            }
            #expect(outcomes.old > 0 && outcomes.new > 0, "\(outcomes)")
            #expect(
                try await home.shell("$CM login --token-file token-0 && ls -A .claudemesh").out.contains("auth.json"))
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(home.path)/.claudemesh")
            #expect(!names.contains { $0.hasSuffix(".unfinished") })
        }
    }

    @Test func twoAtOnceDoNotMix() async throws {
        try await CommandServer.run { server in
            let home = try CommandHome(server: server.url)
            var users: [String: String] = [:]
            for name in ["Ale", "Bo"] {
                let account = try await server.account(name)
                let token = try await server.token(.pat, of: account, name: name)
                users[token] = name
                try home.write(token, to: name)
            }
            for _ in 0..<8 {
                async let first = home.shell("$CM login --force --token-file Ale")
                async let second = home.shell("$CM login --force --token-file Bo")
                let statuses = try await [first.status, second.status]
                #expect(statuses == [0, 0])
                let auth = try #require(home.auth)
                #expect(users[auth.token] == auth.user.name)
            }
        }
    }

    /// Over everything a whole run wrote: no token outside `auth.json` and the one answer that is a token.
    @Test func nothingLeaks() async throws {
        try await CommandServer.run { server in
            let account = try await server.account("Ale")
            let token = try await server.token(.pat, of: account, name: "ci")
            let session = try await server.token(.session, of: account)
            let home = try CommandHome(server: server.url, telling: true)
            let ran = try await home.shell(
                """
                exec 2>&1
                printf %s "$PAT" | $CM login --with-token; $CM telemetry on; $CM whoami; $CM create Dev; $CM list
                $CM list --json; CLAUDEMESH_TOKEN="$SESSION" $CM sessions; CLAUDEMESH_TOKEN="$SESSION" $CM whoami --json
                $CM tokens; $CM invite; $CM doctor; $CM sync; $CM list --token "$SESSION"; $CM --token "$SESSION" bogus
                $CM list --server http://127.0.0.1:1 --token "$SESSION"; $CM telemetry status --json
                """, ["PAT": token, "SESSION": session])
            #expect(ran.out.contains("✔ Created mesh Dev"))
            for secret in [token, session] {
                #expect(!ran.out.contains(secret))
                for name in try FileManager.default.subpathsOfDirectory(atPath: home.path)
                where !name.hasSuffix("auth.json") {
                    #expect(home.read(name)?.contains(secret) != true, "\(name)")
                }
            }
        }
    }

    /// An agent cannot work in a directory that was removed.
    @Test func aDirectoryThatIsGoneIsSaidToBe() async throws {
        let ran = try await CommandHome(server: "http://127.0.0.1:1").shell(
            "mkdir gone; cd gone; rmdir ../gone; $CM -y; echo $?; $CM launch --dry-run --lang es")
        #expect(ran.out == "10\n" && ran.status == 10)
        let remedy = "  Go to one that is there, then launch: `cd`\n"
        let english = "error: The directory you are in, ~/gone, was removed\n" + remedy
        let spanish = "error: La carpeta en que estás, ~/gone, se borró\n"
        #expect(ran.err.hasPrefix(english) && ran.err.contains(spanish), "\(ran.err)")
    }
}
