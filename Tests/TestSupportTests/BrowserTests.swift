// The browser that other tests lean on does what it is told.

import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct BrowserTests {
    let root: TemporaryDirectory
    let page: String

    init() throws {
        root = try TemporaryDirectory()
        let html = """
            <!doctype html><html lang="en"><title>Greeting</title>
            <style>@media (prefers-color-scheme: dark) { p { display: none } }</style>
            <body><h1>Hello</h1><p>by <b>day</b></p>
            <form action="next.html"><input name="who" value="old"><button>Greet</button></form>
            <a href="next.html">Onward</a>
            <script>document.write('<i>scripts</i>')</script></body></html>
            """
        page = URL(filePath: try root.write("page.html", html)).absoluteString
        try root.write("next.html", "<!doctype html><title>Next</title><body>The next page")
    }

    @Test func itReadsTypesAndClicks() async throws {
        try await Browser.use { browser in
            try await browser.go(to: page)
            #expect(try await browser.title == "Greeting")
            #expect(try await browser.text("h1") == "Hello")
            #expect(try await browser.texts("b, i") == ["day", "scripts"])
            #expect(try await browser.attribute("value", of: "input") == "old")
            try await browser.type("new", into: "input[name=who]")
            try await browser.press("Greet")
            try await browser.wait(for: "The next page")
            #expect(try await browser.address.hasSuffix("next.html?who=new"))
            try await browser.back()
            try await browser.wait(for: "Hello")
            try await browser.click("a")
            try await browser.wait(for: "The next page")
            #expect(try await browser.isAbsent("h1"))
            #expect(try await browser.screenshot().starts(with: [0x89, 0x50, 0x4E, 0x47]))
        }
    }

    @Test func itCanBeAnotherBrowser() async throws {
        try await Browser.use { browser in
            try await browser.setScripts(false)
            try await browser.go(to: page)
            try await browser.wait(for: "Onward")
            #expect(try await browser.isAbsent("i"))
            try await browser.press("Greet")
            try await browser.wait(for: "The next page")
            try await browser.setScripts(true)
            try await browser.setSize(width: 390, height: 844, isPhone: true)
            try await browser.setColorScheme("dark")
            try await browser.go(to: page)
            #expect(try await browser.evaluate("screen.width") == 390)
            #expect(try await browser.text("p") == "")
            try await browser.typeKeys("\tby keys\n")
            try await browser.wait(for: "The next page")
            #expect(try await browser.address.contains("by"))
        }
    }

    @Test func whatFailsSaysWhy() async throws {
        try await Browser.use { browser in
            try await browser.go(to: page)
            await #expect(throws: BrowserFailure.self) { try await browser.click("#nowhere") }
            await #expect(throws: BrowserFailure.self) { try await browser.wait(for: "Nothing", seconds: 0.1) }
        }
    }

    @Test func nothingIsLeftRunning() async throws {
        var driver: Int32 = 0
        await #expect(throws: CancellationError.self) {
            try await Browser.use { browser in
                driver = browser.driverProcess
                #expect(TerminalSession.isRunning(driver))
                throw CancellationError()
            }
        }
        try await eventually("the driver is gone") { !TerminalSession.isRunning(driver) }
    }
}
