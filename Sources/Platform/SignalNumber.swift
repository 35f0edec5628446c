// The numbers of the signals that the program speaks of, and what it has done with them.

internal import Glibc

public enum SignalNumber {
    public static let interrupt = SIGINT
    public static let terminate = SIGTERM
    public static let hangUp = SIGHUP
    public static let goOn = SIGCONT
    /// What a terminal's Ctrl-Z sends.
    public static let stop = SIGTSTP
    public static let windowChanged = SIGWINCH
    public static let brokenPipe = SIGPIPE
    public static let childEnded = SIGCHLD
    public static let fileLimit = SIGXFSZ

    /// From now on it does nothing.
    public static func ignore(_ number: Int32) { signal(number, SIG_IGN) }

    /// From now on it does what the system does by itself.
    public static func restore(_ number: Int32) { signal(number, SIG_DFL) }

    /// Stops this process, and whoever else is in its job, as Ctrl-Z does.
    public static func stopJob() { kill(0, SIGTSTP) }
}
