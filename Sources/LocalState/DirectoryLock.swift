// One writer at a time: an advisory lock on a file in the directory, which the kernel drops when its holder dies.

internal import Glibc

enum DirectoryLock {
    /// How long a writer waits for another.
    static let patience = Duration.seconds(5)

    /// Runs `body` with the lock of `directory` held; throws `busy` after `patience`.
    static func hold<Value>(
        _ directory: String, patience: Duration = patience, _ body: () throws(FileFailure) -> Value
    ) throws(FileFailure) -> Value {
        let path = "\(directory)/.lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(path: path, code: errno) }
        defer { close(descriptor) }
        let deadline = ContinuousClock.now + patience
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { throw .system(path: path, code: errno) }
            guard ContinuousClock.now < deadline else { throw .busy(path: directory) }
            usleep(5_000)
        }
        return try body()
    }
}
