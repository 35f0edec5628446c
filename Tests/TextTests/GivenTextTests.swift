// Text as editors and shells of other systems hand it over.

import Testing

@testable import Text

@Suite struct GivenTextTests {
    @Test(
        arguments: [
            [0x61, 0xC3, 0xA9], [0xEF, 0xBB, 0xBF, 0x61, 0xC3, 0xA9], [0xFF, 0xFE, 0x61, 0, 0xE9, 0],
            [0xFE, 0xFF, 0, 0x61, 0, 0xE9], [0xFF, 0xFE, 0x61, 0, 0xE9, 0, 0x0D],
        ] as [[UInt8]])
    func isRead(bytes: [UInt8]) {
        #expect(GivenText.decode(bytes) == "aé")
    }

    @Test func nothingIsNothing() {
        for bytes in [[], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE]] as [[UInt8]] { #expect(GivenText.decode(bytes).isEmpty) }
    }

    @Test(arguments: ["x", " x\r\n", "\u{FEFF}x", "x\u{200B}", "\u{2060}x\u{200D}\n", "\u{A0}x\u{200E}"])
    func whatIsNotSeenAtTheEndsIsDropped(text: String) {
        #expect(text.trimmingUnseen() == "x")
    }

    @Test func whatIsWithinStays() { #expect("a\u{200B}b".trimmingUnseen() == "a\u{200B}b") }
}
