// Names, roles and slugs.

import Foundation
import MeshAPI
import Testing
import Text

@Suite struct FieldRuleTests {
    @Test(
        arguments: [
            ("Bianca", nil), ("Rodríguez Ñandú", nil), ("漢", nil), ("👨‍👩‍👧", nil), ("a b", nil),
            (String(repeating: "é", count: 64), nil),
            (String(repeating: "👩🏻‍❤️‍💋‍👩🏼", count: 64), nil), (String(repeating: "a", count: 65), .tooLong(max: 64)),
            ("a" + String(repeating: "\u{301}", count: 3000), .tooLong(max: 64)), ("", .nothingVisible),
            ("   ", .nothingVisible),
            ("\u{A0}\u{2003}\u{3000}", .nothingVisible), ("\u{200B}\u{200D}", .nothingVisible),
            ("\u{3164}\u{115F}", .nothingVisible), ("\u{2800}", .nothingVisible),
            ("\u{301}", .nothingVisible), ("\u{E0041}", .nothingVisible), ("a\tb", .control), ("a\n", .control),
            ("\u{1b}[31m", .control), ("a\u{9b}", .control),
            ("a\u{2028}b", .control), ("a\u{7f}", .control),
            ("a\u{202E}b", .control), ("a\u{2067}b\u{2069}", .control), ("a\u{200F}", .control), ("a\u{61C}", .control),
            ("a\u{200B}b", .control), ("a\u{FEFF}", .control), ("a\u{2060}", .control), ("a\u{FFF9}", .control),
            // Not seen, wherever they stand; and what belongs to an emoji, a flag or a script, alone.
            ("a\u{AD}b", .control), ("a\u{34F}b", .control), ("a\u{180E}b", .control), ("a\u{206A}", .control),
            ("a\u{17B4}", .control), ("a\u{1D173}", .control), ("a\u{115F}", .control), ("a\u{E0100}", .control),
            ("葛\u{E0100}", .control), ("a\u{FE0F}", .control), ("1\u{FE0F}", .control), ("❤\u{FE0F}\u{FE0F}", .control),
            ("a\u{200D}b", .control), ("a\u{200C}b", .control), ("ab\u{200D}", .control), ("می\u{200C}", .control),
            ("👨\u{200D}", .control), ("👨\u{200D}b", .control), ("👨\u{200C}👩", .control), ("a\u{E0061}", .control),
            ("🏴\u{E0067}\u{E0062}", .control), ("a\u{E007F}", .control),
            ("❤️‍🔥", nil), ("👁️‍🗨️", nil), ("🏳️‍🌈", nil), ("👩🏽‍⚕️", nil), ("1️⃣", nil), ("☺︎", nil), ("©️", nil), ("🇨🇱", nil),
            ("cm_pat_abcd", .token), ("my cm_session_" + String(repeating: "a", count: 52), .token),
            ("cm_pat_", nil), ("cm_pattern", nil),
            ("ශ්\u{200D}රී", nil), ("क्\u{200D}ष", nil),
            ("می\u{200C}خواهم", nil), ("🏴\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}", nil), ("שלום", nil),
        ] as [(String, FieldProblem?)])
    func judgesNames(text: String, problem: FieldProblem?) {
        #expect(FieldRule.name.problem(of: text) == problem)
    }

    /// Where every code point comes by itself, a name on its way is not refused for what is to follow.
    @Test(arguments: ["👨‍👩‍👧", "❤️‍🔥", "1️⃣", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "می\u{200C}خواهم"])
    func takesWhatIsTyped(text: String) {
        var typed = ""
        for scalar in text.unicodeScalars {
            typed.unicodeScalars.append(scalar)
            #expect(FieldRule.name.problem(of: typed, isWhole: false) == nil)
        }
        #expect(FieldRule.name.problem(of: "a\u{AD}", isWhole: false) == .control)
    }

    /// No character that Unicode calls ignorable passes beside Latin letters.
    @Test func nothingUnseenPassesBetweenLetters() {
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value), scalar.properties.isDefaultIgnorableCodePoint else { continue }
            #expect(FieldRule.name.problem(of: "a\(scalar)b") == .control, "\(String(value, radix: 16))")
            #expect(UnseenCharacters.removed(from: "a\(scalar)b") == "ab", "\(String(value, radix: 16))")
        }
    }

    @Test func rolesAreShorter() {
        #expect(FieldRule.role.problem(of: String(repeating: "r", count: 32)) == nil)
        #expect(FieldRule.role.problem(of: String(repeating: "r", count: 33)) == .tooLong(max: 32))
    }
}

@Suite struct SlugTests {
    @Test(arguments: [
        ("Platform Team", "platform-team"), ("Valentina's mesh", "valentinas-mesh"),
        ("Valentina’s mesh", "valentinas-mesh"), ("O`Brien ʼn ´x", "obrien-n-x"),
        ("Diseño Gráfico", "diseno-grafico"), ("e\u{301}te\u{301}", "ete"), ("İstanbul", "istanbul"),
        ("--a__b//c--", "a-b-c"), ("  x  ", "x"), ("", "mesh"),
        ("漢字", "mesh"), ("👍", "mesh"), ("'", "mesh"), ("-", "mesh"), ("a\u{200D}b", "a-b"), ("a\r\nb", "a-b"),
        ("v2.0", "v2-0"), ("١٢٣", "mesh"), ("Ⅳ", "iv"), ("Łódź", "lodz"), ("Straße", "strasse"), ("Ørsted", "orsted"),
        ("Đà Nẵng", "da-nang"), ("Æsir", "aesir"), ("Sıkı", "siki"), ("Þór", "thor"), ("Ðe", "de"), ("Œuvre", "oeuvre"),
        ("ＦＵＬＬ", "full"), ("ﬁne", "fine"), ("℡", "tel"),
        ("a漢b", "a-b"), (String(repeating: "a", count: 50), String(repeating: "a", count: 40)),
        (String(repeating: "a", count: 39) + " b", String(repeating: "a", count: 39)),
        (String(repeating: "ab-", count: 20), "ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-a"),
    ])
    func fromNames(name: String, slug: String) {
        #expect(Slug.from(name) == slug)
        #expect(Slug.from(slug) == slug && Slug.isValid(slug))
    }

    @Test(arguments: ["", "A", "-a", "a-", "a--b", "a b", "ñ", "a'b", String(repeating: "a", count: 41)])
    func refuses(text: String) {
        #expect(!Slug.isValid(text))
    }
}

@Suite struct FoldingTests {
    @Test(arguments: [
        ("ÁÉÍÑÜ", "aeinu"), ("e\u{301}", "e"), ("ПЛАТФОРМА Й", "платформа и"), ("ガ", "カ"), ("한국", "한국"), ("ΑΎ", "αυ"),
        ("漢字", "漢字"), ("Ångström", "angstrom"), ("ŁÓDŹ", "lodz"), ("GROẞE", "grosse"), ("ｶﾞ", "カ"), ("a…", "a..."),
    ])
    func folds(text: String, folded: String) {
        #expect(text.folded() == folded)
    }

    /// The short cuts give what the whole decomposition gives, for every scalar but those of Hangul syllables.
    @Test func agreesWithTheDecomposition() {
        for value in UInt32(0x80)...0x2FFFF {
            guard let scalar = Unicode.Scalar(value), !(0xAC00...0xD7A3).contains(value) else { continue }
            let text = "a\(scalar)b"
            let expected = text.decomposedStringWithCanonicalMapping.unicodeScalars.filter {
                ![.nonspacingMark, .spacingMark, .enclosingMark].contains($0.properties.generalCategory)
            }
            #expect(text.withoutMarks().unicodeScalars.elementsEqual(expected), "\(String(value, radix: 16))")
        }
    }
}
