// Frames as a picture that moves.

import Foundation
import FoundationXML
import Pictures
import Testing

@testable import Canvas

@Suite struct FilmTests {
    private static func frame(_ lines: String..., cursor: Point? = nil) -> Frame {
        var frame = Frame(Size(width: 10, height: 3))
        for (y, line) in lines.enumerated() { frame.write(line, at: Point(x: 0, y: y)) }
        frame.cursor = cursor
        return frame
    }

    private static let film = Film(
        [
            Film.Shot(frame("stays", "one"), milliseconds: 1000),
            Film.Shot(frame("stays", "two", cursor: Point(x: 3, y: 1)), milliseconds: 3000),
            Film.Shot(frame("stays", "two", "last"), milliseconds: 4000),
        ], still: 1)

    @Test func whatDoesNotChangeIsInItOnceAndDoesNotMove() throws {
        let svg = Self.film.svg(.dark)
        #expect(svg.matches(of: #/>stays</#).count == 1 && svg.matches(of: #/>two</#).count == 1)
        let moving = try #require(svg.firstRange(of: "<g "))
        let stays = try #require(svg.firstRange(of: ">stays<"))
        let inGroup = svg[moving.lowerBound..<stays.lowerBound].matches(of: #/<g /#).count
        let closed = svg[moving.lowerBound..<stays.lowerBound].matches(of: #/<\/g>/#).count
        #expect(inGroup == closed, "stays is in no group")
    }

    @Test func everyPartIsSeenFromItsFirstShotToItsLast() {
        let svg = Self.film.svg(.dark)
        let first = "0%{visibility:visible}12.500%{visibility:hidden}100%{visibility:hidden}"
        #expect(svg.contains("@keyframes t0-1{\(first)}"))
        #expect(
            svg.contains(
                "@keyframes t1-3{0%{visibility:hidden}12.500%{visibility:visible}100%{visibility:visible}}"))
        let between = "12.500%{visibility:visible}50%{visibility:hidden}"
        #expect(svg.contains("@keyframes t1-2{0%{visibility:hidden}\(between)100%{visibility:hidden}}"))
        #expect(svg.contains("animation-duration:8000ms"))
    }

    @Test func whoeverWantsNoMotionSeesTheStillFrame() {
        let svg = Self.film.svg(.light)
        #expect(svg.contains("@media (prefers-reduced-motion:reduce){.f{animation:none}.s{visibility:visible}}"))
        let classes = svg.matches(of: #/<g class="([^"]+)"/#).map { String($0.1) }
        #expect(classes.filter { $0.hasSuffix(" s") }.sorted() == ["f t1-2 s", "f t1-3 s"])
        #expect(svg.contains("aria-label=\"stays two\""))
    }

    @Test func itIsADocumentAndTheSameEveryTime() throws {
        let svg = Self.film.svg(.dark)
        _ = try XMLDocument(xmlString: svg)
        #expect(svg == Self.film.svg(.dark))
        // One frame is a picture as before.
        let frame = Self.film.stillFrame
        #expect(Film(of: frame).svg(.dark) == frame.svg(.dark, label: "stays two"))
    }
}
