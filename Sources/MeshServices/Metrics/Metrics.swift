// What a server counts, in the text format of Prometheus. Labels are patterns and words of ours, never what a request
// brought. To add a counter: `count` where it happens; a gauge: a line in `MetricsController`.

internal import FoundationEssentials
internal import Synchronization

package final class Metrics: Sendable {
    private struct Series: Hashable {
        var name: String
        var labels: [String: String]
    }

    /// What one request is counted under: small, since every request looks it up.
    private struct Answer: Hashable {
        var method: String
        var route: String
        var status: Int
    }

    private struct Tally {
        var count = 0
        var seconds = 0.0

        mutating func add(_ seconds: Double) {
            count += 1
            self.seconds += seconds
        }
    }

    private let values = Mutex<[Series: Double]>([:])
    private let answers = Mutex<[Answer: Tally]>([:])

    /// Adds to a counter, `…_total` or `…_sum`.
    package func count(_ name: String, _ labels: [String: String] = [:], by amount: Double = 1) {
        values.withLock { $0[Series(name: name, labels: labels), default: 0] += amount }
    }

    /// One request that was answered.
    package func answered(method: String, route: String, status: Int, seconds: Double) {
        answers.withLock { $0[Answer(method: method, route: route, status: status), default: Tally()].add(seconds) }
    }

    /// Every counter as it stands.
    private var counted: [Series: Double] {
        var out = values.withLock { $0 }
        for (answer, tally) in answers.withLock({ $0 }) {
            let labels = ["method": answer.method, "route": answer.route]
            func add(_ name: String, _ labels: [String: String], _ amount: Double) {
                out[Series(name: "claudemesh_http_\(name)", labels: labels), default: 0] += amount
            }
            add("requests_total", labels.merging(["status": String(answer.status)]) { $1 }, Double(tally.count))
            add("request_seconds_sum", labels, tally.seconds)
            add("request_seconds_count", labels, Double(tally.count))
        }
        return out
    }

    /// A value that goes up and down, of which there are several by label.
    package struct Gauge {
        package var name: String
        package var labels: [String: String]
        package var value: Int

        package init(name: String, labels: [String: String], value: Int) {
            (self.name, self.labels, self.value) = (name, labels, value)
        }
    }

    /// Every counter and the gauges given, one line each, sorted.
    package func text(gauges: [String: Int], labelled: [Gauge] = []) -> String {
        let counters = counted
        let lines = counters.map { "\($0.name)\(Self.text($0.labels)) \(Self.text($1))" }
        let types = Set(counters.keys.map(\.name)).map { "# TYPE \($0) counter" }
        let shown = gauges.flatMap { ["# TYPE \($0.key) gauge", "\($0.key) \($0.value)"] }
        let several = labelled.map { "\($0.name)\(Self.text($0.labels)) \($0.value)" }
        let kinds = Set(labelled.map(\.name)).map { "# TYPE \($0) gauge" }
        // A type stands before its series: "#" sorts first, so group by name.
        return (lines + types + shown + several + kinds).sorted { Self.order($0) < Self.order($1) }.joined(
            separator: "\n") + "\n"
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
