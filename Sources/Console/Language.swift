// The language of a run: what a flag, the environment or the settings ask for.

import FoundationEssentials
import LocalState
package import Localization
import Platform

/// The texts of `--help`, which are made before any option is read: in the language that `--lang`, the environment or
/// the settings name.
package let helpStrings: Strings = {
    let environment = processEnvironment
    let settings = try? ConfigDirectory(environment: environment, mayWrite: false).readConfig().value
    let flag = languageFlag(SystemText.commandLine.map(\.repaired))
    return Strings(Language.choose(flag: flag, environment: environment, config: settings?.language))
}()

/// What follows `--lang`, up to `--`.
func languageFlag(_ arguments: [String]) -> String? {
    let ours = arguments.prefix { $0 != "--" }
    for (index, word) in ours.enumerated() {
        if word.hasPrefix("--lang=") { return String(word.dropFirst("--lang=".count)) }
        if word == "--lang", index + 1 < ours.count { return ours[index + 1] }
    }
    return nil
}

extension Context {
    /// The same world, in the language in force once the settings are known.
    package func speaking(_ configured: String?) -> Context {
        let language = Language.choose(
            flag: options.language?.rawValue, environment: environment, config: configured)
        guard language != strings.language else { return self }
        var context = self
        context.strings = Strings(language)
        return context
    }

    /// As above, for what has not read the settings itself. Nothing is changed by looking.
    package var speakingAsConfigured: Context {
        let directory = try? ConfigDirectory(environment: environment, mayWrite: false)
        return speaking((try? directory?.readConfig())?.value.language)
    }

    /// As a command line asks for it that gave no command.
    package func speaking(in arguments: [String]) -> Context {
        var context = self
        context.options.language = languageFlag(arguments).flatMap(Language.init(tag:))
        return context.speakingAsConfigured
    }
}
