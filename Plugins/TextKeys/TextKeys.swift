// Before Localization is compiled: the keys of its texts, from the English catalogue. A text that is asked for and not there
// does not compile, and to add one takes a line in each language's file and no Swift.

import Foundation
import PackagePlugin

@main struct TextKeys: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let catalogue = context.package.directoryURL.appending(path: "assets/l10n/en.json")
        let keys = context.pluginWorkDirectoryURL.appending(path: "TextKeys.swift")
        return [
            .buildCommand(
                displayName: "Listing the keys of the texts", executable: try context.tool(named: "ListTexts").url,
                arguments: [catalogue, keys].map { $0.path(percentEncoded: false) }, inputFiles: [catalogue],
                outputFiles: [keys])
        ]
    }
}
