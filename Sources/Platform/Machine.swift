// What the system tells of this user, this machine and its clock on the wall.

public import FoundationEssentials
internal import Glibc

public enum Machine {
    /// The name that the machine has in its network.
    public static var name: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// What this machine is, as a server shows it to its owner.
    public static let os = "linux"
    #if arch(x86_64)
        public static let architecture = "x86_64"
    #elseif arch(arm64)
        public static let architecture = "arm64"
    #else
        public static let architecture = "unknown"
    #endif

    /// This user's home and name as the system has them; nil where it has none.
    public static var userHome: String? { entry { $0.pw_dir } }
    public static var userName: String? { entry { $0.pw_name } }

    private static func entry(_ field: (passwd) -> UnsafeMutablePointer<CChar>?) -> String? {
        getpwuid(geteuid()).flatMap { field($0.pointee) }.map { String(cString: $0) }
    }

    /// How far its wall clock is ahead of UTC at `date`.
    public static func secondsEast(at date: Date) -> Int {
        // What the C library's calendar holds: years of four digits.
        var seconds = time_t(min(max(date.timeIntervalSince1970, -62_167_219_200), 253_402_300_799))
        var broken = tm()
        localtime_r(&seconds, &broken)
        return broken.tm_gmtoff
    }

    /// This process' variables, `NAME=value`.
    public static var variables: [SystemText] {
        var out: [SystemText] = []
        var entry = environ
        while let pointer = entry.pointee {
            out.append(SystemText(pointer))
            entry += 1
        }
        return out
    }

    /// One of them; nil where it is not set.
    public static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// The directory that this process is in; nil where it is gone.
    public static var workingDirectory: String? {
        guard let path = getcwd(nil, 0) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }
}
