// How many files and connections this process may have open.

internal import Glibc

public enum Descriptors {
    /// How many there may be; nil where the system does not tell.
    public static var limit: Int? { limits.map { Int(clamping: $0.rlim_cur) } }

    /// As many as there may ever be, or `count`, whichever is less. macOS refuses more than OPEN_MAX, whatever its limit says.
    public static func raise(to count: Int = .max) {
        guard var limit = limits, limit.rlim_cur < limit.rlim_max, Int(clamping: limit.rlim_cur) < count else { return }
        limit.rlim_cur = min(limit.rlim_max, rlim_t(count))
        _ = setrlimit(resource, &limit)
    }

    /// Takes the places of standard streams that are closed: the next file opened would get one, and what we print would go
    /// into it. What is written or read there fails as before.
    public static func holdStandardStreams() {
        for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest free number is this one, since those below are taken.
            _ = open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
        }
    }

    private static var resource: __rlimit_resource_t { __rlimit_resource_t(RLIMIT_NOFILE.rawValue) }

    private static var limits: rlimit? {
        var limit = rlimit()
        return getrlimit(resource, &limit) == 0 ? limit : nil
    }
}
