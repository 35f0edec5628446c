// When a program has done all it has to do for now. A picture taken in the middle of a frame shows half of it, and a
// program that wrote its frame may not yet know that it did: only one at rest has said all it had to say.

import Glibc
import Synchronization

extension TerminalSession {
    /// Whether all that was written is read, and no thread of the program (nor of the job a shell has in the foreground)
    /// has anything to do.
    public var isAtRest: Bool {
        if !state.withLock({ $0.isClosed }) {
            var source = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            if poll(&source, 1, 0) > 0 && source.revents & Int16(POLLIN) != 0 { return false }
        }
        return Set([pid, foregroundGroup]).allSatisfy { !Self.isBusy($0) }
    }

    /// Waits until the program rests, looked at twice: between what it read and what it does about that it may seem to.
    func waitForRest(until deadline: ContinuousClock.Instant) async throws {
        var count = 0
        while count < 2 && ContinuousClock.now < deadline {
            count = isAtRest ? count + 1 : 0
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// Whether one of the threads runs or waits to run. A process that is gone is not busy.
    private static func isBusy(_ pid: Int32) -> Bool {
        guard pid > 0, let tasks = opendir("/proc/\(pid)/task") else { return false }
        defer { closedir(tasks) }
        while let entry = readdir(tasks) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name != "." && name != "..", let file = fopen("/proc/\(pid)/task/\(name)/stat", "r") else { continue }
            defer { fclose(file) }
            var bytes = [UInt8](repeating: 0, count: 512)
            let text = bytes[..<fread(&bytes, 1, bytes.count, file)]
            // "pid (name) state …": the name may hold anything.
            guard let end = text.lastIndex(of: UInt8(ascii: ")")), end + 2 < text.endIndex else { continue }
            if [UInt8(ascii: "R"), UInt8(ascii: "D")].contains(text[end + 2]) { return true }
        }
        return false
    }
}
