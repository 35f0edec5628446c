// An advisory lock on a file, which the kernel drops when its holder dies.

internal import Glibc

/// A lock that is held until this value goes.
public final class FileLock: Sendable {
    private let descriptor: Int32

    /// nil where another one holds it; throws where it cannot be made.
    public static func take(_ path: String) throws(SystemError) -> FileLock? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .last }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let error = SystemError.last
            if error.code == EINTR { continue }
            close(descriptor)
            if error.code == EWOULDBLOCK { return nil }
            throw error
        }
        return FileLock(descriptor)
    }

    /// The same on a file that must be there, and stays as it is. On a disk that knows no locks nobody holds one.
    public static func take(existing path: String) throws(SystemError) -> FileLock? {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
            close(descriptor)
            return nil
        }
        return FileLock(descriptor)
    }

    /// Waits for it, blocking; nil where another one holds it for as long as `patience`.
    public static func wait(_ path: String, patience: Duration) throws(SystemError) -> FileLock? {
        let deadline = ContinuousClock.now + patience
        while true {
            if let lock = try take(path) { return lock }
            guard ContinuousClock.now < deadline else { return nil }
            usleep(5_000)
        }
    }

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
}
