// Words that several front ends say alike.

import Localization

extension String {
    /// As it goes on after a colon: `Token saved` is `token saved`; what is all capitals, a variable's name, stays.
    package var lowercasedFirst: String {
        dropFirst().first?.isUppercase == true ? self : prefix(1).lowercased() + dropFirst()
    }
}

extension Strings {
    /// `Letter by letter: A B C D, dash, E F G H.`
    package func letterByLetter(_ code: String) -> String {
        let letters = code.split(separator: "-").map { $0.map(String.init).joined(separator: " ") }
        return self(LineText.letterByLetter, ["letters": letters.joined(separator: ", \(self(LineText.dash)), ")])
    }

    /// A duration in words: `9 minutes and 30 seconds`, `10 minutes`, `7 seconds`; in whole hours and days once nobody
    /// counts in less.
    package func spoken(seconds: Int) -> String {
        if seconds >= 48 * 3600 { return self(LineText.days, count: seconds / 86400) }
        if seconds >= 2 * 3600 { return self(LineText.hours, count: seconds / 3600) }
        let minutes = self(LineText.minutes, count: seconds / 60)
        let rest = self(LineText.seconds, count: seconds % 60)
        if seconds < 60 { return rest }
        if seconds % 60 == 0 { return minutes }
        return self(LineText.minutesAndSeconds, ["minutes": minutes, "seconds": rest])
    }
}
