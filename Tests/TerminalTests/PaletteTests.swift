// The colours of the roles on each kind of terminal, and the contrast they are promised to have.

import Canvas
import Glibc
import Testing

@testable import Terminal

@Suite struct PaletteTests {
    @Test(arguments: Accent.allCases)
    func everyColorOf256HoldsFourToOneOnBlackAndOnWhite(accent: Accent) throws {
        for role in ColorRole.allCases where role != .picture {
            guard let index = Palette.indexedColor(role, accent) else { continue }
            let luminance = Self.luminance(Palette.rgb(ofIndex: index))
            #expect((luminance + 0.05) / 0.05 >= 4, "\(role) on black")
            #expect(1.05 / (luminance + 0.05) >= 4, "\(role) on white")
            #expect(index >= 16, "\(role) is one of the colours that the user may have changed")
        }
    }

    /// What is primary never looks like what went well, wrong, or wants care.
    @Test(arguments: Accent.allCases) func anAccentIsNoOtherRolesColor(accent: Accent) {
        let others = [ColorRole.success, .error, .warning, .muted]
        #expect(!others.map { Palette.indexedColor($0) }.contains(Palette.indexedColor(.primary, accent)))
        #expect(!others.map { Palette.basic.foreground($0) }.contains(Palette.basic.foreground(.primary, accent)))
    }

    @Test func everyRoleButPlainHasAColorOf256() {
        #expect(ColorRole.allCases.filter { Palette.indexedColor($0) == nil } == [.plain])
    }

    @Test(arguments: [
        (0, false, Palette.none), (8, false, .basic), (16, false, .basic), (88, false, .basic), (256, false, .indexed),
        (1 << 24, true, .direct), (256, true, .indexed),
    ])
    func theTableIsChosenByTheNumberOfColors(colors: Int, isDirect: Bool, palette: Palette) {
        #expect(Palette(colors: colors, isDirect: isDirect, noColor: false) == palette)
        #expect(Palette(colors: colors, isDirect: isDirect, noColor: true) == .none)
    }

    @Test func directColorsAreTheSameColors() {
        #expect(Palette.direct.foreground(.primary) == 0x0087AF)
        #expect(Palette.direct.foreground(.muted) == 0x767676)
        #expect(Palette.direct.foreground(.plain) == nil)
    }

    @Test func fewColorsStayWithinEight() {
        for role in ColorRole.allCases {
            #expect((Palette.basic.foreground(role) ?? 0) < 8)
            #expect(Palette.none.foreground(role) == nil)
        }
    }

    @Test func whatIsMutedIsFaintWhereThereIsNoGrey() {
        for palette in [Palette.none, .basic] {
            #expect(palette.isFaint(.muted) && palette.isFaint(.dim) && !palette.isFaint(.plain))
        }
        for palette in [Palette.indexed, .direct] { #expect(!ColorRole.allCases.contains { palette.isFaint($0) }) }
    }

    @Test func aPictureBringsItsOwnBackground() {
        #expect(Palette.indexed.background(.picture) == 16)
        #expect(Palette.direct.foreground(.picture) == 0xFFFFFF)
        #expect(Palette.none.background(.picture) == nil)
        for role in ColorRole.allCases where role != .picture { #expect(Palette.indexed.background(role) == nil) }
    }

    /// Relative luminance as WCAG 2.2 defines it.
    private static func luminance(_ rgb: Int) -> Double {
        let weights = [0.2126, 0.7152, 0.0722]
        return zip([rgb >> 16, rgb >> 8 & 0xFF, rgb & 0xFF], weights).reduce(0) { sum, part in
            let value = Double(part.0) / 255
            return sum + part.1 * (value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4))
        }
    }
}
