// `?cursor&limit` and flags, as lists take them, and how long to wait.

internal import Hummingbird
internal import MeshServices
internal import MeshStore

extension Request {
    /// `?NAME=1`. Throws `invalid` where it says anything else.
    func flag(_ name: String) throws -> Bool {
        guard let value = uri.queryParameters.get(name) else { return false }
        guard value == "1" else { throw Refusal.invalid(name, "\(name) is 1, or left out.") }
        return true
    }

    /// `?wait=S`, seconds, from 0 to `most`: a number beyond is the nearest of these. Throws `invalid` where it is none.
    func wait(upTo most: Int) throws -> Double {
        guard let text = uri.queryParameters.get("wait") else { return 0 }
        guard let seconds = Double(text), seconds.isFinite else {
            throw Refusal.invalid("wait", "wait is a number of seconds.")
        }
        return min(max(seconds, 0), Double(most))
    }
}

extension PageRequest {
    /// Reads `?cursor&limit`; throws `invalid` naming the one that is wrong.
    init(_ request: Request, of list: Cursor.List) throws {
        let query = request.uri.queryParameters
        self.init(of: list)
        if let text = query.get("limit") {
            guard let number = Int(text), (1...1000).contains(number) else {
                throw Refusal.invalid("limit", "limit is 1 to 1000.")
            }
            limit = number
        }
        if let text = query.get("cursor") {
            guard let cursor = Cursor(text: text, in: list) else {
                throw Refusal.invalid("cursor", "cursor is not one of this list's.")
            }
            after = cursor
        }
    }
}
