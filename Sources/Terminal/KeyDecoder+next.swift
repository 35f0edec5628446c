// The first thing in a run of bytes: a key, a sequence, a character, or not enough bytes yet.
// To add a kind of sequence: a case in `afterEscape`.

import Canvas

extension KeyDecoder {
    typealias Found = (sequence: Sequence, length: Int)

    /// What `bytes` begin with and how many bytes that is; nil when the rest of it is still to come, which is never so
    /// with `isFinal`.
    func next(in bytes: ArraySlice<UInt8>, isFinal: Bool) -> Found? {
        guard let first = bytes.first else { return nil }
        switch first {
        case 0x1B: return afterEscape(bytes, isFinal: isFinal)
        case 0x09: return (.key(.tab), 1)
        case 0x0A, 0x0D: return (.key(.enter), 1)
        case 0x08, 0x7F: return (.key(.backspace), 1)
        case 0x00..<0x20: return (.key(.control(Self.letter(ofControl: first))), 1)
        default: return character(bytes, isFinal: isFinal)
        }
    }

    /// 1 is `a`; 0 and 28 to 31 are `@ \ ] ^ _`.
    private static func letter(ofControl byte: UInt8) -> Character {
        Character(Unicode.Scalar((1...26).contains(byte) ? byte + 0x60 : byte + 0x40))
    }

    private func afterEscape(_ bytes: ArraySlice<UInt8>, isFinal: Bool) -> Found? {
        if let known = terminalKeys.first(where: { bytes.starts(with: $0.sequence) }) {
            return (.key(known.key), known.sequence.count)
        }
        let rest = bytes.dropFirst()
        guard let second = rest.first else { return isFinal ? (.key(.escape), 1) : nil }
        if rest.count == 1 && isFinal { return alt(rest, isFinal: true) }
        switch second {
        case UInt8(ascii: "["): return csi(rest.dropFirst(), isFinal: isFinal)
        case UInt8(ascii: "O"):
            guard let final = rest.dropFirst().first else { return nil }
            return (EscapeSequences.ss3(final: final), 3)
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"):
            return answer(rest.dropFirst(), isFinal: isFinal)
        default: return alt(rest, isFinal: isFinal)
        }
    }

    /// Escape and a character are Alt; Escape and a control are two keys, but Alt-Backspace takes a word.
    private func alt(_ rest: ArraySlice<UInt8>, isFinal: Bool) -> Found? {
        if rest.first == 0x7F || rest.first == 0x08 { return (.key(.control("w")), 2) }
        guard let first = rest.first, first >= 0x20 else { return (.key(.escape), 1) }
        guard let (found, length) = character(rest, isFinal: isFinal) else { return nil }
        guard case .key(.character(let character)) = found else { return (.nothing, length + 1) }
        return (.key(.alt(character)), length + 1)
    }

    /// What follows `ESC [`.
    private func csi(_ rest: ArraySlice<UInt8>, isFinal: Bool) -> Found? {
        if rest.first == UInt8(ascii: "[") {  // F1 to F5 of the Linux console
            guard let final = rest.dropFirst().first else { return isFinal ? (.nothing, 3) : nil }
            let number = Int(final) - 0x40
            return ((1...5).contains(number) ? .key(.function(number)) : .nothing, 4)
        }
        let parameters = rest.prefix { (0x30...0x3F).contains($0) }
        let intermediates = rest.dropFirst(parameters.count).prefix { (0x20...0x2F).contains($0) }
        let length = parameters.count + intermediates.count
        guard let final = rest.dropFirst(length).first else { return isFinal ? (.nothing, length + 2) : nil }
        // Not a sequence after all: what broke it is looked at anew.
        guard (0x40...0x7E).contains(final) else { return (.nothing, length + 2) }
        if length == 0 && final == UInt8(ascii: "M") { return oldMouse(rest.dropFirst(), isFinal: isFinal) }
        guard intermediates.isEmpty else { return (.nothing, length + 3) }
        return (EscapeSequences.csi(parameters: parameters, final: final), length + 3)
    }

    /// `ESC [ M` and three bytes, 32 above what they say: the report of a terminal without SGR mouse mode.
    private func oldMouse(_ rest: ArraySlice<UInt8>, isFinal: Bool) -> Found? {
        let report = rest.prefix(3)
        guard report.count == 3 else { return isFinal ? (.nothing, 3 + report.count) : nil }
        return (EscapeSequences.mouse(report.map { Int($0) - 32 }, UInt8(ascii: "M")), 6)
    }

    /// An answer of the terminal to a question some other program asked, up to BEL or `ESC \`: nothing to us.
    private func answer(_ rest: ArraySlice<UInt8>, isFinal: Bool) -> Found? {
        let body = rest.prefix { $0 != 0x07 && $0 != 0x1B }
        let end = rest.dropFirst(body.count)
        if end.first == 0x07 { return (.nothing, body.count + 3) }
        if end.count >= 2 { return (.nothing, body.count + (end.dropFirst().first == UInt8(ascii: "\\") ? 4 : 2)) }
        return isFinal || body.count > 4096 ? (.nothing, body.count + 2) : nil
    }

    /// One scalar of UTF-8; what is none is U+FFFD, C1 controls are nothing.
    private func character(_ bytes: ArraySlice<UInt8>, isFinal: Bool) -> Found? {
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.prefix(4).makeIterator()
        switch parser.parseScalar(from: &iterator) {
        case .valid(let encoded):
            let scalar = Unicode.UTF8.decode(encoded)
            let isControl = (0x80..<0xA0).contains(scalar.value)
            return (isControl ? .nothing : .key(.character(Character(scalar))), encoded.count)
        case .error(let length):
            let lead = bytes.first ?? 0
            let wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
            let mayGoOn = (0xC2...0xF4).contains(lead) && length == bytes.count && length < wanted
            return mayGoOn && !isFinal ? nil : (.key(.character("\u{FFFD}")), length)
        case .emptyInput: return nil
        }
    }
}
