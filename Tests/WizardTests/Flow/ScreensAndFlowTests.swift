// What a screen offers, the flow takes: in whatever state a run comes into.

import Canvas
import FlowEngine
import Localization
import MeshAPI
import Testing
import Widgets

@testable import Wizard

@Suite("Screens offer what the flow takes")
struct ScreensAndFlowTests {
    static let strings = Strings(.en)

    @Test("Esc is in the key table exactly where it does something", arguments: 0..<80)
    func escape(seed: UInt64) {
        walk(seed) { run in
            let keys = actions(for: .key(.escape), in: run.state, strings: Self.strings)
            // A screen may give Esc a meaning of its own (stay, go on without the invite), never take one away.
            if run.state.canGoBack && keys.isEmpty { return "Esc is missing on \(run.screen)" }
            if keys == [.back] && !run.state.canGoBack { return "Esc is for nothing on \(run.screen)" }
            return nil
        }
    }

    @Test("every row of every menu does something", arguments: 0..<80)
    func rows(seed: UInt64) {
        walk(seed) { run in
            guard let menu = screenModel(for: run.state, strings: Self.strings).menu, menu.selectedIndex != nil else {
                return nil
            }
            for index in 0..<min(menu.count, 12) {
                guard let item = menu[index] else { return "row \(index) of \(menu.count) is missing on \(run.screen)" }
                var after = run
                let effects = after.send(item.action)
                // What is being tried again already is not tried twice.
                if effects.isEmpty && after.state == run.state && item.action != .retry {
                    return "\(item.id.rawValue) does nothing on \(run.screen)"
                }
            }
            return nil
        }
    }

    @Test("every letter of the bar does something", arguments: 0..<80)
    func letters(seed: UInt64) {
        walk(seed) { run in
            for binding in screenModel(for: run.state, strings: Self.strings).keys {
                for entry in binding.commands.entries {
                    guard case .character = entry.key, case .perform(let action) = entry.command else {
                        continue
                    }
                    var after = run
                    let effects = after.send(action)
                    let isDead = effects.isEmpty && after.state == run.state
                    if isDead { return "\(entry.key) does nothing on \(run.screen)" }
                }
            }
            return nil
        }
    }

    /// Walks at random and asks about every state on the way.
    private func walk(_ seed: UInt64, _ problem: (Run) -> String?) {
        var world = World(NoDeadEndTests.start(seed), seed: seed &* 31_337)
        for _ in 0..<80 {
            world.step()
            guard world.run.state.outcome == nil else { return }
            if let found = problem(world.run) {
                Issue.record("\(found)\n\(world.history.suffix(8).joined(separator: "\n"))")
                return
            }
        }
    }
}
