// What looks like a secret, with its line; and what only resembles one.

import MeshAPI
import Testing

@Suite struct SecretScanTests {
    /// Put together here, so that this file itself holds none.
    static let tokens: [String] = [
        "cm_session_" + letters(52), "cm_pat_" + letters(52), "cm_key_" + letters(52), "ghp_" + letters(36),
        "github_pat_" + letters(70), "glpat-" + letters(20), "AKIA" + letters(16).uppercased(), "xoxb-" + letters(24),
        "sk_live_" + letters(24), "sk-ant-" + letters(40), "sk-proj-" + letters(48), "sk-" + letters(48),
        "AIza" + letters(35), "npm_" + letters(36), "hf_" + letters(34), "eyJhbGciOi" + letters(80),
        "ClaudeMesh-Session " + letters(64),
    ]

    static func letters(_ count: Int) -> String {
        String((0..<count).map { Character(Unicode.Scalar(UInt8(97 + $0 * 7 % 26))) })
    }

    @Test(arguments: tokens)
    func aTokenIsFoundWhereItStands(token: String) {
        for text in [token, "key=\(token)", "\"\(token)\",", "(\(token))"] {
            #expect(SecretScan.first(in: "one\ntwo\n\(text)\nfour") == .init(kind: .token, line: 3))
        }
    }

    @Test func aPrivateKeyIsFoundByItsHeading() {
        let text = "here:\r\n-----BEGIN OPENSSH " + "PRIVATE KEY-----\r\nb3Bl"
        #expect(SecretScan.first(in: text) == .init(kind: .privateKey, line: 2))
    }

    @Test(arguments: [
        "", "a task-list of sk-learn and the desk-top", "ghp_short", "-----BEGIN CERTIFICATE-----", "the AKIA prefix",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "cm_session_", "sk-\u{1F600}",
        "mask-" + letters(48),
    ])
    func whatOnlyResemblesOneIsLeft(text: String) { #expect(SecretScan.first(in: text) == nil) }
}
