// Frames as SVG.

import Foundation
import FoundationXML
import TestSupport
import Testing

@testable import Canvas
@testable import Pictures

@Suite struct SVGTests {
    @Test func drawsTextSignsAndCursor() {
        var frame = Frame(Size(width: 20, height: 2))
        frame.write("██ a<b> & \"c\"", at: Point(x: 1, y: 0), style: .bold)
        frame.write("漢é", at: Point(x: 2, y: 1), style: Style(.error, underline: true, reverse: true))
        frame.cursor = Point(x: 4, y: 1)
        let svg = frame.svg(.dark, label: "A \"list\" & more")
        #expect(svg == frame.svg(.dark, label: "A \"list\" & more"))
        #expect(svg != frame.svg(.light, label: "A \"list\" & more"))
        #expect(svg.contains("viewBox=\"0 0 204 64\""))
        #expect(svg.contains("aria-label=\"A &quot;list&quot; &amp; more\""))
        #expect(svg.contains("<rect x=\"21\" y=\"12\" width=\"18\" height=\"20\" fill=\"#e6edf3\"/>"))
        #expect(
            svg.contains(
                ##"<text x="48" y="27" fill="#e6edf3" textLength="90" font-weight="bold">"##
                    + "a&lt;b&gt; &amp; &quot;c&quot;</text>"))
        #expect(
            svg.contains(
                ##"<rect x="30" y="32" width="18" height="20" fill="#ff7b72"/>\##n"##
                    + ##"<text x="30" y="47" fill="#161b22" textLength="18" text-decoration="underline">漢</text>"##))
        #expect(svg.contains(">é</text>"))
        #expect(svg.contains("fill-opacity=\"0.6\""))
    }

    /// What a machine reads is light on dark in the light too, its blanks as well.
    @Test func aPictureForMachinesIsLightOnDark() {
        var frame = Frame(Size(width: 4, height: 1))
        frame.write("█  ▀", at: Point(x: 0, y: 0), style: .picture)
        let light = frame.svg(.light, label: "code")
        let dark = light.matches(of: #/width="(?<width>\d+)" height="20" fill="#161b22"/#)
        #expect(dark.compactMap { Int($0.width) }.reduce(0, +) == 4 * 9)
        #expect(light.contains(##"height="10" fill="#ffffff"/>"##) && !light.contains("<text"))
    }

    /// One colour for what is primary, in the README's pictures as on the pages.
    @Test func picturesHaveTheColourOfThePages() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let css = try String(contentsOf: root.appending(path: "assets/web/style.css"), encoding: .utf8)
        let accents = css.matches(of: #/--accent: (?<color>#[0-9a-f]{6});/#).map { String($0.color) }
        #expect(accents == [Theme.light.color(.primary), Theme.dark.color(.primary)])
    }

    @Test func isWellFormedForHostileNames() throws {
        for name in HostileNames.fixed + HostileNames.random(60, seed: 5) {
            var frame = Frame(Size(width: 40, height: 2))
            frame.write(name, at: Point(x: 0, y: 0), style: .warning)
            let parser = XMLParser(data: Data(frame.svg(.light, label: name).utf8))
            #expect(parser.parse(), "\(UnicodeData.hex(name)): \(String(describing: parser.parserError))")
        }
    }
}
