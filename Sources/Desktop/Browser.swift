// Opening an address in the person's browser: detached, with one argument, no shell; never where nobody would see it.

/// The browser that addresses are opened in.
public struct Browser: Sendable {
    /// Why none is opened.
    public enum Obstacle: Error, Sendable, Hashable {
        /// The person sits at the other end of SSH: a window would open here.
        case remote
        case noDisplay
        /// `BROWSER` names nothing but text browsers: they would take the terminal.
        case textOnly
        case notInstalled
    }

    /// What became of an attempt.
    public enum Outcome: Sendable, Hashable {
        case opened
        case failed
    }

    /// Browsers that draw in a terminal.
    static let textBrowsers: Set<String> = [
        "www-browser", "w3m", "lynx", "links", "links2", "elinks", "browsh", "retawq", "netrik", "carbonyl", "chawan",
        "cha",
    ]
    /// What opens an address on a desktop that does not say.
    static let openers = ["xdg-open", "wslview", "x-www-browser"]
    /// What xdg-open tries where it knows no desktop; its own list ends with text browsers.
    static let graphicalBrowsers =
        "x-www-browser:firefox:firefox-esr:chromium:chromium-browser:google-chrome:epiphany:konqueror:falkon"

    private let seat: Seat
    /// What can be tried, in order, or why nothing can.
    let choice: Result<[[String]], Obstacle>

    public init(_ seat: Seat) {
        self.seat = seat
        self.choice = Self.choose(seat)
    }

    /// nil where a browser can be opened.
    public var obstacle: Obstacle? { if case .failure(let obstacle) = choice { obstacle } else { nil } }

    /// Opens `address`, which must be `http:` or `https:`; tells whether a program took it.
    public func open(_ address: String) async -> Outcome {
        guard case .success(let commands) = choice, Self.isSafe(address) else { return .failed }
        var environment = seat.childEnvironment
        if !seat.has("BROWSER") { environment["BROWSER"] = Self.graphicalBrowsers }
        for command in commands {
            let words = Self.filled(command, address)
            let program = ChildProgram(path: words[0], arguments: Array(words.dropFirst()))
            if await program.start(environment: environment, patience: .seconds(2)) != .failed { return .opened }
        }
        return .failed
    }

    /// The commands as words, the first an absolute path; `%s` stands for the address, which else goes last.
    static func choose(_ seat: Seat) -> Result<[[String]], Obstacle> {
        if seat.isRemote { return .failure(.remote) }
        if !seat.hasDisplay { return .failure(.noDisplay) }
        let named = (seat.environment["BROWSER"] ?? "").split(separator: ":").map {
            $0.split(separator: " ").map(String.init)
        }
        .filter { !$0.isEmpty }
        let graphical = named.filter { !isTextBrowser($0[0]) }
        if !named.isEmpty, graphical.isEmpty { return .failure(.textOnly) }
        let found = (graphical + openers.map { [$0] }).compactMap { command in
            seat.find(command[0]).map { [$0] + command.dropFirst() }
        }
        return found.isEmpty ? .failure(.notInstalled) : .success(found)
    }

    private static func isTextBrowser(_ program: String) -> Bool {
        textBrowsers.contains(String(program.split(separator: "/").last ?? ""))
    }

    static func filled(_ command: [String], _ address: String) -> [String] {
        guard command.contains(where: { $0.contains("%s") }) else { return command + [address] }
        return command.map { $0.replacing("%s", with: address) }
    }

    /// One address of the web in visible ASCII, without quotes: nothing that a program could take for something else.
    static func isSafe(_ address: String) -> Bool {
        (address.hasPrefix("https://") || address.hasPrefix("http://"))
            && address.utf8.allSatisfy { (0x21..<0x7F).contains($0) && !"\"'`\\<>".utf8.contains($0) }
    }
}
