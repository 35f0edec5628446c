// Whether the system has the threads that the program is made of. Its libraries wait for ever, or end the process without a
// word, for one that they do not get.

internal import CPosix
internal import Glibc

public enum Threads {
    /// The same for as many as this program has: a pool and the network's loops, each as many as there are processors, the
    /// timers, and the one that waits for the agent.
    /// Tried only where a limit is near: each of them is waited for, on a busy machine for long.
    public static func check() throws(SystemError) {
        guard cp_threads_are_scarce() else { return }
        try check(2 * min(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), 16) + 3)
    }

    /// Lets other threads go first from now on. Linux gives each thread a niceness of its own; macOS has classes of service
    /// (`pthread_set_qos_class_self_np`).
    public static func giveWay() { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10) }

    /// Blocks this one thread.
    public static func sleep(milliseconds: UInt32) { usleep(milliseconds * 1000) }

    /// Throws where `count` threads cannot be had at the same time: too many processes, or too little memory for them.
    public static func check(_ count: Int) throws(SystemError) {
        let code = cp_threads_check(Int32(count))
        guard code == 0 else { throw SystemError(code: code) }
    }
}
