// What the log says of an error.

internal import Logging
internal import MeshStore

enum ErrorFacts {
    /// The type alone, and the database's code: an error's text may hold a value of the request.
    static func of(_ error: any Error) -> Logger.Metadata {
        var facts: Logger.Metadata = ["type": "\(type(of: error))"]
        if let failure = error as? StoreFailure { facts["code"] = "\(failure.code)" }
        return facts
    }
}
