// `doctor` on a sound set-up, and on each that is broken, in text and JSON.

import FoundationEssentials
import Glibc
import MeshAPI
import MeshClient
import MeshStore
import Testing

@testable import Commands
@testable import Connect
@testable import Console
@testable import LocalState
@testable import WizardRun

@Suite struct DoctorTests {
    private struct Answer: Decodable {
        struct Found: Decodable {
            var id: String
            var status: String
            var message: String
            var hint: String?
        }
        var checks: [Found]

        subscript(id: String) -> Found? { checks.first { $0.id == id } }
    }

    /// A stand-in for the agent, first on PATH.
    private func withAgent(_ home: CommandHome) throws -> [String: String?] {
        try home.write("#!/bin/sh\n", to: "bin/claude", mode: 0o755)
        return ["PATH": "\(home.path)/bin:/usr/bin:/bin"]
    }

    @Test func sound() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let environment = try withAgent(person.home)
            let ran = await person.home.run("doctor", "--json", environment: environment)
            #expect(ran.status == 0)
            let answer = try ran.json(Answer.self)
            #expect(
                answer.checks.map(\.id) == [
                    "terminal", "locale", "directory", "token", "server", "clock", "proxy", "certificates", "agent",
                    "messages",
                    "clipboard", "browser",
                ])
            #expect(answer.checks.allSatisfy { $0.status == "ok" && $0.hint == nil })
            #expect(answer["token"]?.message.contains("Ale Rodríguez, from ~/.claudemesh/auth.json") == true)
            let text = await person.home.run("doctor", environment: environment)
            #expect(text.status == 0 && text.err.isEmpty)
            #expect(text.out.split(separator: "\n").allSatisfy { $0.hasPrefix("✔ ") || $0.hasPrefix("• ") })
            #expect(text.out.contains("• Proxy: none"), "nothing was looked at: no tick")
            #expect(text.out.contains("• Clipboard: the terminal's own, if it takes it"), "none says whether it does")
        }
    }

    @Test func noAgent() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let ran = await person.home.run("doctor", environment: ["PATH": "/nonexistent"])
            #expect(ran.status == 9)
            let missing = "✘ Agent: claude is not installed here\n  Install it: curl -fsSL https://claude.ai/install.sh"
            #expect(ran.out.contains("\(missing) | bash\n"))
        }
    }

    @Test func aSkewedClock() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let environment = try withAgent(person.home)
            let ahead = await person.home.run("doctor", environment: environment) { Date().addingTimeInterval(7200) }
            #expect(ahead.status == 0 && ahead.out.contains("⚠ Clock: 2 hours"))
            let behind = await person.home.run("doctor", "--json", environment: environment) {
                Date().addingTimeInterval(-600)
            }
            #expect(try behind.json(Answer.self)["clock"]?.status == "warning")
        }
    }

    @Test func noServer() async throws {
        let home = try CommandHome(server: "http://127.0.0.1:1")
        try home.signIn(
            TokenForm.make(.session, bytes: [UInt8](repeating: 1, count: 32)), User(id: "u", name: "Ale"),
            on: "http://127.0.0.1:1")
        let ran = await home.run("doctor", "--json", environment: try withAgent(home))
        #expect(ran.status == 4)
        let answer = try ran.json(Answer.self)
        #expect(answer["server"]?.status == "error" && answer["token"]?.status == "warning")
    }

    @Test func wideModesAreSaidAndLeft() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let text = try #require(person.home.read(".claudemesh/auth.json"))
            try person.home.write(text, to: ".claudemesh/auth.json", mode: 0o644)
            let ran = await person.home.run("doctor", "--json", environment: try withAgent(person.home))
            #expect(ran.status == 0)
            let found = try ran.json(Answer.self)["directory"]
            #expect(found?.status == "warning" && found?.hint == "chmod 600 ~/.claudemesh/auth.json")
            #expect(person.home.mode(".claudemesh/auth.json") == 0o644)
        }
    }

    /// One line puts all modes right, the file with the token first, and what is damaged beside them is not hidden.
    @Test func allThatIsWrongWithTheFiles() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            try person.home.write("{", to: ".claudemesh/auth.json", mode: 0o644)
            try person.home.write("{", to: ".claudemesh/config.json", mode: 0o640)
            try person.home.write("{", to: ".claudemesh/state.json")
            chmod("\(person.home.path)/.claudemesh", 0o755)
            let environment = try withAgent(person.home)
            let ran = await person.home.run("doctor", "--json", environment: environment)
            let found = try #require(try ran.json(Answer.self)["directory"])
            let (auth, config) = ("~/.claudemesh/auth.json", "~/.claudemesh/config.json")
            #expect(
                found.message
                    == "Directory: others can read \(auth), \(config), ~/.claudemesh; damaged content in \(config), ~/.claudemesh/state.json"
            )
            let command = "chmod 600 \(auth) \(config) && chmod 700 ~/.claudemesh"
            #expect(found.hint?.hasPrefix("\(command)\n") == true && ran.status == 2)
            let text = await person.home.run("doctor", environment: environment)
            #expect(text.out.contains("⚠ \(found.message)\n  \(command)\n"))
            #expect(text.out.contains("✘ Sign-in: auth file corrupted, run `claudemesh login`\n"))
            // One that cannot be read at all hides none of the others.
            try FileManager.default.removeItem(atPath: "\(person.home.path)/.claudemesh/state.json")
            try person.home.write("", to: ".claudemesh/state.json/x")
            let more = await person.home.run("doctor", environment: environment)
            #expect(
                more.out.contains("✘ Directory: ~/.claudemesh/state.json: ")
                    && more.out.contains("⚠ Directory: others can read"))
        }
    }

    /// To set the mode of what is no file of ours would change somebody else's.
    @Test func aLinkAndADirectoryInAFilesPlace() async throws {
        let home = try CommandHome(server: "http://127.0.0.1:1")
        try home.write("secret", to: "elsewhere", mode: 0o644)
        try home.write("{}", to: ".claudemesh/state.json")
        let auth = "\(home.path)/.claudemesh/auth.json"
        try FileManager.default.createSymbolicLink(atPath: auth, withDestinationPath: "\(home.path)/elsewhere")
        let link = try await home.run("doctor", "--json").json(Answer.self)
        #expect(link["directory"]?.status == "ok" && link["token"]?.status == "error")
        try FileManager.default.removeItem(atPath: auth)
        try FileManager.default.createDirectory(atPath: auth, withIntermediateDirectories: false)
        let folder = try await home.run("doctor", "--json").json(Answer.self)
        #expect(folder["directory"]?.status == "ok" && folder["token"]?.hint?.contains("Move") == true)
    }

    /// Which server is meant stands in a file that cannot be read: none is asked, and the cause is said once.
    @Test func anUnreadableConfig() async throws {
        let home = try CommandHome()
        try FileManager.default.createDirectory(
            atPath: "\(home.path)/.claudemesh/config.json", withIntermediateDirectories: true)
        let ran = await home.run("doctor", "--json")
        let answer = try ran.json(Answer.self)
        #expect(ran.status == 10 && answer["directory"]?.status == "error")
        #expect(answer["server"]?.status == "warning" && answer["token"]?.status == "warning")
        let asked = await home.run("doctor", "--json", "--server", "http://127.0.0.1:1")
        #expect(try asked.json(Answer.self)["server"]?.status == "error")
    }

    @Test func whatIsAllCapitalsStaysSo() async throws {
        let ran = try await CommandHome().run("doctor", environment: ["CLAUDEMESH_TOKEN": ""])
        #expect(ran.out.contains("✘ Sign-in: CLAUDEMESH_TOKEN is set but empty"), "\(ran.out)")
    }

    /// What no server can be asked of is said once, with where it stands.
    @Test func aBadServer() async throws {
        let home = try CommandHome()
        try home.write(#"{"version":1,"server":"ftp://x"}"#, to: ".claudemesh/config.json")
        let ran = await home.run("doctor", environment: try withAgent(home))
        #expect(ran.status == 3 && ran.out.matches(of: /ftp:/).count == 1)
        let remedy = "  It came from ~/.claudemesh/config.json, and should look like https://mesh.example.com\n"
        #expect(ran.out.contains("✘ Server: ftp://x isn't a server's address\n\(remedy)"))
        #expect(await home.run("list").err.hasSuffix(remedy))
        let variable = await home.run("list", environment: ["CLAUDEMESH_API_URL": "ftp://x"])
        #expect(variable.err.contains("It came from CLAUDEMESH_API_URL,"))
    }

    /// On a terminal no word is broken.
    @Test func longLinesAreFolded() async throws {
        let home = try CommandHome(server: "http://127.0.0.1:1")
        let environment = ["NO_COLOR": "1", "PATH": "/nonexistent", "BROWSER": "lynx", "DISPLAY": ":9"]
        let ran = await home.run("doctor", environment: environment, terminal: true)
        let lines = ran.out.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 80 }, "\(ran.out)")
        #expect(lines.contains { $0.hasPrefix("  Install it: curl -fsSL https://claude.ai/install.sh | bash") })
    }

    @Test func certificatesThatNobodyNeeds() async throws {
        let home = try CommandHome(server: "http://127.0.0.1:1")
        let ran = await home.run("doctor", "--json", environment: ["SSL_CERT_FILE": "/nonexistent"])
        #expect(try ran.json(Answer.self)["certificates"]?.status == "warning")
    }

    @Test func aDirectoryThatCannotBeMade() async throws {
        let home = try CommandHome(server: "http://127.0.0.1:1")
        let ran = await home.run("doctor", "--json", environment: ["CLAUDEMESH_CONFIG_DIR": "/proc/x"])
        let found = try ran.json(Answer.self)["directory"]
        #expect(found?.status == "warning" && found?.message.contains("/proc/x cannot be made") == true)
        let fresh = await home.run("doctor", "--json", environment: ["CLAUDEMESH_CONFIG_DIR": "\(home.path)/a/b"])
        #expect(try fresh.json(Answer.self)["directory"]?.message == "Directory: ~/a/b, made when needed")
        #expect(try FileManager.default.contentsOfDirectory(atPath: home.path).isEmpty, "nothing is left")
    }

    @Test func aNewerSignIn() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            try person.home.write(#"{"version":2,"token":"x"}"#, to: ".claudemesh/auth.json")
            let environment = try withAgent(person.home)
            let text = await person.home.run("doctor", environment: environment)
            #expect(
                text.status == 2
                    && text.out.contains("✘ Sign-in: written by a newer claudemesh; update, or sign in again"))
            let json = await person.home.run("doctor", "--json", environment: environment)
            #expect(try json.status == 2 && json.json(Answer.self)["token"]?.status == "error")
        }
    }

    /// The first ✘ decides the exit code.
    @Test(
        arguments: [
            (".claudemesh/auth.json", "{", "token", "error", 2),
            (".claudemesh/config.json", "{", "directory", "warning", 0),
            (".claudemesh/state.json", "{", "directory", "warning", 0),
        ] as [(String, String, String, String, Int32)])
    func damagedFiles(_ file: String, _ text: String, _ id: String, _ status: String, _ exit: Int32) async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            try person.home.write(text, to: file)
            let ran = await person.home.run("doctor", "--json", environment: try withAgent(person.home))
            #expect(ran.status == exit)
            #expect(try ran.json(Answer.self)[id]?.status == status)
            #expect(person.home.read(file) == text)
        }
    }

    @Test func aRevokedToken() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            try await person.client.revokeCurrentSession()
            let ran = await person.home.run("doctor", environment: try withAgent(person.home))
            #expect(ran.status == 2 && ran.out.contains("✘ Sign-in: authentication failed (token expired or revoked)"))
        }
    }

    @Test func proxyAndCertificates() async throws {
        let home = try CommandHome(server: "https://mesh.example")
        let environment = try withAgent(home).merging([
            "HTTPS_PROXY": "gopher://x", "SSL_CERT_FILE": "/nonexistent", "LANG": "C", "DISPLAY": ":9",
            "TERM": "linux", "PATH": "\(home.path)/bin",
        ]) { $1 }
        let ran = await home.run("doctor", "--json", environment: environment)
        let answer = try ran.json(Answer.self)
        #expect(answer["proxy"]?.status == "error" && answer["certificates"]?.status == "error")
        #expect(answer["locale"]?.status == "warning" && answer["clipboard"]?.status == "warning")
        #expect(answer["server"]?.message.contains("HTTPS_PROXY") == true)
        try home.write("no certificate", to: "roots.pem")
        let empty = await home.run("doctor", "--json", environment: ["SSL_CERT_FILE": "\(home.path)/roots.pem"])
        #expect(try empty.json(Answer.self)["certificates"]?.message.contains("no certificates in it") == true)
        let secret = await home.run(
            "doctor", "--json", environment: ["HTTPS_PROXY": "http://me:secret@127.0.0.1:1"])
        #expect(secret.out.contains("127.0.0.1:1") && !secret.out.contains("secret"))
    }
}
