// What a person does in a browser, and what they see. Elements are named by CSS selectors.

public import Foundation

extension Browser {
    /// Opens an address and waits until it is loaded.
    public func go(to address: String) async throws { try await send("POST", "/url", ["url": .string(address)]) }

    public func back() async throws { try await send("POST", "/back") }

    public func reload() async throws { try await send("POST", "/refresh") }

    /// The address of the page.
    public var address: String {
        get async throws { try await send("GET", "/url").text ?? "" }
    }

    public var title: String {
        get async throws { try await send("GET", "/title").text ?? "" }
    }

    /// The HTML of the page as it is now.
    public var source: String {
        get async throws { try await send("GET", "/source").text ?? "" }
    }

    /// The visible text of the first element that fits; all of the page's without a selector.
    public func text(_ css: String = "body") async throws -> String {
        try await send("GET", "/element/\(find(css))/text").text ?? ""
    }

    /// The visible text of each element that fits, none included.
    public func texts(_ css: String) async throws -> [String] {
        // A page that is live may take an element away before its text is read.
        for _ in 0..<3 { if let texts = try? await textsNow(css) { return texts } }
        return try await textsNow(css)
    }

    private func textsNow(_ css: String) async throws -> [String] {
        var texts: [String] = []
        for element in try await elements(css) {
            texts.append(try await send("GET", "/element/\(element)/text").text ?? "")
        }
        return texts
    }

    /// The value of an attribute, nil where the element has none.
    public func attribute(_ name: String, of css: String) async throws -> String? {
        try await send("GET", "/element/\(find(css))/attribute/\(name)").text
    }

    /// Waits until the page's visible text holds `text`. Throws, with the text there is, after `seconds`.
    public func wait(for text: String, seconds: Double = 30) async throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        var last = ""
        repeat {
            // Between two pages there may be no body, or one that is gone when it is asked.
            last = (try? await self.text()) ?? last
            if last.contains(text) { return }
            try await Task.sleep(for: .milliseconds(5))
        } while ContinuousClock.now < deadline
        throw BrowserFailure("waited \(seconds) s for \"\(text)\"; the page:\n\(last)")
    }

    public func click(_ css: String) async throws { try await send("POST", "/element/\(find(css))/click") }

    /// Clicks the first button or link with exactly this text.
    public func press(_ label: String) async throws {
        let quoted = label.contains("'") ? "\"\(label)\"" : "'\(label)'"
        let path = "//*[self::button or self::a or self::summary][normalize-space()=\(quoted)]"
        try await send("POST", "/element/\(find(path, using: "xpath"))/click")
    }

    /// Types into a field, what stood there gone.
    public func type(_ text: String, into css: String) async throws {
        let element = try await find(css)
        try await send("POST", "/element/\(element)/clear")
        try await send("POST", "/element/\(element)/value", ["text": .string(text)])
    }

    /// Types with whatever has the focus, as by keyboard alone. Tab is `\t`, Enter `\n`.
    public func typeKeys(_ text: String) async throws {
        let keys = text.map { key -> String in
            switch key {
            case "\t": "\u{E004}"
            case "\n": "\u{E007}"
            default: String(key)
            }
        }
        let actions = keys.flatMap { key -> [JSON] in
            [["type": "keyDown", "value": .string(key)], ["type": "keyUp", "value": .string(key)]]
        }
        let keyboard: JSON = ["type": "key", "id": "keyboard", "actions": .array(actions)]
        try await send("POST", "/actions", ["actions": [keyboard]])
    }

    /// Whether the page has no such element now: wait first for something that it does have.
    public func isAbsent(_ css: String) async throws -> Bool {
        try await send("POST", "/timeouts", ["implicit": 0])
        let found = try await elements(css)
        try await send("POST", "/timeouts", ["implicit": 2000])
        return found.isEmpty
    }

    /// The cookies of this page: name to value.
    public var cookies: [String: String] {
        get async throws {
            let items = try await send("GET", "/cookie").items
            return items.reduce(into: [:]) { cookies, item in
                if let name = item["name"]?.text { cookies[name] = item["value"]?.text ?? "" }
            }
        }
    }

    public func deleteCookies() async throws { try await send("DELETE", "/cookie") }

    /// Turns the page's own scripts off (or on again), from the next page on. `noscript` stays hidden all the same.
    public func setScripts(_ on: Bool) async throws {
        try await devTools("Emulation.setScriptExecutionDisabled", ["value": .bool(!on)])
    }

    /// The window as that of a device: 390 columns of pixels and `isPhone` for a phone.
    public func setSize(width: Int, height: Int, isPhone: Bool = false) async throws {
        try await devTools(
            "Emulation.setDeviceMetricsOverride",
            [
                "width": .number(Double(width)), "height": .number(Double(height)), "deviceScaleFactor": 1,
                "mobile": .bool(isPhone),
            ])
    }

    /// The colour scheme the person prefers: `dark` or `light`.
    public func setColorScheme(_ scheme: String) async throws {
        let feature: JSON = ["name": "prefers-color-scheme", "value": .string(scheme)]
        try await devTools("Emulation.setEmulatedMedia", ["features": [feature]])
    }

    /// The languages the browser asks for, as in `es,en;q=0.5`. From the next page on.
    public func setLanguage(_ languages: String) async throws {
        try await devTools("Network.enable", [:])
        try await devTools(
            "Network.setExtraHTTPHeaders", ["headers": ["Accept-Language": .string(languages)]])
    }

    /// A picture of the window, PNG.
    public func screenshot() async throws -> Data {
        guard let data = Data(base64Encoded: try await send("GET", "/screenshot").text ?? "") else {
            throw BrowserFailure("no picture")
        }
        return data
    }

    /// The value of a JavaScript expression, for what only the browser knows (a computed style, a width).
    public func evaluate(_ expression: String) async throws -> JSON {
        try await send("POST", "/execute/sync", ["script": .string("return \(expression)"), "args": []])
    }

    private static let elementKey = "element-6066-11e4-a52e-4f735466cecf"

    private func find(_ selector: String, using strategy: String = "css selector") async throws -> String {
        let answer = try await send("POST", "/element", ["using": .string(strategy), "value": .string(selector)])
        guard let id = answer[Self.elementKey]?.text else { throw BrowserFailure("no element: \(selector)") }
        return id
    }

    private func elements(_ css: String) async throws -> [String] {
        let answer = try await send("POST", "/elements", ["using": "css selector", "value": .string(css)])
        return answer.items.compactMap { $0[Self.elementKey]?.text }
    }
}
