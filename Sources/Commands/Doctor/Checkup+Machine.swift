// The terminal and its locale, and the programs of this machine that claudemesh works with.

import Connect
import Console
import Desktop
import Localization
import LocalState
import Platform
import SessionLaunch
import Terminal

extension Checkup {
    var terminal: Check {
        guard context.input.isTerminal, context.output.isTerminal else {
            return .none("terminal", say(.doctorNoTerminal))
        }
        let term = context["TERM"] ?? ""
        let size = context.output.columns().map { "\($0)" } ?? "?"
        if term.isEmpty || term == "dumb" || !isKnown(term) && TerminalFamily.standIn(for: term) == nil {
            return .warning(
                "terminal", say(.doctorPlainTerminal, ["term": term]), hint: say(.doctorPlainTerminalHint))
        }
        if let columns = context.output.columns(), columns < 40 {
            return .warning("terminal", say(.doctorTerminal, ["term": term, "n": size]), hint: say(.doctorNarrow))
        }
        return .ok("terminal", say(.doctorTerminal, ["term": term, "n": size]))
    }

    /// Whether the terminal database has an entry of that name: terminfo(5), "Fetching Compiled Descriptions".
    private func isKnown(_ term: String) -> Bool {
        guard let first = term.unicodeScalars.first, !term.contains("/") else { return false }
        let own = [context["TERMINFO"], context.home.map { "\($0)/.terminfo" }].compactMap(\.self)
        let listed = (context["TERMINFO_DIRS"] ?? "").split(separator: ":").map(String.init)
        let places = own + listed + ["/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo", "/usr/lib/terminfo"]
        let folders = [String(first), String(first.value, radix: 16)]
        return places.contains { place in folders.contains { FileAccess.allows(.read, "\(place)/\($0)/\(term)") } }
    }

    var locale: Check {
        let locale = context.locale
        if locale.usesUTF8 { return .ok("locale", say(.doctorLocale, ["name": locale.name])) }
        return .warning("locale", say(.doctorLocaleASCII, ["name": locale.name]), hint: "export LANG=C.UTF-8")
    }

    /// What would be launched.
    var agent: Check {
        let search = AgentSearch(
            flag: nil, environment: context.environment, directory: context.workingDirectory)
        do throws(AgentNotFound) {
            return .ok("agent", say(.doctorAgent, ["path": context.displayed(path: try search.find())]))
        } catch {
            let looked = error.named.map { [$0] } ?? ["PATH"] + error.places
            let failure = Failure.agentMissing(name: error.named ?? "claude", looked: looked)
            return failed("agent", CommandText.doctorAgentLabel, Explanation(failure, context: context))
        }
    }

    var clipboard: Check {
        switch Clipboard.means(context.seat) {
        case .program(let name): return .ok("clipboard", say(.doctorClipboard, ["program": name]))
        case .terminal: return .none("clipboard", say(.doctorClipboardTerminal))
        case .file:
            guard context.seat.hasDisplay else { return .none("clipboard", say(.doctorClipboardFile)) }
            let program = context["WAYLAND_DISPLAY"] == nil ? "xclip" : "wl-clipboard"
            return .warning(
                "clipboard", say(.doctorClipboardFile), hint: say(.doctorInstall, ["program": program]))
        }
    }

    var browser: Check {
        switch Browser(context.seat).obstacle {
        case nil: .ok("browser", say(.doctorBrowser))
        case .remote: .none("browser", say(.doctorBrowserRemote))
        case .noDisplay: .none("browser", say(.doctorBrowserNoDisplay))
        case .textOnly: .warning("browser", say(.doctorBrowserText), hint: say(.doctorBrowserHint))
        case .notInstalled:
            .warning(
                "browser", say(.doctorBrowserMissing), hint: say(.doctorInstall, ["program": "xdg-utils"]))
        }
    }
}
