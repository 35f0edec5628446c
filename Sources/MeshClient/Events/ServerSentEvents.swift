// A stream of text as events: bytes in, whole events out. Pure. Lines end with LF or CRLF, as servers send them.

internal import FoundationEssentials

struct ServerSentEvents {
    struct Block: Sendable, Hashable {
        var type = "message"
        var id: String?
        var data = ""
    }

    /// No line and no event is longer: a server that never ends one must not fill the memory.
    static let most = 8 << 20

    private var line: [UInt8] = []
    private var block = Block()
    private var lines: [String] = []
    private var size = 0
    /// The id of the last whole block, also of one without data.
    private(set) var lastID: String?
    /// Milliseconds to wait before one comes back, where the server said so.
    private(set) var retry: Int?

    /// Takes bytes; gives the events that are whole now. Nil where it is no such stream.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [Block]? {
        var whole: [Block] = []
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") else {
                line.append(byte)
                if line.count > Self.most { return nil }
                continue
            }
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if line.isEmpty {
                if let done = end() { whole.append(done) }
            } else {
                read(String(decoding: line, as: UTF8.self))
                if size > Self.most { return nil }
            }
            line.removeAll(keepingCapacity: true)
        }
        return whole
    }

    private mutating func read(_ line: String) {
        guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else { return }
        var value = line[line.index(after: colon)...]
        if value.first == " " { value.removeFirst() }
        switch line[..<colon] {
        case "event": block.type = String(value)
        case "id": block.id = String(value)
        case "retry": retry = Int(value) ?? retry
        case "data":
            lines.append(String(value))
            size += value.utf8.count
        default: break
        }
    }

    private mutating func end() -> Block? {
        defer { (block, lines, size) = (Block(), [], 0) }
        if let id = block.id { lastID = id }
        guard !lines.isEmpty else { return nil }
        block.data = lines.joined(separator: "\n")
        return block
    }
}
