// What a person sets from inside the wizard. Each change holds at once and is kept.

import Canvas
import FlowEngine
import Localization
import MeshAPI

extension WizardState {
    /// Whether this screen leads to the settings.
    var offersSettings: Bool {
        guard overlays.isEmpty, !isTooSmall else { return false }
        return [.welcome, .confirm, .agentMissing].contains(stepScreen)
    }

    mutating func change(_ setting: Setting) -> [Effect] {
        switch setting {
        case .language:
            settings.language = settings.language.next
            return [.saveLanguage(settings.language)]
        case .signs:
            settings.ascii.toggle()
            return [.saveASCII(settings.ascii)]
        case .plainText:
            settings.plain.toggle()
            // In lines there is no screen to go to: it comes back at the next start.
            if settings.plain {
                overlays.dismiss(.settings)
                outcome = .exit(.lineMode)
            }
            return [.savePlain(settings.plain)]
        case .accent:
            settings.accent = settings.accent.next
            return [.saveAccent(settings.accent)]
        case .usage:
            settings.tellsUse.toggle()
            return [.saveUsage(settings.tellsUse)]
        }
    }
}

extension CaseIterable where Self: Equatable, AllCases == [Self] {
    /// The one after this, the first behind the last.
    fileprivate var next: Self {
        let all = Self.allCases
        let place = all.firstIndex(of: self) ?? 0
        return all[(place + 1) % all.count]
    }
}
