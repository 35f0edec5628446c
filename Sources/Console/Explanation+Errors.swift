// From any error to its explanation. An error of a room below gets its line here; one of a room above says its words
// itself, as `Explained`.

import LocalState
import Localization
import MeshAPI

/// An error with words of its own.
package protocol Explained: Error {
    func explanation(_ words: Words) -> Explanation
}

extension Explanation {
    /// Explains whatever a command threw.
    package static func of(_ error: any Error, context: Context) -> Explanation {
        switch error {
        case let failure as Failure: Explanation(failure, context: context)
        case let failure as StreamFailure:
            Explanation(.system(path: failure.stream, code: failure.code), context: context)
        case let failure as FileFailure: Words(context: context).file(failure)
        case let failure as AuthFailure: Words(context: context).auth(failure)
        case let problem as TokenChoiceFailure: Words(context: context).token(problem)
        case let problem as ServerChoiceProblem:
            Explanation(
                problem.text.isEmpty
                    ? .empty(field: "--server")
                    : .badServer(problem.text, source: context.name(of: problem.origin)),
                context: context)
        case is CancellationError: Explanation(.api(.cancelled, host: "", origin: nil), context: context)
        case let error as any Explained: error.explanation(Words(context: context))
        default: Explanation(.fault(String(describing: type(of: error))), context: context)
        }
    }
}
