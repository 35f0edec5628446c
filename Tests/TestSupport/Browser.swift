// A real browser for tests of pages: headless Chromium, driven over WebDriver by the chromedriver that comes with it.
// To add a way of acting: a method in Browser+page.swift. A test uses it as
//
//     try await Browser.use { browser in try await browser.go(to: address) }

import Foundation
import Glibc
import Synchronization

/// A browser window. Everything that looks for an element waits up to two seconds for it to appear; a click does not
/// wait for the next page, so look for what that page has.
public final class Browser: Sendable {
    private let driver: ChromeDriver
    private let session: String

    /// A browser has the cores to itself: of two at once the pages keep neither's time.
    private static let isOpen = Mutex(false)

    /// Opens a browser as soon as no other test has one, lets `body` use it, and closes it on every path.
    public static func use<R: Sendable>(
        width: Int = 1280, height: Int = 900, _ body: (Browser) async throws -> R
    ) async throws -> R {
        while !takeTurn() { try await Task.sleep(for: .milliseconds(20)) }
        defer { isOpen.withLock { $0 = false } }
        let driver = try await ChromeDriver()
        defer { driver.end() }
        let options: [String: JSON] = [
            "binary": "/usr/bin/chromium",
            "args": [
                "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run",
                .string("--window-size=\(width),\(height)"),
            ],
        ]
        let capabilities: JSON = [
            "alwaysMatch": [
                "browserName": "chrome", "acceptInsecureCerts": true,
                "timeouts": ["implicit": 2000, "pageLoad": 45000],
                "goog:chromeOptions": .object(options),
            ]
        ]
        let answer = try await driver.send("POST", "/session", ["capabilities": capabilities])
        guard let session = answer["sessionId"]?.text else { throw BrowserFailure("no session: \(answer)") }
        let browser = Browser(driver: driver, session: session)
        do {
            let result = try await body(browser)
            await browser.close()
            return result
        } catch {
            await browser.close()
            throw error
        }
    }

    private static func takeTurn() -> Bool {
        isOpen.withLock { isOpen in
            defer { isOpen = true }
            return !isOpen
        }
    }

    private init(driver: ChromeDriver, session: String) {
        self.driver = driver
        self.session = session
    }

    /// The process of the driver that started it.
    package var driverProcess: Int32 { driver.process }

    private func close() async { _ = try? await send("DELETE", "") }

    /// One WebDriver command of this session.
    @discardableResult
    func send(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> JSON {
        try await driver.send(method, "/session/\(session)\(path)", body)
    }

    /// One command of Chromium's own protocol.
    func devTools(_ command: String, _ parameters: JSON) async throws {
        try await send("POST", "/goog/cdp/execute", ["cmd": .string(command), "params": parameters])
    }
}

/// What the browser could not do, in its own words.
public struct BrowserFailure: Error, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

/// The chromedriver process: a process group of its own, a temporary directory of its own, a port it chose itself.
private final class ChromeDriver: Sendable {
    let process: Int32
    private let port: Int
    private let directory: TemporaryDirectory

    init() async throws {
        directory = try TemporaryDirectory()
        let log = try directory.write("log", "")
        let driver = Process()
        driver.executableURL = URL(filePath: "/usr/bin/chromedriver")
        driver.arguments = ["--port=0"]
        driver.environment = ["PATH": "/usr/bin:/bin", "HOME": directory.path, "TMPDIR": directory.path]
        let output = try FileHandle(forWritingTo: URL(filePath: log))
        driver.standardOutput = output
        driver.standardError = output
        driver.standardInput = FileHandle.nullDevice
        try driver.run()
        process = driver.processIdentifier
        port = try await Self.port(in: log)
    }

    /// Ends the driver and the browsers it started.
    func end() {
        kill(getpgid(process) == process ? -process : process, SIGKILL)
    }

    func send(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> JSON {
        let body = method == "POST" ? try JSONEncoder().encode(body ?? [:]) : nil
        let data = try await LoopbackHTTP.exchange(port: port, method: method, path: path, body: body)
        let value = try JSONDecoder().decode([String: JSON].self, from: data)["value"] ?? .null
        if let error = value["error"]?.text {
            throw BrowserFailure("\(method) \(path): \(error): \(value["message"]?.text?.prefix(300) ?? "")")
        }
        return value
    }

    private static func port(in log: String) async throws -> Int {
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline {
            let text = try String(contentsOfFile: log, encoding: .utf8)
            if let port = text.firstMatch(of: /successfully on port (\d+)/).flatMap({ Int($0.1) }) { return port }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw BrowserFailure("chromedriver did not start: \(try String(contentsOfFile: log, encoding: .utf8))")
    }
}
