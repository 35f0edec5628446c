// The signals by which a person or the system ends a program, as a stream: for the few commands that have something to
// clean up first.

import CPosix
import Console
import Dispatch
import Platform

enum Interruption {
    /// SIGINT, SIGTERM and SIGHUP from now on, for the rest of the process. Whoever listens must die of them.
    static func stream() -> AsyncStream<Int32> {
        cp_guard_install()
        return AsyncStream { continuation in
            let sources = [SignalNumber.interrupt, SignalNumber.terminate, SignalNumber.hangUp].map { number in
                SignalNumber.ignore(number)
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                source.setEventHandler { @Sendable in continuation.yield(number) }
                source.resume()
                return Held(source: source)
            }
            continuation.onTermination = { _ in for held in sources { held.source.cancel() } }
        }
    }

    /// Dispatch objects may be used from any thread.
    private struct Held: @unchecked Sendable {
        var source: any DispatchSourceSignal
    }
}
