// The numbers of the signals that the program speaks of.

internal import Glibc

public enum SignalNumber {
    public static let interrupt = SIGINT
    public static let terminate = SIGTERM
    public static let hangUp = SIGHUP
    public static let goOn = SIGCONT
    public static let brokenPipe = SIGPIPE
}
