// An `errno` as a value. To name one more: a line below; what a person reads of it stands with the other texts.

internal import Glibc

/// Why the system refused.
public struct SystemError: Error, Sendable, Hashable {
    public let code: Int32

    public init(code: Int32) { self.code = code }

    /// Of the call that failed just now.
    public static var last: SystemError { SystemError(code: errno) }

    /// In the system's own words, which are the C locale's.
    public var words: String { strerror(code).map { String(cString: $0) } ?? "\(code)" }

    public static let missing = SystemError(code: ENOENT)
    public static let exists = SystemError(code: EEXIST)
    public static let notEmpty = SystemError(code: ENOTEMPTY)
    public static let noFolder = SystemError(code: ENOTDIR)
    public static let isFolder = SystemError(code: EISDIR)
    public static let loop = SystemError(code: ELOOP)
    public static let nameTooLong = SystemError(code: ENAMETOOLONG)
    public static let noAccess = SystemError(code: EACCES)
    public static let notPermitted = SystemError(code: EPERM)
    public static let readOnly = SystemError(code: EROFS)
    public static let noSpace = SystemError(code: ENOSPC)
    public static let overQuota = SystemError(code: EDQUOT)
    public static let fileLimit = SystemError(code: EFBIG)
    /// Something else holds it: a mount, a running program.
    public static let busy = SystemError(code: EBUSY)
    /// A program that this system cannot run.
    public static let noProgram = SystemError(code: ENOEXEC)
    public static let inputOutput = SystemError(code: EIO)
    public static let badDescriptor = SystemError(code: EBADF)
    public static let brokenPipe = SystemError(code: EPIPE)
    public static let noMoreDescriptors = SystemError(code: EMFILE)
    public static let noMoreThreads = SystemError(code: EAGAIN)
    public static let addressInUse = SystemError(code: EADDRINUSE)
    public static let addressNotThere = SystemError(code: EADDRNOTAVAIL)
    public static let connectionRefused = SystemError(code: ECONNREFUSED)
    public static let connectionTimedOut = SystemError(code: ETIMEDOUT)

    /// The other side ended the connection.
    public var isConnectionLost: Bool { [ECONNRESET, EPIPE, ECONNABORTED, ENOTCONN].contains(code) }
}
