// What the sequences mean that terminals send for keys and the mouse. Pure.
// To add one: the final byte in `csi` or `ss3`, or the number before `~` in `tilde`; its line in the test's table.

import Canvas

/// The result of reading one sequence.
enum Sequence: Equatable {
    case key(Key)
    case mouse(MouseEvent)
    case pasteStart
    case focus(Bool)
    /// Understood to be a sequence, and of no use to us.
    case nothing
}

enum EscapeSequences {
    /// `ESC [ parameters final`: `parameters` with their private marker, without intermediates.
    static func csi(parameters: ArraySlice<UInt8>, final: UInt8) -> Sequence {
        if parameters.first == UInt8(ascii: "<") { return mouse(numbers(parameters.dropFirst()), final) }
        if let first = parameters.first, first >= UInt8(ascii: "<") { return .nothing }
        if parameters.isEmpty, final == UInt8(ascii: "I") || final == UInt8(ascii: "O") {
            return .focus(final == UInt8(ascii: "I"))
        }
        let numbers = numbers(parameters)
        let modifier = numbers.count > 1 ? numbers[1] : 1
        switch final {
        case UInt8(ascii: "~"): return tilde(numbers, modifier)
        case UInt8(ascii: "u"): return codepoint(numbers.first ?? 0, modifier)
        case UInt8(ascii: "Z"): return .key(.backTab)
        case UInt8(ascii: "R") where (numbers.first ?? 0) > 1: return .nothing  // where the cursor is, not F3
        case UInt8(ascii: "A")...UInt8(ascii: "S"): return cursor(final, modifier)
        default: return .nothing
        }
    }

    /// `ESC O final`, what keys send in application mode.
    static func ss3(final: UInt8) -> Sequence {
        switch final {
        case UInt8(ascii: "M"): .key(.enter)
        case UInt8(ascii: "I"): .key(.tab)
        case UInt8(ascii: "j")...UInt8(ascii: "y"):  // the keypad: * + , - . / 0 to 9
            .key(.character(Character(Unicode.Scalar(final - 0x40))))
        default: cursor(final, 1)
        }
    }

    private static func cursor(_ final: UInt8, _ modifier: Int) -> Sequence {
        // With Ctrl or Alt (2 is Shift) the arrows go by words, as readline has it.
        let byWord = modifier > 2
        switch final {
        case UInt8(ascii: "A"): return .key(.up)
        case UInt8(ascii: "B"): return .key(.down)
        case UInt8(ascii: "C"): return .key(byWord ? .alt("f") : .right)
        case UInt8(ascii: "D"): return .key(byWord ? .alt("b") : .left)
        case UInt8(ascii: "F"): return .key(.end)
        case UInt8(ascii: "H"): return .key(.home)
        case UInt8(ascii: "P")...UInt8(ascii: "S"): return .key(.function(Int(final) - 0x4F))
        default: return .nothing
        }
    }

    private static func tilde(_ numbers: [Int], _ modifier: Int) -> Sequence {
        switch numbers.first ?? 0 {
        case 1, 7: .key(.home)
        case 3: .key(.delete)
        case 4, 8: .key(.end)
        case 5: .key(.pageUp)
        case 6: .key(.pageDown)
        case let n where (11...15).contains(n): .key(.function(n - 10))
        case let n where (17...21).contains(n): .key(.function(n - 11))
        case let n where (23...24).contains(n): .key(.function(n - 12))
        case 27: codepoint(numbers.count > 2 ? numbers[2] : 0, modifier)
        case 200: .pasteStart
        default: .nothing
        }
    }

    /// A key as a character and its modifiers, as terminals send it that were told to by another program.
    private static func codepoint(_ code: Int, _ modifier: Int) -> Sequence {
        guard let scalar = Unicode.Scalar(UInt32(clamping: code)) else { return .nothing }
        let held = max(0, modifier - 1)
        switch scalar.value {
        case 9: return .key(held & 1 == 0 ? .tab : .backTab)
        case 13: return .key(.enter)
        case 27: return .key(.escape)
        case 8, 127: return .key(.backspace)
        case 0..<32, 0x80..<0xA0, 0xE000..<0xF900: return .nothing
        default:
            let character = Character(scalar)
            if held & 4 != 0 { return .key(.control(Character(character.lowercased()))) }
            return .key(held & 2 != 0 ? .alt(character) : .character(character))
        }
    }

    /// A mouse report, 1-based: button, column, row. `M` is a press.
    static func mouse(_ numbers: [Int], _ final: UInt8) -> Sequence {
        guard numbers.count == 3, final == UInt8(ascii: "M") else { return .nothing }
        let point = Point(x: max(0, numbers[1] - 1), y: max(0, numbers[2] - 1))
        let shiftControlAlt = 4 | 8 | 16
        switch numbers[0] & ~shiftControlAlt {
        case 0: return .mouse(MouseEvent(.click, at: point))
        case 64: return .mouse(MouseEvent(.wheelUp, at: point))
        case 65: return .mouse(MouseEvent(.wheelDown, at: point))
        default: return .nothing
        }
    }

    /// Numbers between semicolons; missing ones are 0, long ones cut at nine digits.
    private static func numbers(_ bytes: ArraySlice<UInt8>) -> [Int] {
        bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { digits in
            digits.prefix { $0 >= 0x30 && $0 <= 0x39 }.prefix(9).reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
    }
}
