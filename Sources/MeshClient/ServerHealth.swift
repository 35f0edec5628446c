// What a server says of itself without a token: that it is there, its version, and its clock.

package import FoundationEssentials
package import MeshAPI

/// A server that answers.
package struct ServerHealth: Sendable, Hashable {
    package var version: String?
    /// Its clock when it answered, to the second; nil where it does not say.
    package var date: Date?

    package init(version: String?, date: Date?) {
        self.version = version
        self.date = date
    }
}

extension APIClient {
    /// `GET /health`.
    package func health() async throws(APIFailure) -> ServerHealth {
        struct Body: Decodable { var version: String? }
        let request = APIRequest(method: .get, path: Routes.health.path())
        let reply = try await transport.send(request, to: server, within: timeout)
        let data = try reply.accepted()
        do {
            return ServerHealth(version: try WireJSON.decode(Body.self, from: data).version, date: reply.date)
        } catch {
            throw .unreachable(.malformed)
        }
    }
}

enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Reads `Sat, 21 Nov 2026 04:08:39 GMT` (IMF-fixdate, RFC 9110); nil for anything else.
    static func parse(_ text: String) -> Date? {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 6, words[5] == "GMT", words[0].hasSuffix(","),
            let day = number(words[1], 1...31), let month = months.firstIndex(of: String(words[2])),
            let year = number(words[3], 1970...9999)
        else { return nil }
        let clock = words[4].split(separator: ":", omittingEmptySubsequences: false)
        guard clock.count == 3, let hour = number(clock[0], 0...23), let minute = number(clock[1], 0...59),
            let second = number(clock[2], 0...60)
        else { return nil }
        let days = daysSince1970(year, month + 1, day)
        return Date(timeIntervalSince1970: Double(days * 86_400 + hour * 3600 + minute * 60 + second))
    }

    private static func number(_ text: Substring, _ range: ClosedRange<Int>) -> Int? {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let value = Int(text),
            range.contains(value)
        else { return nil }
        return value
    }

    /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let yearOfEra = shifted % 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return shifted / 400 * 146_097 + dayOfEra - 719_468
    }
}
