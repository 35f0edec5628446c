// Arguments and environment as C wants them.

import Glibc

enum CStringArray {
    /// Calls `body` with a NULL-terminated array of C strings.
    static func with<R>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R) -> R {
        let copies = strings.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return body(copies + [nil])
    }
}
