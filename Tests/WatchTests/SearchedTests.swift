// What a filter finds: eight places are looked at in one step, so each place in a step, and a text's end, are looked at here.

import Testing

@testable import Watch

@Suite struct WatchSearchedTests {
    @Test func findsWhatStandsThereAndNothingElse() {
        let letters = Array("abcab")
        for length in 0...70 {
            let text = String((0..<length).map { letters[($0 * $0 + $0 / 3) % letters.count] })
            let searched = Searched(text)
            #expect(searched.contains([]) && !searched.contains(Array("x".utf8)))
            for start in 0..<length {
                for end in [start + 1, start + 2, start + 5, start + 17, length] where end <= length {
                    let bytes = Array(text.utf8)
                    #expect(searched.contains(Array(bytes[start..<end])), "\(text) \(start) \(end)")
                    // The ends fit, the middle does not.
                    var other = Array(bytes[start..<end])
                    if other.count > 2 {
                        other[1] = UInt8(ascii: "x")
                        #expect(!searched.contains(other), "\(text) \(start) \(end)")
                    }
                }
            }
        }
        #expect(Searched("Ärger über ALLES").contains(Array("arger uber alles".utf8)))
    }
}
