// Who a process is: a pid is used again, a pid with its start time is not.

import CPosix
import Glibc

/// One process, for as long as the machine runs.
struct ProcessIdentity: Sendable, Hashable {
    let pid: Int32
    /// Clock ticks after boot; 0 where the system does not tell.
    let start: Int64

    static var own: ProcessIdentity { ProcessIdentity(pid: getpid(), start: max(0, cp_process_start(getpid()))) }

    init(pid: Int32, start: Int64) {
        self.pid = pid
        self.start = start
    }

    /// From `PID START`, with any separator of one character.
    init?(_ text: some StringProtocol, separator: Character = " ") {
        let parts = text.split(whereSeparator: { $0 == separator || $0 == "\n" })
        guard parts.count == 2, let pid = Int32(parts[0]), let start = Int64(parts[1]), pid > 0, start >= 0 else {
            return nil
        }
        self.init(pid: pid, start: start)
    }

    /// What cannot be known counts as alive: nothing of a living process is ever swept.
    var isAlive: Bool {
        let now = cp_process_start(pid)
        return now == 0 || now > 0 && (start == 0 || start == now)
    }
}
