// `%XX`: what is encoded comes back, and what is no code stays as it is.

import MeshAPI
import Testing

@Suite struct PercentCodingTests {
    @Test(arguments: [
        ("a%20b", "a b"), ("%c3%A1", "á"), ("100%", "100%"), ("%zz", "%zz"), ("%+1", "%+1"), ("%-0", "%-0"),
        ("%4", "%4"), ("%ff", "\u{FFFD}"),
        ("a+b", "a+b"),
    ])
    func decodes(_ text: String, _ plain: String) { #expect(PercentCoding.decode(text) == plain) }

    @Test(arguments: ["", "a b", "á/ñ?#%&=+", "\u{0}\u{1F469}\u{200D}\u{1F4BB}", "-_.~"])
    func comesBack(_ text: String) {
        for encoded in [PercentCoding.encode(text, plain: "-_"), PercentCoding.encode(text, plain: "-._~/")] {
            #expect(PercentCoding.decode(encoded) == text)
            #expect(encoded.allSatisfy { $0.isASCII && !" ?#&=+".contains($0) }, "\(encoded)")
        }
    }

    @Test func whatIsPlainStays() {
        #expect(PercentCoding.encode("/i/K7-_.~", plain: "-_") == "%2Fi%2FK7-_%2E%7E")
        #expect(PercentCoding.encode("/i/K7-_.~", plain: "-._~/") == "/i/K7-_.~")
    }
}
