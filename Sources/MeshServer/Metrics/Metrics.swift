// What a server counts, in the text format of Prometheus. Labels are patterns and words of ours, never what a request
// brought. To add a counter: `count` where it happens; a gauge: a line in `MetricsController`.

internal import FoundationEssentials
internal import Synchronization

final class Metrics: Sendable {
    private struct Series: Hashable {
        var name: String
        var labels: [String: String]
    }

    private let values = Mutex<[Series: Double]>([:])

    /// Adds to a counter, `…_total` or `…_sum`.
    func count(_ name: String, _ labels: [String: String] = [:], by amount: Double = 1) {
        values.withLock { $0[Series(name: name, labels: labels), default: 0] += amount }
    }

    /// One request that was answered.
    func answered(method: String, route: String, status: Int, seconds: Double) {
        let labels = ["method": method, "route": route]
        count("claudemesh_http_requests_total", labels.merging(["status": String(status)]) { $1 })
        count("claudemesh_http_request_seconds_sum", labels, by: seconds)
        count("claudemesh_http_request_seconds_count", labels)
    }

    /// Every counter and the gauges given, one line each, sorted.
    func text(gauges: [String: Int]) -> String {
        let counted = values.withLock { values in
            values.map { series, value in "\(series.name)\(Self.text(series.labels)) \(Self.text(value))" }
        }
        let types = Set(values.withLock { $0.keys.map(\.name) }).map { "# TYPE \($0) counter" }
        let shown = gauges.flatMap { ["# TYPE \($0.key) gauge", "\($0.key) \($0.value)"] }
        // A type stands before its series: "#" sorts first, so group by name.
        return (counted + types + shown).sorted { Self.order($0) < Self.order($1) }.joined(separator: "\n") + "\n"
    }

    private static func order(_ line: String) -> String {
        guard line.hasPrefix("# TYPE ") else { return line.prefix { $0 != "{" && $0 != " " } + "\u{1}" + line }
        return line.dropFirst(7).prefix { $0 != " " } + "\u{0}"
    }

    private static func text(_ labels: [String: String]) -> String {
        guard !labels.isEmpty else { return "" }
        let pairs = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }
        return "{" + pairs.joined(separator: ",") + "}"
    }

    private static func text(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(value)
    }
}
