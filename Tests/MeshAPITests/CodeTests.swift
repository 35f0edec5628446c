// Tokens, codes and links: their forms, and what looks like them and is not.

import Foundation
import MeshAPI
import Testing

private let body = String(repeating: "abcdefghijklmnopqrstuvwxyz234567", count: 2).prefix(52)

@Suite struct TokenFormTests {
    /// One that was given for something else is not shown, whole or in part.
    @Test func hidesTokens() {
        let token = TokenForm.make(.pat, bytes: Array(repeating: 7, count: 32))
        #expect(TokenForm.masked("a \(token)b, \(token.dropLast(40))") == "a cm_pat_…, cm_pat_…")
        #expect(TokenForm.masked("expected cm_pat_…, cm_session_ or cm_") == "expected cm_pat_…, cm_session_ or cm_")
    }

    @Test(arguments: [
        ("", TokenForm.Verdict.incomplete(have: 0)), ("c", .incomplete(have: 0)), ("cm_", .incomplete(have: 0)),
        ("cm_p", .incomplete(have: 0)), ("cm_pat", .incomplete(have: 0)), ("cm_pat_", .incomplete(have: 0)),
        ("cm_pat_a", .incomplete(have: 1)),
        ("cm_session_abc", .incomplete(have: 3)), ("cm_pat_\(body)", .complete(.pat)),
        ("cm_session_\(body)", .complete(.session)),
        ("cm_pat_\(body)a", .impossible(have: 53)), ("cm_pat_A", .impossible(have: 1)),
        ("cm_pat_1", .impossible(have: 1)),
        ("cm_pat_a b", .impossible(have: 3)), ("cm_pat_ñ", .impossible(have: 1)), ("x", .impossible(have: nil)),
        ("CM_PAT_", .impossible(have: nil)),
        ("cm_pet_", .impossible(have: nil)), (" cm_pat_", .impossible(have: nil)), ("cm__", .impossible(have: nil)),
    ])
    func judges(text: String, verdict: TokenForm.Verdict) {
        #expect(TokenForm.judge(text) == verdict)
    }

    @Test func everyPrefixOfATokenCanStillBecomeOne() {
        for kind in TokenForm.Kind.allCases {
            let token = kind.prefix + body
            for length in 0..<token.count {
                guard case .incomplete = TokenForm.judge(String(token.prefix(length)), among: [kind]) else {
                    Issue.record("\(token.prefix(length))")
                    continue
                }
            }
            #expect(TokenForm.kind(of: token, among: TokenForm.Kind.allCases) == kind)
            #expect((TokenForm.kind(of: token) == nil) == (kind == .key), "nobody signs in with a key")
            #expect(TokenForm.masked(token) == "\(kind.prefix)…" && TokenForm.isIn(token))
        }
    }

    /// RFC 4648, section 10, in lower case and without padding.
    @Test(arguments: [
        ("", ""), ("f", "my"), ("fo", "mzxq"), ("foo", "mzxw6"), ("foob", "mzxw6yq"), ("fooba", "mzxw6ytb"),
        ("foobar", "mzxw6ytboi"),
    ])
    func encodesBase32(text: String, encoded: String) {
        #expect(TokenForm.base32(Array(text.utf8)) == encoded)
    }

    @Test func makesWellFormedTokens() {
        for byte: UInt8 in [0, 0x55, 0xFF] {
            let token = TokenForm.make(.session, bytes: Array(repeating: byte, count: 32))
            #expect(TokenForm.kind(of: token) == .session)
            #expect(token.wholeMatch(of: /cm_(session|pat)_[a-z0-9]{32,}/) != nil)
        }
    }
}

@Suite struct ReadableCodeTests {
    @Test(
        arguments: [
            ("ABCDEFGH", "ABCD-EFGH"), ("abcd-efgh", "ABCD-EFGH"), (" ab cd - ef gh ", "ABCD-EFGH"),
            ("2345-6789", "2345-6789"), ("ABCD-EFG", nil),
            ("ABCD-EFGHJ", nil), ("ABCD-EFG0", nil), ("ABCD-EFGI", nil), ("ABCD-EFGO", nil), ("ABCD-EFG1", nil),
            ("ABCD_EFGH", nil), ("", nil),
            ("ABCDEFß", nil), ("ABCDEFG\u{17F}", nil), ("ＡＢＣＤＥＦＧＨ", nil), ("A\u{301}BCDEFGH", nil),
        ] as [(String, String?)])
    func normalizes(text: String, code: String?) {
        #expect(ReadableCode.normalize(text, length: ReadableCode.userCodeLength) == code)
    }

    @Test func makesCodesOfItsAlphabet() {
        #expect(ReadableCode.make(bytes: [0, 1, 2, 3, 31, 32, 255, 24]) == "ABCD-9A92")
        for byte in UInt8.min...UInt8.max {
            let code = ReadableCode.make(bytes: Array(repeating: byte, count: 12))
            #expect(ReadableCode.normalize(code, length: ReadableCode.inviteCodeLength) == code)
        }
        #expect(Set(ReadableCode.alphabet).count == 32)
    }
}

@Suite struct InviteReferenceTests {
    @Test(
        arguments: [
            ("https://claudemesh.com/i/ABCD-EFGH-JKLM", "https://claudemesh.com"),
            ("HTTPS://CLAUDEMESH.COM/I/ABCDEFGHJKLM", "https://claudemesh.com"),
            ("  https://claudemesh.com/i/abcd-efgh-jklm/ \n", "https://claudemesh.com"),
            ("http://127.0.0.1:7420/i/ABCDEFGHJKLM", "http://127.0.0.1:7420"),
            ("http://[::1]:7420/i/ABCDEFGHJKLM", "http://[::1]:7420"),
            ("https://claudemesh.com:443/i/ABCDEFGHJKLM", "https://claudemesh.com"),
            ("http://localhost:80/i/ABCDEFGHJKLM", "http://localhost"),
            ("https://host:80/i/ABCDEFGHJKLM", "https://host:80"),
            ("ABCD-EFGH-JKLM", nil), ("abcd efgh jklm", nil), ("ABCD–EFGH—JKLM", nil), ("“ABCD-EFGH-JKLM”.", nil),
            ("https://claudemesh.com/i/ABCD-EFGH-JKLM?utm_source=slack", "https://claudemesh.com"),
            ("https://claudemesh.com/i/ABCDEFGHJKLM?fbclid=x#top", "https://claudemesh.com"),
            ("https://claudemesh.com/i/ABCDEFGHJKLM/?x=1", "https://claudemesh.com"),
            ("https://claudemesh.com/i/ABCDEFGHJKLM.", "https://claudemesh.com"),
            ("(https://claudemesh.com/i/ABCDEFGHJKLM),", "https://claudemesh.com"),
            ("<https://claudemesh.com/i/ABCDEFGHJKLM>", "https://claudemesh.com"),
            ("'https://claudemesh.com/i/ABCDEFGHJKLM'", "https://claudemesh.com"),
            ("[Join us](https://claudemesh.com/i/ABCDEFGHJKLM)", "https://claudemesh.com"),
            (
                "[https://claudemesh.com/i/ABCDEFGHJKLM](https://claudemesh.com/i/ABCDEFGHJKLM)",
                "https://claudemesh.com"
            ),
            ("[http://[::1]:7420/i/ABCDEFGHJKLM]", "http://[::1]:7420"),
            ("claudemesh http://127.0.0.1:7420/i/ABCD-EFGH-JKLM", "http://127.0.0.1:7420"),
            ("Join here: https://claudemesh.com/i/ABCD–EFGH–JKLM!", "https://claudemesh.com"),
            ("claudemesh.com/i/ABCDEFGHJKLM", "https://claudemesh.com"),
            ("localhost:7420/i/ABCDEFGHJKLM", "http://localhost:7420"),
            ("\u{FEFF}https://claudemesh.com/i/ABCDEFGHJKLM\u{200B}", "https://claudemesh.com"),
        ] as [(String, String?)])
    func reads(text: String, server: String?) {
        #expect(InviteReference.parse(text) == InviteReference(code: "ABCD-EFGH-JKLM", server: server))
    }

    @Test(arguments: [
        "", "ABCD-EFGH", "https://claudemesh.com", "https://claudemesh.com/i/", "https://claudemesh.com/i/ABCD",
        "https://claudemesh.com/c/ABCDEFGHJKLM",
        "https://a.example/i/ABCDEFGHJKLM https://b.example/i/ABCDEFGHJKLM",
        "https://evil.example/?u=https://claudemesh.com/i/ABCDEFGHJKLM", "x@claudemesh.com/i/ABCDEFGHJKLM",
        "https://claudemesh.com/i/ABCDEFGHJKLM/x",
        "https:///i/ABCDEFGHJKLM", "https://a@b/i/ABCDEFGHJKLM", "https://a b/i/ABCDEFGHJKLM",
        "https://host:/i/ABCDEFGHJKLM",
        "https://host:0/i/ABCDEFGHJKLM", "https://host:99999/i/ABCDEFGHJKLM", "https://host:1:2/i/ABCDEFGHJKLM",
        "https://-host/i/ABCDEFGHJKLM",
        "https://hóst/i/ABCDEFGHJKLM", "https://host\u{202E}/i/ABCDEFGHJKLM", "ftp://host/i/ABCDEFGHJKLM",
        "file:///i/ABCDEFGHJKLM",
        "javascript://host/i/ABCDEFGHJKLM", "host/i/ABCDEFGHJKLM", "https://host/i/ABCDEFGHJK10",
    ])
    func refuses(text: String) {
        #expect(InviteReference.parse(text) == nil)
    }
}
