// Names and labels as given on the command line, held to the same rules as in the wizard.

import Localization
package import MeshAPI

extension Context {
    /// `text` without surrounding white space. Throws what is wrong with it, naming `field`.
    package func valid(_ text: String, as rule: FieldRule, field: String) throws(Failure) -> String {
        let text = text.trimmingWhitespace()
        try given(text, as: field)
        guard let problem = rule.problem(of: text) else { return text }
        throw .invalid(field: field, reason: strings(problem, isName: true).lowercasedFirst)
    }

    /// Throws where there is an answer and nothing in it: a variable of a script that was never set, mostly.
    package func given(_ text: String?, as field: String) throws(Failure) {
        guard text?.isEmpty == true else { return }
        throw .empty(field: field)
    }

    /// Throws where a count is not from 1 to `most`, which is said with its `unit`.
    package func given(_ count: Int, upTo most: Int, unit: String = "", as field: String) throws(Failure) {
        guard !(1...most).contains(count) else { return }
        let bounds = ["least": "1\(unit)", "most": "\(most)\(unit)"]
        throw .invalid(field: field, reason: strings(ErrorText.notBetween, bounds))
    }
}
