// From the bytes of a terminal to what a person did. Pure; the clock is handed in, so that all of it can be tested.
// Sequences themselves are in EscapeSequences.swift, unmarked pastes in BurstFilter.swift.

import Canvas

/// Reads bytes as they come, in whatever pieces. Call `expire` when `deadline` has passed without more bytes.
struct KeyDecoder {
    /// A paste may be this long; the rest of it is dropped.
    static let longestPaste = 8 << 20
    /// How long the rest of a sequence or of a character may be under way.
    static let patience: Duration = .seconds(1)
    /// A paste whose end does not come is over after this silence, or the keyboard would be dead.
    static let pastePatience: Duration = .seconds(5)
    private static let interrupt: UInt8 = 0x03
    private static let pasteEnd = Array("\u{1B}[201~".utf8)

    /// How long after an Escape byte more bytes still belong to it.
    let escapeDelay: Duration
    /// Sequences of this very terminal, longest first.
    let terminalKeys: [(sequence: [UInt8], key: Key)]

    private var pending: [UInt8] = []
    private var paste: [UInt8]?
    /// Up to where the paste holds no end mark.
    private var searched = 0
    private var lastTime: Duration = .zero
    private var burst = BurstFilter()

    init(escapeDelay: Duration = .milliseconds(25), terminalKeys: [(sequence: [UInt8], key: Key)] = []) {
        self.escapeDelay = escapeDelay
        self.terminalKeys = terminalKeys.sorted { $0.sequence.count > $1.sequence.count }
    }

    /// When `expire` is to be called, on the clock of `feed`.
    var deadline: Duration? {
        if paste != nil { return lastTime + Self.pastePatience }
        guard let first = pending.first else { return burst.deadline }
        let mayBeAlone = first == 0x1B && pending.count <= 2
        let own = lastTime + (mayBeAlone ? escapeDelay : Self.patience)
        return burst.deadline.map { min($0, own) } ?? own
    }

    /// Whether a paste has begun and not ended.
    var isInPaste: Bool { paste != nil }

    mutating func feed(_ bytes: some Collection<UInt8>, at now: Duration) -> [InputEvent] {
        var events = burst.expire(at: now)
        if paste != nil, bytes.allSatisfy({ $0 == Self.interrupt }) {
            // Somebody waits for a paste that does not end. One that does has no use for it: controls are dropped.
            guard now >= lastTime + Self.patience else { return events }
            events += cutPaste()
        }
        lastTime = now
        if paste != nil {
            paste?.append(contentsOf: bytes)
        } else {
            pending.append(contentsOf: bytes)
        }
        while true {
            if paste != nil {
                guard let event = endOfPaste() else { return events }
                events.append(event)
            }
            guard decode(at: now, into: &events, isFinal: false) else { return events }
        }
    }

    mutating func expire(at now: Duration) -> [InputEvent] {
        var events: [InputEvent] = []
        if now >= lastTime + Self.pastePatience { events += cutPaste() }
        if let deadline, !pending.isEmpty, now >= deadline {
            // What is left stands alone: an Escape, half a character, the start of a sequence.
            while !pending.isEmpty, paste == nil { _ = decode(at: now, into: &events, isFinal: true) }
        }
        return events + burst.expire(at: now)
    }

    /// Ends a paste whose end did not come.
    private mutating func cutPaste() -> [InputEvent] {
        defer { paste = nil }
        return paste.map { [.paste(String(decoding: $0, as: UTF8.self))] } ?? []
    }

    /// Gives out the keys that are held to see whether they are a paste; what is under way stays under way.
    mutating func settle() -> [InputEvent] { burst.settle() }

    /// Decodes what is pending; true when a paste has begun in it.
    private mutating func decode(at now: Duration, into events: inout [InputEvent], isFinal: Bool) -> Bool {
        var rest = pending[...]
        while let (found, length) = next(in: rest, isFinal: isFinal) {
            rest = rest.dropFirst(length)
            switch found {
            case .key(let key): events += burst.take(key, at: now, more: !rest.isEmpty)
            case .mouse(let event): events += burst.flush() + [.mouse(event)]
            case .focus(let isHere): events += burst.flush() + [.focus(isHere)]
            case .nothing: break
            case .pasteStart:
                events += burst.flush()
                burst.isMarked = true
                paste = Array(rest)
                searched = 0
                pending = []
                return true
            }
        }
        events += burst.endOfPiece()
        pending = Array(rest)
        return false
    }

    /// Looks for the mark that ends the paste; what follows it is pending again.
    private mutating func endOfPaste() -> InputEvent? {
        guard let length = paste?.count else { return nil }
        guard let end = markOffset() else {
            if length > Self.longestPaste + Self.pasteEnd.count {
                // The end is kept, where the mark may have begun.
                paste?.removeSubrange(Self.longestPaste..<length - Self.pasteEnd.count)
            }
            searched = max(0, (paste?.count ?? 0) - Self.pasteEnd.count)
            return nil
        }
        pending = Array(paste?[(end + Self.pasteEnd.count)...] ?? [])
        let text = String(decoding: paste?[..<min(end, Self.longestPaste)] ?? [], as: UTF8.self)
        paste = nil
        return .paste(text)
    }

    /// Where the mark stands in the paste; no byte is looked at twice.
    private func markOffset() -> Int? {
        guard let paste else { return nil }
        return paste.withUnsafeBytes { bytes in
            var from = searched
            while let escape = bytes[from...].firstIndex(of: 0x1B) {
                if bytes[escape...].starts(with: Self.pasteEnd) { return escape }
                from = escape + 1
            }
            return nil
        }
    }
}
