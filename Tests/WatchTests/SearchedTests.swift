// What a filter finds: sixteen places are looked at in one step, so each place in a step, a text's end and its neighbours are
// looked at here.

import Testing

@testable import Watch

@Suite struct WatchSearchedTests {
    @Test func findsWhatStandsThereAndNothingElse() {
        let letters = Array("abcab")
        for length in 0...70 {
            let text = String((0..<length).map { letters[($0 * $0 + $0 / 3) % letters.count] })
            let searched = Searched([text])
            #expect(searched.matches("") == [0] && searched.matches("x") == [])
            for start in 0..<length {
                for end in [start + 1, start + 2, start + 5, start + 17, length] where end <= length {
                    let bytes = Array(text.utf8)[start..<end]
                    #expect(searched.matches(String(decoding: bytes, as: UTF8.self)) == [0], "\(text) \(start) \(end)")
                    // The ends fit, the middle does not.
                    var other = Array(bytes)
                    if other.count > 2 {
                        other[1] = UInt8(ascii: "x")
                        #expect(
                            searched.matches(String(decoding: other, as: UTF8.self)) == [], "\(text) \(start) \(end)")
                    }
                }
            }
        }
        #expect(Searched(["Ärger über ALLES"]).matches("arger uber alles") == [0])
    }

    @Test func saysWhichOfThemHoldIt() {
        var searched = Searched()
        var texts: [String] = []
        // At the end, at the beginning and between, one and several at once, some of them empty.
        for round in 0..<40 {
            let new = (0..<(round % 4)).map { String(repeating: "abc", count: ($0 + round) % 5) + "\(round)" }
            let index = [0, texts.count / 2, texts.count][round % 3]
            searched.insert(new + [""], at: index)
            texts.insert(contentsOf: new + [""], at: index)
        }
        for query in ["", "a", "bca", "abcabcabc", "1", "12", "c3", "33", "x", "abcabcabcabc39"] {
            let expected = texts.indices.filter { query.isEmpty || texts[$0].contains(query) }
            #expect(searched.matches(query) == expected, "\(query)")
        }
    }

    /// Nothing is found where one text ends and the next begins.
    @Test func eachTextStandsForItself() {
        let searched = Searched(["one", "two", "", "three"])
        #expect(searched.matches("et") == [] && searched.matches("ot") == [] && searched.matches("e") == [0, 3])
    }
}
