// A length of time as it is typed: `90s`, `10m`, `2h`, `7d`.

import ArgumentParser

struct TimeSpan: ExpressibleByArgument, CustomStringConvertible, Hashable, Sendable {
    var seconds: Int

    init(seconds: Int) { self.seconds = seconds }

    init?(argument: String) {
        guard let unit = argument.last.flatMap({ Self.units[$0] }), let count = Int(argument.dropLast()), count > 0,
            case let (seconds, isTooLong) = count.multipliedReportingOverflow(by: unit), !isTooLong
        else { return nil }
        self.seconds = seconds
    }

    /// In the largest unit that it is whole in.
    var description: String {
        for (unit, length) in [("d", 86_400), ("h", 3600), ("m", 60)] where seconds % length == 0 {
            return "\(seconds / length)\(unit)"
        }
        return "\(seconds)s"
    }

    private static let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
}
