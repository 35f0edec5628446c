// One writer at a time: an advisory lock on a file in the directory, which the kernel drops when its holder dies.

internal import Platform

enum DirectoryLock {
    /// How long a writer waits for another.
    static let patience = Duration.seconds(5)

    /// Runs `body` with the lock of `directory` held; throws `busy` after `patience`.
    static func hold<Value>(
        _ directory: String, patience: Duration = patience, _ body: () throws(FileFailure) -> Value
    ) throws(FileFailure) -> Value {
        let path = "\(directory)/.lock"
        let lock: FileLock?
        do { lock = try FileLock.wait(path, patience: patience) } catch {
            throw .system(path: path, code: error.code)
        }
        guard let lock else { throw .busy(path: directory) }
        defer { withExtendedLifetime(lock) {} }
        return try body()
    }
}
