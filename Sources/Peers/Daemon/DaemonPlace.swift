// Where the daemon of a configuration directory lives: its folder, its socket, its lock.

internal import FoundationEssentials
internal import MeshStore
package import Platform

package struct DaemonPlace: Sendable, Hashable {
    /// What a socket's path holds, at most, wherever it runs.
    static let longest = 100

    /// `daemon` in the configuration directory, 0700.
    package let folder: String
    package let socket: String

    package var lock: String { "\(folder)/lock" }
    package var log: String { "\(folder)/log" }
    package var database: String { "\(folder)/daemon.sqlite" }

    /// - Parameters:
    ///   - configuration: the configuration directory.
    ///   - runtime: `XDG_RUNTIME_DIR`.
    package init(configuration: String, runtime: String?, uid: UInt32 = PrivateFolder.user) {
        folder = "\(configuration)/daemon"
        let plain = "\(folder)/sock"
        guard plain.utf8.count > Self.longest else {
            socket = plain
            return
        }
        let hash = SecretDigest.of(PrivateFolder.realPath(configuration) ?? configuration).prefix(16)
        let base = runtime.flatMap { $0.hasPrefix("/") && $0.utf8.count < 60 ? $0 : nil } ?? "/tmp"
        socket = "\(base)/claudemesh-\(uid)-\(hash)/sock"
    }

    /// Makes the folders where they are missing, 0700, and sees to it that they are this user's alone.
    package func prepare() throws(SystemError) {
        for path in Set([folder, String(socket.dropLast("/sock".count))]) { try PrivateFolder.make(path) }
    }

    /// The lock of the one daemon here, held as long as the value lives; nil where another has it.
    package func takeLock() throws(SystemError) -> FileLock? { try FileLock.take(lock) }
}
