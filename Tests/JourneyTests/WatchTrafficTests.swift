// An hour of traffic in a short while, and whatever may happen to a window meanwhile: resized, suspended, cut off from the
// server and brought back. Nothing is missing, nothing there twice, the place is kept, and few bytes are written.

import Foundation
import Glibc
import MeshAPI
import MeshClient
import ServerSupport
import TestSupport
import Testing

@Suite(.serialized) struct WatchTrafficTests {
    /// Messages of the hour: `CLAUDEMESH_TRAFFIC` says how many.
    static let count = ProcessInfo.processInfo.environment["CLAUDEMESH_TRAFFIC"].flatMap(Int.init) ?? 420
    static let sizes = [(80, 24), (120, 40), (40, 12), (63, 17), (200, 50), (79, 11), (80, 24)]

    @Test func nothingIsMissingAndNothingThereTwice() async throws {
        let watched = try await Watched.make()
        let relay = try Relay(to: watched.server.url, .breaks, at: "no moment at all")
        let journey = try Journey(relay: relay)
        try journey.signIn(watched.ana)
        let shell = try await journey.startInShell(["watch", "planning"])
        try await shell.wait(for: "bo/docs")
        var traffic = Traffic(watched)
        let part = Self.count / 6

        // As it comes.
        let before = shell.recorded.count
        try await traffic.say(part)
        try await shell.wait(for: traffic.last)
        let each = (shell.recorded.count - before) / part
        #expect(each < 1200, "\(each) bytes a message at the newest")
        #expect(!String(decoding: shell.recorded[before...], as: UTF8.self).contains(#/\x1B\[[0-3]?J/#), "cleared")

        // While the window is another every moment.
        for index in 0..<part {
            let size = Self.sizes[index % Self.sizes.count]
            if index % 3 == 0 { shell.resize(columns: size.0, rows: size.1) }
            try await traffic.say(1)
        }
        shell.resize(columns: 80, rows: 24)
        try await shell.wait(for: traffic.last)

        // While it is stopped.
        try await shell.suspend()
        try await traffic.say(part)
        shell.send(Array("fg\n".utf8))
        try await shell.wait(for: traffic.last)

        // Cut off, and back: what is written meanwhile goes by itself.
        relay.pause()
        try await shell.wait(for: "offline since")
        try await shell.type("@bo/docs still there?")
        shell.press(.enter)
        try await shell.wait(for: "waits here")
        try await traffic.say(part)
        relay.resume()
        try await shell.wait(for: traffic.last, seconds: 60)
        try await watched.until {
            try await watched.docs.messages(in: watched.mesh.id, unread: true).items.map(\.body) == ["still there?"]
        }

        // Stopped and cut off at once, for more than a page of what was said.
        try await shell.suspend()
        relay.pause()
        try await traffic.say(max(part, 130))
        relay.resume()
        shell.send(Array("fg\n".utf8))
        try await shell.wait(for: traffic.last, seconds: 60)

        // The place is kept where one reads.
        shell.press(.pageUp, .pageUp)
        let place = try await shell.wait(for: "a place") { $0.text.contains("newer") }
        try await shell.wait(until: "it rests") { shell.isAtRest }
        let (rows, written) = (shell.screen.traffic, shell.recorded.count)
        #expect(place.text.contains("newer") && !rows.isEmpty)
        try await traffic.say(part)
        try await shell.wait(for: "they are counted") { !$0.text.contains("newer") || $0.newer >= part }
        #expect(shell.screen.traffic == rows, "the place moved")
        let still = (shell.recorded.count - written) / part
        #expect(still < 120, "\(still) bytes a message elsewhere")

        shell.press(.escape)
        try await shell.wait(for: traffic.last)
        try await readBack(shell, to: traffic.number)
        print("traffic: \(traffic.number) messages, \(each) bytes each at the newest, \(still) while reading elsewhere")
        kill(shell.foregroundGroup, SIGTERM)
        try await shell.wait(until: "the shell has its terminal") { shell.foregroundGroup == shell.pid }
        #expect(shell.lineModes.isCooked && shell.isUntouched)
    }

    /// Goes back page by page to the first of them; on every page the numbers follow one another.
    private func readBack(_ shell: TerminalSession, to last: Int) async throws {
        var (found, pages) = (Set<Int>(), 0)
        while !found.contains(1), pages < last {
            let before = shell.screen.traffic
            for (one, next) in zip(before, before.dropFirst()) { #expect(next == one + 1, "\(one) then \(next)") }
            found.formUnion(before)
            pages += 1
            if before.contains(1) { break }
            shell.press(.pageUp)
            try await shell.wait(for: "the page before") { $0.traffic != before && !$0.traffic.isEmpty }
            try await shell.wait(until: "it rests") { shell.isAtRest }
        }
        #expect(found == Set(1...last), "missing: \(Set(1...last).subtracting(found).sorted().prefix(20))")
    }
}

/// What Bo's session says in `#general`, numbered.
private struct Traffic {
    let watched: Watched
    private(set) var number = 0

    init(_ watched: Watched) { self.watched = watched }

    var last: String { "n\(number)." }

    mutating func say(_ count: Int) async throws {
        for _ in 0..<count {
            number += 1
            try await watched.say("n\(number). \(String(repeating: "word ", count: number % 23))", to: "#general")
        }
    }
}

extension Screen {
    /// The numbers of the traffic that stand on it, from the top.
    fileprivate var traffic: [Int] {
        lines.compactMap { line in line.firstMatch(of: #/(?:^|\s)n([0-9]+)\./#).flatMap { Int($0.1) } }
    }

    /// How many it says are below.
    fileprivate var newer: Int {
        lines.compactMap { line in line.firstMatch(of: #/([0-9,]+) newer/#) }.first
            .flatMap { Int($0.1.replacing(",", with: "")) } ?? 0
    }
}
