// From any error to its explanation. An error type of another module gets its line here.

import Localization
import MeshAPI
import MeshClient
import MeshServer

extension Explanation {
    /// Explains whatever a command threw.
    static func of(_ error: any Error, context: Context) -> Explanation {
        switch error {
        case let failure as Failure: Explanation(failure, context: context)
        case let failure as StreamFailure:
            Explanation(.system(path: failure.stream, code: failure.code), context: context)
        case let failure as FileFailure: Words(context: context).file(failure)
        case let failure as AuthFailure: Words(context: context).auth(failure)
        case let problem as TokenProblem: Words(context: context).token(problem)
        case let problem as ServerChoiceProblem:
            Explanation(
                problem.text.isEmpty
                    ? .invalid(field: "--server", reason: context.strings(ErrorText.empty))
                    : .badServer(problem.text, source: context.name(of: problem.origin)),
                context: context)
        case let failure as StorageFailure: Words(context: context).storage(failure)
        case let failure as ListenFailure: Words(context: context).listen(failure)
        case let error as ServerOptionError: Words(context: context).serverOptions(error)
        case let problem as AccountProblem: Words(context: context).account(problem)
        case let missing as MissingCommand: missing.explanation(Words(context: context))
        case is CancellationError: Explanation(.api(.cancelled, host: "", origin: nil), context: context)
        default: Explanation(.fault(String(describing: type(of: error))), context: context)
        }
    }
}
