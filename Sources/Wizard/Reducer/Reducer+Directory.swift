// Another directory for the agent, chosen at the last look: typed, or one of those used lately.

import Canvas
import FlowEngine
import MeshAPI

extension WizardState {
    mutating func askForDirectory() -> [Effect] {
        directoryEntry = DirectoryEntry()
        inputs[.directory] = nil
        return [.recallDirectories]
    }

    /// Enter: looks whether it is there.
    func submitDirectory() -> [Effect] {
        let text = (inputs[.directory]?.text ?? "").trimmingWhitespace()
        return directoryEntry == nil || text.isEmpty ? [] : [.lookAtDirectory(text)]
    }

    mutating func leaveDirectory() -> [Effect] {
        directoryEntry = nil
        inputs[.directory] = nil
        return [.cancel(.directory)]
    }

    mutating func directoryFound(_ text: String, _ place: Workplace?) {
        guard directoryEntry != nil else { return }
        guard let place else {
            directoryEntry?.missing = text
            return
        }
        _ = take(place)
    }

    /// A prefilled name follows the directory it came from; one that was given stays.
    mutating func take(_ place: Workplace) -> [Effect] {
        guard directoryEntry != nil else { return [] }
        workplace = place
        if answers.name?.source.isPrefilled == true {
            answers.name = prefilledName
            inputs[.name] = nil
        }
        return leaveDirectory()
    }

    /// Where the agent will run, as shown.
    var shownDirectory: String {
        workplace?.shown ?? (goesThere ? request.resume?.elsewhere?.shown : nil) ?? facts.directory
    }
}
