// A real browser without a window, driven over WebDriver as a person would drive it: addresses, fields, buttons, text.
// To add a way of acting: a method that sends one WebDriver command. Source: https://www.w3.org/TR/webdriver2/

import Foundation
import FoundationNetworking
import Glibc
import Synchronization

/// Headless Chromium with a profile of its own. `quit` it on every path.
public final class Chromium: Sendable {
    private let driver: Process
    private let base: URL
    private let network: URLSession
    private let home: TemporaryDirectory

    /// Starts chromedriver and a browser.
    /// - Parameters:
    ///   - javaScript: off shows what a page is without it.
    ///   - width, height: of the page, in CSS pixels.
    public init(javaScript: Bool = true, width: Int = 1280, height: Int = 900) async throws {
        home = try TemporaryDirectory()
        network = URLSession(configuration: .ephemeral)
        let (driver, port) = try await Self.startDriver(home.path)
        self.driver = driver
        var options: [String: Any] = [
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--user-data-dir=\(home.path)/profile", "--window-size=\(width),\(height)", "--lang=en",
            ]
        ]
        if !javaScript {
            options["prefs"] = ["profile.managed_default_content_settings.javascript": 2]
        }
        let capabilities: [String: Any] = [
            "capabilities": [
                "alwaysMatch": [
                    "browserName": "chrome", "goog:chromeOptions": options, "timeouts": ["implicit": 2000],
                ]
            ]
        ]
        guard let root = URL(string: "http://127.0.0.1:\(port)/session") else { throw SessionFailure("no address") }
        do {
            let value = try await Self.send(network, "POST", root, capabilities)
            guard let id = (value as? [String: Any])?["sessionId"] as? String else {
                throw SessionFailure("chromedriver gave no session: \(value)")
            }
            base = root.appending(path: id)
        } catch {
            kill(-driver.processIdentifier, SIGKILL)
            throw error
        }
    }

    deinit { kill(-driver.processIdentifier, SIGKILL) }

    /// Ends the browser and its driver.
    public func quit() async {
        _ = try? await Self.send(network, "DELETE", base, nil)
        kill(-driver.processIdentifier, SIGKILL)
    }

    /// Goes to an address, and returns when the page is loaded.
    public func open(_ address: String) async throws { try await command("url", ["url": address]) }

    /// The address the browser is at.
    public func address() async throws -> String {
        try await Self.send(network, "GET", base.appending(path: "url"), nil) as? String ?? ""
    }

    /// What is to be read on the page.
    public func text() async throws -> String {
        let body = try await element("css selector", "body")
        return try await Self.send(network, "GET", base.appending(path: "element/\(body)/text"), nil) as? String ?? ""
    }

    /// Types into the field of that name, after what it holds was cleared.
    public func fill(_ name: String, _ text: String) async throws {
        let field = try await element("css selector", "[name='\(name)']")
        try await command("element/\(field)/clear", [:])
        try await command("element/\(field)/value", ["text": text])
    }

    /// Presses the button or follows the link with that text.
    public func press(_ label: String) async throws {
        let target = try await element(
            "xpath", "//*[self::button or self::a or self::summary][normalize-space()='\(label)']")
        try await command("element/\(target)/click", [:])
    }

    /// Waits until `text` can be read on the page. Throws, with the page as it is, after `seconds`.
    @discardableResult
    public func wait(for text: String, seconds: Double = 10) async throws -> String {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            let now = (try? await self.text()) ?? ""
            if now.contains(text) { return now }
            guard ContinuousClock.now < deadline else {
                throw SessionFailure("waited \(seconds) s for \"\(text)\"; the page:\n\(now)")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// A picture of the page, as PNG.
    public func picture() async throws -> Data {
        let value = try await Self.send(network, "GET", base.appending(path: "screenshot"), nil)
        guard let text = value as? String, let data = Data(base64Encoded: text) else {
            throw SessionFailure("no picture")
        }
        return data
    }

    private func element(_ strategy: String, _ selector: String) async throws -> String {
        let value = try await command("element", ["using": strategy, "value": selector])
        guard let id = (value as? [String: Any])?.values.first as? String else {
            throw SessionFailure("no element \(selector)")
        }
        return id
    }

    @discardableResult
    private func command(_ path: String, _ body: [String: Any]) async throws -> Any {
        try await Self.send(network, "POST", base.appending(path: path), body)
    }

    private static func send(
        _ network: URLSession, _ method: String, _ url: URL, _ body: [String: Any]?
    ) async throws -> Any {
        var request = URLRequest(url: url, timeoutInterval: 60)
        request.httpMethod = method
        if let body {
            request.httpBody = try JSONSerialization.data(withJSONObject: body)
            request.setValue("application/json", forHTTPHeaderField: "content-type")
        }
        let (data, _) = try await network.data(for: request)
        let answer = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        let value = answer?["value"] ?? NSNull()
        if let failure = value as? [String: Any], let error = failure["error"] as? String {
            throw SessionFailure("\(url.lastPathComponent): \(error): \(failure["message"] ?? "")")
        }
        return value
    }

    /// chromedriver, in a process group of its own, and the port it says it listens on.
    private static func startDriver(_ home: String) async throws -> (Process, Int) {
        let driver = Process()
        driver.executableURL = URL(filePath: "/usr/bin/chromedriver")
        driver.arguments = ["--port=0"]
        driver.environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": home, "TMPDIR": home, "LANG": "C.UTF-8"]
        let log = home + "/chromedriver.log"
        FileManager.default.createFile(atPath: log, contents: nil)
        driver.standardOutput = FileHandle(forWritingAtPath: log)
        driver.standardError = FileHandle.nullDevice
        try driver.run()
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline {
            let said = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            if let found = said.firstMatch(of: #/successfully on port (\d+)/#), let port = Int(found.1) {
                return (driver, port)
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        kill(-driver.processIdentifier, SIGKILL)
        throw SessionFailure("chromedriver did not start")
    }
}
