// The one thing in which our SQL differs from PostgreSQL's: a parameter is `?1` there and `$1` here.

enum NumberedParameters {
    /// `sql` with `$` in the place of each `?` outside of quotes, its numbers higher by `shift`.
    static func postgres(_ sql: some StringProtocol, shift: Int = 0) -> String {
        var quote: UInt8?
        var number: Int?
        var out: [UInt8] = []
        out.reserveCapacity(sql.utf8.count)
        func end() {
            if let known = number { out.append(contentsOf: String(known + shift).utf8) }
            number = nil
        }
        for byte in sql.utf8 {
            if let known = number, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
                number = known * 10 + Int(byte - UInt8(ascii: "0"))
                continue
            }
            end()
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                quote = byte
            } else if byte == UInt8(ascii: "?") {
                out.append(UInt8(ascii: "$"))
                number = 0
                continue
            }
            out.append(byte)
        }
        end()
        return String(decoding: out, as: UTF8.self)
    }

    /// Whether `sql` brings one row and does nothing else, so that one statement can bring several.
    static func bringsRow(_ sql: String) -> Bool {
        sql.hasPrefix("INSERT INTO ") && sql.hasSuffix(")") && sql.contains("VALUES (")
            && !sql.contains("ON CONFLICT") && !sql.contains("RETURNING")
    }

    /// `sql`, which `bringsRow`, for several rows of so many parameters each.
    static func postgres(_ sql: String, rows: Int, of parameters: Int) -> String {
        guard rows > 1, let values = sql.firstRange(of: "VALUES (") else { return postgres(sql) }
        let row = sql[values.lowerBound...].dropFirst("VALUES ".count)
        let all = (0..<rows).map { postgres(row, shift: $0 * parameters) }
        return "\(sql[..<values.lowerBound])VALUES \(all.joined(separator: ", "))"
    }
}
