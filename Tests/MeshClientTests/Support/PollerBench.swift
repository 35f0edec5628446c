// A poller with a clock beside it, in seconds.

import MeshAPI
import Testing

@testable import MeshClient

/// A machine and its clock, in seconds.
struct PollerBench {
    var poller: DeviceCodePoller
    var time = Duration.zero

    var now: Double { time.seconds }

    init(interval: Double? = 1.5, waitMax: Int? = nil, life: Double = 600) {
        poller = DeviceCodePoller(
            LiveDeviceCode(deviceCode: "d", interval: interval, waitMax: waitMax, endsAt: .seconds(life)))
    }

    /// What follows from `input`, `after` seconds later.
    mutating func step(after seconds: Double = 0, _ input: DeviceCodePoller.Input) -> DeviceCodePoller.Step {
        time += at(seconds)
        return poller.handle(input, at: time)
    }

    mutating func next(after seconds: Double = 0, _ input: DeviceCodePoller.Input) -> DeviceCodePoller.Next {
        step(after: seconds, input).next
    }

    /// Waits as long as the machine wants.
    mutating func due(_ next: DeviceCodePoller.Next) -> DeviceCodePoller.Next {
        guard case .wait(let until) = next else {
            Issue.record("it does not wait: \(next)")
            return next
        }
        time = max(time, until)
        return self.next(.due)
    }
}

/// Seconds, without the noise of binary fractions.
func at(_ seconds: Double) -> Duration { .milliseconds(Int((seconds * 1000).rounded())) }
