// Manual pages, from the definitions of the commands: whole, in the language in force, and in the format of man(7).

import ArgumentParser
import Foundation
import Localization
import TestSupport
import Testing

@testable import Commands

@Suite struct ManPageTests {
    @Test(arguments: Language.allCases) func everyCommandHasOne(language: Language) {
        let pages = ManPage.all(Strings(language))
        #expect(Set(pages.map(\.fileName)).count == pages.count)
        #expect(pages.first?.fileName == "claudemesh.1")
        #expect(pages.contains { $0.fileName == "claudemesh-serve-user-add.1" })
        // What is not for people has none.
        #expect(!pages.contains { $0.fileName.contains("mcp") })
        let requests = [".TH", ".SH", ".TP", ".B", ".br", ".nf", ".fi"]
        for page in pages {
            for line in page.text.split(separator: "\n") where line.hasPrefix(".") {
                #expect(requests.contains(String(line.prefix { $0 != " " })), "\(page.fileName): \(line)")
            }
        }
    }

    /// The title stands at both ends of the first line, "claudemesh" between them.
    @Test func theFirstLineFitsATerminal() throws {
        for page in ManPage.all(Strings(.en)) {
            let head = try #require(page.text.split(separator: "\n").first { $0.hasPrefix(".TH ") })
            #expect(head.hasSuffix(" \"claudemesh\""))
            #expect(2 * (page.fileName.count + 1) + "claudemesh".count + 2 <= 78, "\(page.fileName)")
        }
    }

    @Test func theRootHasEveryVariable() {
        let text = ManPage([Root.self], Strings(.en)).text
        for variable in Variable.allCases { #expect(text.contains(".B \(variable.rawValue)"), "\(variable)") }
        #expect(text.contains("\\-\\-reduced\\-motion"))
    }

    /// As a package calls it; a folder that is not there is named.
    @Test func theyAreWrittenToAFolder() async throws {
        let home = try CommandHome()
        let ran = try await home.shell("mkdir man; $CM help --man man; ls man | wc -l; $CM help --man none")
        #expect(ran.out.hasPrefix("✔ Wrote ") && ran.status == 10, "\(ran.out) \(ran.err)")
        #expect(ran.out.hasSuffix("\n\(ManPage.all(Strings(.en)).count)\n"), "\(ran.out)")
        #expect(ran.err.contains("none"), "\(ran.err)")
    }
}
