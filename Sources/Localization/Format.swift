// Numbers, dates and times as each language writes them. Pure: the clock and the zone come from outside.

public import FoundationEssentials

extension Strings {
    /// `3,000` in English; `3000`, `12.000` in Spanish (no separator in four digits).
    public func number(_ value: Int) -> String {
        let digits = String(value.magnitude)
        guard digits.count > (language == .es ? 4 : 3) else { return String(value) }
        var out = ""
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index) % 3 == 0 { out.append(language == .es ? "." : ",") }
            out.append(digit)
        }
        return value < 0 ? "-" + out : out
    }

    /// `9:50`, `0:07`: minutes and seconds left.
    public func countdown(_ seconds: Int) -> String {
        let seconds = max(0, seconds)
        return "\(seconds / 60):\(Self.twoDigits(seconds % 60))"
    }

    /// `18:04`, or `18:04:31`, on the wall clock `offset` seconds east of Greenwich.
    public func time(_ date: Date, offset: Int, seconds: Bool = false) -> String {
        let second = Self.wallSeconds(date, offset: offset) - Self.wallDay(date, offset: offset) * 86_400
        let parts = [second / 3600, second / 60 % 60] + (seconds ? [second % 60] : [])
        return parts.map(Self.twoDigits).joined(separator: ":")
    }

    /// `18 Nov`, and with the year where it is not `now`'s: `3 Mar 2027`, `3 mar 2027`.
    public func date(_ date: Date, now: Date, offset: Int) -> String {
        let day = Self.civil(Self.wallDay(date, offset: offset))
        let short = "\(day.day) \(months[day.month - 1])"
        return day.year == Self.civil(Self.wallDay(now, offset: offset)).year ? short : "\(short) \(day.year)"
    }

    /// `today 18:04`, `yesterday 18:04`, else the date.
    public func dayAndTime(_ date: Date, now: Date, offset: Int) -> String {
        switch Self.wallDay(now, offset: offset) - Self.wallDay(date, offset: offset) {
        case 0: self(.today, ["time": time(date, offset: offset)])
        case 1: self(.yesterday, ["time": time(date, offset: offset)])
        default: self.date(date, now: now, offset: offset)
        }
    }

    /// `18:04` of today, else the date: where there is little room.
    public func timeOrDate(_ date: Date, now: Date, offset: Int) -> String {
        let isToday = Self.wallDay(now, offset: offset) == Self.wallDay(date, offset: offset)
        return isToday ? time(date, offset: offset) : self.date(date, now: now, offset: offset)
    }

    /// `in 6 days`, `in 5 hours`, `in 10 minutes`: rounded, in the largest unit of which there are at least two (or one).
    public func until(seconds: Int) -> String {
        func rounded(to unit: Int) -> Int { (max(0, seconds) + unit / 2) / unit }
        if rounded(to: 3600) >= 48 { return self(.inDays, count: rounded(to: 86_400)) }
        if rounded(to: 60) >= 60 { return self(.inHours, count: rounded(to: 3600)) }
        return self(.inMinutes, count: max(1, rounded(to: 60)))
    }

    private var months: [String] {
        switch language {
        case .en: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        case .es: ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"]
        }
    }

    private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }

    private static func wallSeconds(_ date: Date, offset: Int) -> Int {
        // Beyond these bounds (the years 0 to 9999) a date is a mistake, and must not trap.
        Int(min(max(date.timeIntervalSince1970, -62_167_219_200), 253_402_300_799).rounded(.down)) + offset
    }

    private static func wallDay(_ date: Date, offset: Int) -> Int {
        Int((Double(wallSeconds(date, offset: offset)) / 86_400).rounded(.down))
    }

    /// Days since 1970-01-01 to a civil date. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
