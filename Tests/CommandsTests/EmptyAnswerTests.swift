// An option with nothing in it: named as empty, before anything is asked of anybody. `--role ""` is "No role".

import MeshAPI
import Testing

@testable import Commands
@testable import Connect
@testable import Console
@testable import LocalState
@testable import WizardRun

@Suite struct EmptyAnswerTests {
    @Test(arguments: ["--mesh", "--name", "--join", "--resume", "--agent", "--server"])
    func aLaunchNamesTheFlag(_ flag: String) async throws {
        let home = try CommandHome(server: "http://127.0.0.1:1")
        for more in [[], ["--explain"]] {
            let ran = await home.run(["launch", flag, ""] + more)
            #expect(ran.status == 3 && ran.out.isEmpty)
            #expect(ran.err == "error: \(flag) is empty\n")
        }
        let spanish = await home.run("launch", flag, "", environment: ["LANG": "es_ES.UTF-8"])
        #expect(spanish.err == "error: \(flag) está vacío\n")
    }

    @Test func noRoleIsAnAnswer() async throws {
        let home = try CommandHome(server: "http://127.0.0.1:1")
        let ran = await home.run("launch", "--role", "", "--explain")
        #expect(ran.status == 0 && ran.out.contains("No role"))
    }

    @Test func theOtherCommandsNameItToo() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            for words in [
                ["members", "--mesh", ""], ["peers", "--mesh", ""], ["invite", "--mesh", ""],
                ["invites", "--mesh", ""],
                ["leave", ""], ["create", ""], ["rename", "", "x"], ["login", "--token-file", ""],
                ["list", "--server", ""],
            ] {
                let ran = await person.home.run(words)
                #expect(ran.status == 3, "\(words): \(ran.err)")
                #expect(ran.err.contains(" is empty\n"), "\(words): \(ran.err)")
            }
        }
    }
}
