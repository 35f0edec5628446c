// The address and code of a sign-in in every form, and the order in which a low or narrow window lets things go.

import Canvas
import FlowEngine
import Localization
import MeshAPI
import Testing

@testable import Widgets
@testable import Wizard
@testable import WizardSamples

@Suite struct CardTests {
    /// Waiting for an approval at a server of this name.
    private func lines(host: String, _ width: Int, _ height: Int, qr: Bool? = nil) throws -> [String] {
        frame(for: waiting(host, width, height, qr: qr), strings: Strings(.en)).lines
    }

    private func waiting(
        _ host: String, scheme: String = "https", _ width: Int, _ height: Int, qr: Bool? = nil,
        then actions: [Action] = [], ascii: Bool = false
    ) -> WizardState {
        let samples = Samples(language: .en)
        let base = "\(scheme)://\(host)"
        var state = samples.fresh { state in
            state.server = Server(baseURL: base, host: host)
            state.facts.canOpenBrowser = false
            state.settings.ascii = ascii
        }
        let code = DeviceCode(
            deviceCode: "d", userCode: "ABCD-EFGH", verificationUrl: "\(base)/cli-auth",
            verificationUrlComplete: "\(base)/cli-auth?code=ABCD-EFGH", expiresAt: nil, expiresIn: 600,
            interval: nil, waitMax: nil)
        state = samples.run(state, [.welcome(.signIn), .arrived(.deviceCode(code))] + actions)
        state.signIn.qr = Samples.qr
        state.signIn.showsQR = qr
        state.size = Size(width: width, height: height)
        return state
    }

    // MARK: News beside the code

    private static let token = "cm_pat_" + String(repeating: "a", count: 48) + "k3qa"
    private static let refused = Action.arrived(
        .failed(.checkingToken, .api(.refused(status: 401, body: nil, retryAfter: nil))))

    /// What is told while a code lives, and what Enter does then.
    private static let news: [(actions: [Action], told: String, bar: String?)] = [
        ([.arrived(.copied(.copied(program: "tmux")))], "✔ Copied with tmux", nil),
        ([.arrived(.copied(.written(path: "~/x")))], "⚠ No clipboard here. Saved to ~/x", nil),
        ([.paste("hello there")], "⚠ That isn't a token or an invite link.", nil),
        ([.paste(token)], "✔ Token pasted, ends in k3qa. Enter to use it", "Enter use it"),
        (
            [.paste(token), refused, .signIn(.copy), .arrived(.copied(.copied(program: "tmux")))],
            "✔ Copied with tmux", nil
        ),
        (
            [.arrived(.copied(.copied(program: "tmux"))), .paste(token), refused],
            "✘ Token rejected claudemesh.com rejected it. It may be revoked, or belong to another server.", nil
        ),
        (
            [.paste(token), .arrived(.failed(.checkingToken, .api(Samples.noName)))],
            "⚠ Can't reach claudemesh.com: the name does not resolve.", "Enter retry now"
        ),
        (
            [.paste(token), .arrived(.tokenChecked(Secret(token), Sample.who()))],
            "✔ Ada Lovelace · ada@example.com Token \"ci\"", "Enter use it"
        ),
    ]

    @Test(
        arguments: news.indices,
        [(100, 30), (80, 24), (80, 22), (72, 22), (66, 22), (66, 16), (40, 12), (40, 10)])
    func newsIsToldWithItsSignWhateverTheWindow(_ index: Int, _ size: (Int, Int)) {
        let (actions, told, bar) = Self.news[index]
        for asked in [nil, true] {
            let state = waiting("claudemesh.com", size.0, size.1, qr: asked, then: actions)
            let lines = frame(for: state, strings: Strings(.en)).lines
            // The sentences, without the picture beside them.
            let all = lines.dropLast().map { line in
                (line.lastIndex { "█▀▄".contains($0) }.map { String(line[$0...].dropFirst()) } ?? line)
                    .trimmingWhitespace()
            }.joined(separator: " ")
            #expect(all.contains(told), "\(all)")
            #expect(all.contains("ABCD-EFGH") && all.contains("claudemesh.com/c"), "\(all)")
            #expect(lines[lines.count - 1].contains("Enter") == (bar != nil))
            #expect(bar.map(lines[lines.count - 1].contains) != false)
        }
    }

    @Test func besideTheCodeANoticeHasItsColourAndItsIndent() throws {
        let state = waiting("claudemesh.com", 80, 24, then: [.paste(Self.token), Self.refused])
        let frame = frame(for: state, strings: Strings(.en))
        let y = try #require(frame.lines.firstIndex { $0.contains("✘ Token rejected") })
        #expect(frame.lines[y].contains("█   ✘ Token rejected") && frame.lines[y + 1].contains("█     claudemesh.com"))
        #expect(frame.styleLines[y].contains("E") && !frame.styleLines[y + 1].contains("E"))
    }

    @Test func whereThereIsNoRoomForBothTheQRCodeGives() {
        let trouble = Action.arrived(.poll(.trouble(Samples.silence, retryAt: Samples.now.boot + 118_000)))
        let news = [trouble, .paste(Self.token), Self.refused]
        let state = waiting("claudemesh.com", 66, 22, qr: true, then: news)
        let lines = frame(for: state, strings: Strings(.en)).lines
        #expect(!lines.contains { $0.contains(Samples.qr[3]) })
        let needs = lines.first { $0.contains("The QR code needs 66×") }
        #expect(needs?.hasSuffix("this window is 66×22") == true)
        let height = needs?.split(separator: "×")[1].prefix { $0 != ";" }
        #expect(height.flatMap { Int($0) } ?? 0 > 22)
        let room = waiting("claudemesh.com", 66, height.flatMap { Int($0) } ?? 0, qr: true, then: news)
        #expect(frame(for: room, strings: Strings(.en)).lines.contains { $0.contains(Samples.qr[3]) })
    }

    @Test func anAddressOnThisMachineIsNoPhones() {
        for host in ["127.0.0.1:7420", "localhost", "localhost:80", "[::1]:7420"] {
            let plain = waiting(host, scheme: "http", 80, 24)
            #expect(!frame(for: plain, strings: Strings(.en)).lines.contains { $0.contains("Scan this") }, "\(host)")
            let asked = waiting(host, scheme: "http", 80, 24, qr: true)
            #expect(frame(for: asked, strings: Strings(.en)).lines.contains { $0.contains("Scan this") }, "\(host)")
        }
        let elsewhere = waiting("localhost.example:7420", scheme: "http", 80, 24)
        #expect(frame(for: elsewhere, strings: Strings(.en)).lines.contains { $0.contains("Scan this") })
    }

    @Test func withoutHalfBlocksTheCodeIsDrawnInBlanks() {
        let state = waiting("claudemesh.com", 103, 39, qr: true, ascii: true)
        let picture = frame(for: state, strings: Strings(.en))
        #expect(picture.lines.allSatisfy { $0.allSatisfy(\.isASCII) })
        for (y, row) in Samples.qr.enumerated() {
            for (x, block) in row.enumerated() {
                for column in [2 * x, 2 * x + 1] {
                    let cells = [0, 1].map { picture[4 + column, 4 + 2 * y + $0] }
                    #expect(cells.map(\.style.reverse) == ["█▀".contains(block), "█▄".contains(block)])
                    #expect(cells.allSatisfy { $0.style.role == .picture && $0.text == " " })
                }
            }
        }
        let low = frame(for: waiting("claudemesh.com", 80, 24, qr: true, ascii: true), strings: Strings(.en)).lines
        #expect(low.contains { $0.contains("The QR code needs 99x39; this window is 80x24") })
        #expect(!low.contains { $0.contains("?   ") })
    }

    /// The digits and their words stand on one line: "quedan" alone is a riddle.
    @Test(arguments: Language.allCases) func theTimeLeftIsInOnePieceAtEveryWidth(_ language: Language) {
        let strings = Strings(language)
        let trouble = { Action.arrived(.poll(.trouble($0, retryAt: Samples.now.boot + 118_000))) }
        let said: [[Action]] = [
            [], [.arrived(.poll(.pending(opened: true)))], [trouble(Samples.silence)], [trouble(Samples.noName)],
            [trouble(.unreachable(.webPage))], [trouble(.refused(status: 503, body: nil, retryAfter: nil))],
        ]
        for actions in said {
            var state = waiting("claudemesh.com", 80, 24, then: actions)
            guard let card = screenModel(for: state, strings: strings).card else { return #expect(Bool(false)) }
            let word = card.left.replacing(card.leftShort, with: "").trimmingWhitespace()
            for (width, height) in (40...80).flatMap({ [($0, 10), ($0, 24)] }) {
                state.size = Size(width: width, height: height)
                let lines = frame(for: state, strings: strings).lines
                // The narrow form has the digits alone.
                let told = lines.contains { $0.contains(word) } ? card.left : card.leftShort
                #expect(lines.contains { $0.contains(told) }, "\(width)×\(height): \(lines)")
            }
        }
    }

    // MARK: The code's forms

    private static let long = String(repeating: "a", count: 40) + ".example"  // 48 columns

    @Test func theAddressTakesTheWholeWindowBeforeItIsTakenApart() throws {
        let whole = "https://\(Self.long)/cli-auth?code=ABCD-EFGH"
        #expect(whole.count == 80)
        #expect(try lines(host: Self.long, 120, 24, qr: false).contains("      " + whole))
        #expect(try lines(host: Self.long, 80, 24, qr: false).contains(whole))
        #expect(try lines(host: Self.long, 79, 24, qr: false).contains("     \(Self.long)/c"))
        #expect(try lines(host: Self.long, 51, 24, qr: false).contains(" \(Self.long)/c") == false)
        #expect(try lines(host: Self.long, 50, 24, qr: false).contains("\(Self.long)/c"))
        let none = try lines(host: Self.long, 49, 24, qr: false)
        #expect(!none.contains { $0.contains("aaaa") })
        #expect(none.joined(separator: " ").contains("needs 80 columns. c copies it,"))
        #expect(none.contains { $0.contains("ABCD-EFGH") } && none[23].contains("c copy link"))
    }

    @Test func theQRCodeIsShownWhereThereIsRoom() throws {
        let row = Samples.qr[3]
        #expect(try lines(host: "claudemesh.com", 80, 24).contains { $0.contains(row) })
        #expect(try lines(host: "claudemesh.com", 66, 22).contains { $0.contains(row) })
        #expect(try !lines(host: "claudemesh.com", 65, 24).contains { $0.contains(row) })
        #expect(try !lines(host: "claudemesh.com", 80, 21).contains { $0.contains(row) })
        #expect(try !lines(host: "claudemesh.com", 80, 24, qr: false).contains { $0.contains(row) })
    }

    @Test func aQRCodeThatDoesNotFitSaysWhatItNeeds() throws {
        let narrow = try lines(host: "claudemesh.com", 65, 24, qr: true)
        #expect(narrow.contains { $0.hasSuffix("The QR code needs 66×22; this window is 65×24") })
        let low = try lines(host: "claudemesh.com", 80, 21, qr: true)
        #expect(low.contains { $0.hasSuffix("The QR code needs 66×22; this window is 80×21") })
        #expect(try lines(host: "claudemesh.com", 66, 22, qr: true).contains { $0.contains(Samples.qr[3]) })
    }

    @Test func theKeyShowsWhatIsNotThereAndHidesWhatIs() throws {
        var state = try KeysTests.state("sign-in.waiting-ssh-qr")
        func press() -> [Action] { actions(for: .key(.character("s")), in: state, strings: Strings(.en)) }
        #expect(press() == [.signIn(.showQR(false))])
        // Shown unasked it is left out of a small window; asked for there, it says what it needs.
        state.size = Size(width: 60, height: 24)
        #expect(press() == [.signIn(.showQR(true))])
        _ = reduce(&state, .signIn(.showQR(true)), at: state.now)
        #expect(frame(for: state, strings: Strings(.en)).lines.contains { $0.contains("The QR code needs") })
        #expect(press() == [.signIn(.showQR(false))])
    }

    @Test func theAddressIsALinkAndAForeignOneIsNot() throws {
        let own = try KeysTests.state("sign-in.waiting")
        let link = frame(for: own, strings: Strings(.en)).hyperlinks
        #expect(link.map(\.url) == ["https://claudemesh.com/cli-auth?code=ABCD-EFGH"] && link.first?.row == 5)
        let foreign = try KeysTests.state("sign-in.foreign-address")
        #expect(frame(for: foreign, strings: Strings(.en)).hyperlinks.isEmpty)
    }
}

@Suite struct PileTests {
    private func pile(list: Int) -> Pile {
        func band(_ height: Int, gap: Int = 0, _ weight: Band.Weight = .content) -> Band {
            Band(height: height, gap: gap, weight: weight) { _, _ in }
        }
        return Pile([
            band(2, gap: 1), band(1, gap: 1, .finePrint), band(1, .optional),
            Band(height: list, minimum: 1, isList: true, focus: 0) { _, _ in }, band(2, gap: 1), band(2, gap: 1, .hint),
        ])
    }

    /// The heights and gaps of a pile of the above with a list of ten in so many rows.
    private func fitted(_ rows: Int) -> (heights: [Int], gaps: Int, total: Int) {
        var pile = pile(list: 10)
        pile.fit(rows)
        return (pile.bands.map(\.height), pile.bands.reduce(0) { $0 + $1.gap }, pile.height)
    }

    @Test func whatMattersMostStaysLongest() {
        #expect(fitted(30) == ([2, 1, 1, 10, 2, 2], 4, 23))
        #expect(fitted(20) == ([2, 1, 1, 7, 2, 2], 4, 20))
        #expect(fitted(17) == ([2, 1, 1, 4, 2, 2], 4, 17))
        // The hint and its blank row go, and the list takes what is left.
        #expect(fitted(16) == ([2, 1, 1, 6, 2], 3, 16))
        #expect(fitted(14) == ([2, 1, 1, 4, 2], 3, 14))
        // Then the row above the bar, the fine print, the blank rows, what is optional, the list.
        #expect(fitted(13) == ([2, 1, 1, 4, 2], 3, 13))
        #expect(fitted(12) == ([2, 1, 5, 2], 2, 12))
        #expect(fitted(10) == ([2, 1, 4, 2], 1, 10))
        #expect(fitted(8) == ([2, 4, 2], 0, 8))
        #expect(fitted(6) == ([2, 2, 2], 0, 6))
        #expect(fitted(3) == ([2, 1, 2], 0, 5))
    }

    @Test func whatIsStillTooHighIsScrolledToTheFocus() {
        var pile = pile(list: 10)
        pile.fit(2)
        #expect(pile.scroll(in: 2) == 1)
        pile.fit(30)
        #expect(pile.scroll(in: 30) == 0)
    }

    @Test func theBarLetsGoInTheDesignsOrder() throws {
        let state = try KeysTests.state("sign-in.waiting")
        var bars: [String] = []
        for width in stride(from: 72, through: 30, by: -1) {
            let entries = screenModel(for: state, strings: Strings(.en)).keys.compactMap(\.bar)
            var frame = Frame(Size(width: width, height: 1))
            frame.keyBar(entries, at: Point(x: 0, y: 0), width: width)
            if frame.lines[0].replacing("   ", with: "  ") != bars.last {
                bars.append(frame.lines[0].replacing("   ", with: "  "))
            }
        }
        #expect(
            bars == [
                "Enter open browser  c copy link  s QR code  n new code  Esc back  ? help",
                "Enter open browser  c copy link  s QR code  Esc back  ? help",
                "Enter open browser  c copy link  Esc back  ? help", "Enter open browser  Esc back  ? help",
                "Enter open browser  Esc back",
            ])
    }
}
