// Effects on the files of this person: what they chose, and how each is kept.

import Canvas
import Console
import LocalState
import Localization
import Wizard

extension EffectRunner {
    func savePlain(_ isPlain: Bool) async {
        await updateConfig { $0.plain = isPlain ? true : nil }
    }

    func saveASCII(_ isASCII: Bool) async {
        // What follows from the surroundings is not a choice to be kept.
        let isChosen = isASCII && !world.context.mustBeASCII
        await updateConfig { $0.ascii = isChosen ? true : nil }
    }

    func saveLanguage(_ language: Language) async {
        await updateConfig { $0.language = language.rawValue }
    }

    func saveAccent(_ accent: Accent) async {
        await updateConfig { $0.accent = accent == .blue ? nil : accent.rawValue }
    }

    /// As `telemetry on` and `telemetry off` do.
    func saveUsage(_ isTold: Bool) async {
        await updateConfig { $0.telemetry = isTold }
        await keep { directory -> Void in
            guard isTold else { return directory.forgetTelemetry() }
            // Whoever turns it on knows of it.
            try directory.updateState { $0.markShown(TelemetryChoice.notice) }
        }
    }

    func saveServer(_ server: String) async {
        await updateConfig { $0.server = server }
    }

    func updateConfig(_ change: @escaping @Sendable (inout ConfigFile) -> Void) async {
        await keep { try $0.updateConfig(change) }
    }

    /// What cannot be kept is asked for again, and not promised.
    func keep(_ change: @escaping @Sendable (ConfigDirectory) throws -> some Any) async {
        do {
            try await world.onDisk { [directory = world.directory] in _ = try change(directory) }
        } catch {
            arrive(.notKept)
        }
    }
}
