// What a run knows of its world: whether somebody can be asked, how a path is shown, what the locale says.

import ConsoleSupport
import MeshAPI
import Testing

@testable import Console

@Suite struct ContextTests {
    @Test func nobodyIsAskedInAPipeInCIOrWhereItIsForbidden() {
        var person = Context.testing(terminal: true)
        #expect(person.interactivity == .interactive)
        #expect(Context.testing().interactivity == .notATerminal)
        #expect(Context.testing(["CI": "true"], terminal: true).interactivity == .ci)
        for no in ["", "0", "false", "False"] {
            #expect(Context.testing(["CI": no], terminal: true).interactivity == .interactive, "CI=\(no)")
        }
        person.options.json = true
        #expect(person.interactivity == .json)
        person.options.nonInteractive = true
        #expect(person.interactivity == .nonInteractive)
    }

    @Test(arguments: [
        ("/home/val", "~"), ("/home/val/x", "~/x"), ("/home/valentina", "/home/valentina"),
        ("/tmp/home/val", "/tmp/home/val"),
    ])
    func homeIsShownAsATilde(_ path: String, _ shown: String) {
        #expect(Context.testing().displayed(path: path) == shown)
    }

    @Test func whereHomeIsTheRootNothingIsShownAsIt() {
        #expect(Context.testing(home: "/").displayed(path: "/etc") == "/etc")
    }

    @Test(arguments: [
        (["LANG": "es_ES.UTF-8"], true), (["LANG": "C.utf8"], true), (["LC_ALL": "C", "LANG": "es_ES.UTF-8"], false),
        (["LC_ALL": "", "LANG": "de_DE.UTF-8@euro"], true), (["LANG": "de_DE.ISO-8859-1"], false), ([:], false),
    ])
    func theFirstLocaleThatIsSetDecides(_ environment: [String: String], _ usesUTF8: Bool) {
        #expect(LocaleFacts(environment: environment).usesUTF8 == usesUTF8)
    }

    @Test func aLanguageBehindTheDashesIsTheAgents() {
        #expect(languageFlag(["launch", "--lang", "es"]) == "es")
        #expect(languageFlag(["--lang=es"]) == "es")
        #expect(languageFlag(["launch", "--", "--lang", "es"]) == nil)
        #expect(languageFlag(["--lang"]) == nil)
    }

    @Test func aNameIsHeldToTheRulesOfTheWizard() throws {
        let context = Context.testing(["CLAUDEMESH_LANG": "en"])
        #expect(try context.valid(" Bo ", as: .name, field: "--name") == "Bo")
        for wrong in ["", "\u{200B}", "a\u{7}b", String(repeating: "x", count: 65), "cm_pat_abcdefgh"] {
            #expect(throws: Failure.self, "\(wrong)") { try context.valid(wrong, as: .name, field: "--name") }
        }
        #expect(throws: Failure.invalid(field: "--uses", reason: "1 to 100")) {
            try context.given(0, upTo: 100, as: "--uses")
        }
    }
}
