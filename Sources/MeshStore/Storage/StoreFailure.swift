// What a transaction met, in the words of no engine. To add a case: what whoever asked is told of it is in
// `ErrorAnswers`.

/// Thrown by `Store`, whose transaction came to nothing.
package enum StoreFailure: Error, Sendable, Hashable {
    /// A unique index has such a row. Which of several that were hit is the engine's choice: look the row up.
    case taken(constraint: String)
    /// What a row refers to is not there, or what others refer to would go.
    case missingReference
    /// A text with U+0000 in it, which no engine keeps whole.
    case unstorable
    /// The disk has no room. `code` is the engine's, without any value of the statement.
    case full(code: String)
    /// Others hold what was asked for; later it may go.
    case busy(code: String)
    /// The disk takes nothing, or gives nothing: whoever runs the server has to mend it.
    case unwritable(code: String)
    /// The database's server can't be reached, and may be in a moment: nothing happened.
    case unreachable(code: String)
    /// The commit was sent, and whether it happened, or stays, is not known.
    case inDoubt(code: String)
    /// Anything else: ours to mend.
    case fault(code: String)

    /// For the log.
    package var code: String {
        switch self {
        case .taken(let constraint): "taken \(constraint)"
        case .missingReference: "missing reference"
        case .unstorable: "unstorable"
        case .full(let code), .busy(let code), .unwritable(let code), .unreachable(let code), .inDoubt(let code),
            .fault(let code):
            code
        }
    }
}
