// The one thing in which our SQL differs from PostgreSQL's: a parameter is `?1` there and `$1` here.

enum NumberedParameters {
    /// `sql` with `$` in the place of each `?` outside of quotes.
    static func postgres(_ sql: String) -> String {
        var quote: UInt8?
        var out: [UInt8] = []
        out.reserveCapacity(sql.utf8.count)
        for byte in sql.utf8 {
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                quote = byte
            } else if byte == UInt8(ascii: "?") {
                out.append(UInt8(ascii: "$"))
                continue
            }
            out.append(byte)
        }
        return String(decoding: out, as: UTF8.self)
    }
}
