// What holds of every screen at every size, with every name.

import Canvas
import FlowEngine
import Localization
import MeshAPI
import Synchronization
import Testing
import Text
import Widgets

@testable import Wizard
@testable import WizardSamples

@Suite struct LayoutTests {
    static let samples =
        SampleScreen.all(.en)
        + SampleScreen.all(.es).map { sample in
            SampleScreen(name: "\(sample.name) (es)", state: sample.state)
        }
    static let widths = [1, 2, 3, 4, 7, 20, 39, 40, 41, 46, 50, 59, 64, 72, 76, 79, 80, 81, 120, 400]
    static let heights = [1, 2, 3, 5, 9, 10, 11, 12, 13, 15, 16, 17, 19, 20, 21, 23, 24, 25, 40, 120]

    /// Every size of the lists against each other, a different few for each sample.
    static func sizes(_ seed: Int) -> [Size] {
        let all = widths.flatMap { width in heights.map { Size(width: width, height: $0) } }
        return stride(from: seed % 13, to: all.count, by: 13).map { all[$0] }
            + [Size(width: 1, height: 1), Size(width: 40, height: 10)]
    }

    @Test(arguments: samples.indices) func everySizeShowsWhatMatters(_ index: Int) {
        var state = Self.samples[index].state
        let strings = Strings(state.settings.language)
        for size in Self.sizes(index) {
            state.size = size
            let model = screenModel(for: state, strings: strings)
            let layout = Widgets.Layout(model, size: size)
            let frame = layout.frame
            #expect(frame.size == size)
            let cursor = frame.cursor ?? Point(x: -1, y: -1)
            #expect((0..<size.width).contains(cursor.x) && (0..<size.height).contains(cursor.y), "cursor at \(size)")
            if model.id == .tooSmall { continue }
            let lines = frame.lines
            #expect(hasFocus(model, frame, lines[cursor.y], cursor), "focus at \(size)")
            // In a tall window the bar stands under the content.
            let bars = size.height > 30 ? lines : [lines[size.height - 1]]
            #expect(bars.contains { hasBar(model, $0) }, "bar at \(size)")
            if let card = model.card { #expect(isReadable(card, lines), "card at \(size)") }
            for target in layout.targets {
                #expect((0..<size.height).contains(target.rect.origin.y), "target at \(size)")
            }
        }
    }

    /// Whichever row is selected is on the screen, above or below what is typed into.
    @Test(arguments: samples.indices) func everyRowCanBeSeenInTheSmallestWindow(_ index: Int) {
        var state = Self.samples[index].state
        let strings = Strings(state.settings.language)
        state.size = WizardState.minimumSize
        let menu = screenModel(for: state, strings: strings).menu
        for row in 0..<min(20, menu?.count ?? 0) {
            guard let item = menu?[row], menu?.selectedIndex != nil else { continue }
            state.selections[screenModel(for: state, strings: strings).id] = item.id
            let lines = frame(for: state, strings: strings).lines
            let shown = "\(state.settings.ascii ? Signs.ascii.pointer : Signs.unicode.pointer) \(item.label.prefix(20))"
            #expect(lines.contains { $0.contains(shown) }, "\(item.label)")
        }
    }

    /// Under names of any length, scrolled or not.
    @Test(arguments: Language.allCases) func everyLaunchTellsItsTimeInTheSmallestWindow(_ language: Language) throws {
        var state = try #require(SampleScreen.all(language).first { $0.name == "resume" }).state
        let strings = Strings(language)
        state.size = WizardState.minimumSize
        for name in ["api", "northern-lights"] {
            state.facts.launches = (0..<20).map { day in
                PastLaunch(
                    id: "\(day)", mesh: "platform-team", name: name, directory: "~",
                    at: state.now.wall - (day < 2 ? 3600 : day * 30 * 86_400))
            }
            for row in [0, 1, 2, 19] {
                state.selections[.launches] = .launch("\(row)")
                let lines = frame(for: state, strings: strings).lines
                let line = try #require(lines.first { $0.contains(Signs.unicode.pointer) })
                #expect(line.contains("platform-team · "))
                #expect(line.contains(row < 2 ? /\d\d:\d\d/ : /\d+ \p{L}+/), "\(line)")
            }
        }
    }

    /// Where a token is made is told as long as one may have to go there.
    @Test(arguments: Language.allCases) func whereATokenIsMadeIsSeenInTheSmallestWindow(_ language: Language) {
        for sample in SampleScreen.all(language) where sample.state.screen == .token {
            var state = sample.state
            let strings = Strings(language)
            let shows = screenModel(for: state, strings: strings).blocks.contains { block in
                if case .address = block { true } else { false }
            }
            state.size = WizardState.minimumSize
            let lines = frame(for: state, strings: strings).lines.map { $0.trimmingWhitespace() }
            #expect(lines.joined().contains("claudemesh.com/dashboard/settings/cli-tokens") == shows, "\(sample.name)")
            #expect(lines.contains { $0.hasPrefix(strings[.token]) }, "\(sample.name)")
        }
    }

    /// A setting without its value tells nothing.
    @Test(arguments: Language.allCases) func settingsShowTheirValuesInTheSmallestWindow(_ language: Language) {
        for sample in SampleScreen.all(language) where sample.name.hasPrefix("settings") {
            var state = sample.state
            state.size = WizardState.minimumSize
            let lines = frame(for: state, strings: Strings(language)).lines
            let usage = sample.name == "settings" ? (language == .en ? "on" : "sí") : "DO_NOT_TRACK"
            #expect(lines.contains { $0.contains(Strings(language)[.settingUsage]) && $0.hasSuffix(usage) })
        }
    }

    /// Whatever is said under it: the eye finds what was typed where it was typed.
    @Test(arguments: [("join.", WizardText.invite), ("paste-token.", .token), ("server", .server)], Language.allCases)
    func aFieldStaysOnItsRow(_ field: (screens: String, label: WizardText), _ language: Language) throws {
        let strings = Strings(language)
        let label = "    \(strings[field.label])"
        let rows = SampleScreen.all(language).filter { $0.name.hasPrefix(field.screens) }.compactMap { sample in
            frame(for: sample.state, strings: strings).lines.firstIndex { $0 == label || $0.hasPrefix("\(label)  ") }
        }
        #expect(rows.count > 3 && Set(rows).count == 1, "\(rows)")
    }

    /// How long a pause lasts, which code is alive, and where one signs in.
    @Test(
        arguments: Language.allCases,
        [
            ("sign-in.rate-limited", "58 s"), ("welcome.code-alive", "claudemesh.com"),
            ("welcome.code-alive", "ABCD-EFGH · 10:00"), ("welcome.server", "mesh.example.com"),
        ])
    func aNoteThatFitsBehindItsLabelIsSeenInTheSmallestWindow(_ language: Language, _ row: (String, String)) throws {
        var state = try #require(SampleScreen.all(language).first { $0.name == row.0 }).state
        state.size = WizardState.minimumSize
        let lines = frame(for: state, strings: Strings(language)).lines
        #expect(lines.contains { $0.trimmingWhitespace().hasSuffix(row.1) })
    }

    /// What is said where there is room for a few words is said whole.
    @Test(arguments: [
        ("confirm.offline", [Language.en: "unreachable, starts anyway", .es: "inaccesible, arranca igual"]),
        ("mesh.actions", [.en: "reviewer, api, ci and 1 more", .es: "reviewer, api, ci y 1 más"]),
    ])
    func aRowThatMattersIsWholeInALowWindow(name: String, texts: [Language: String]) throws {
        for (language, text) in texts {
            var state = try #require(SampleScreen.all(language).first { $0.name == name }).state
            state.size = Size(width: 40, height: 12)
            let lines = frame(for: state, strings: Strings(language)).lines
            #expect(lines.contains { $0.hasSuffix(text) }, "\(lines)")
        }
    }

    /// Where a notice is about an address, what it says to use can be used.
    @Test func anAddressThatIsNotOverHTTPSIsShownWithIt() throws {
        let lines = frame(for: try KeysTests.state("server.insecure"), strings: Strings(.en)).lines
        #expect(lines.contains { $0.trimmingWhitespace() == "Use https://mesh.example.com" })
    }

    @Test func beforeAMoveTheRowBelowIsSeenToo() throws {
        var state = try KeysTests.state("join.preview")
        state.size = WizardState.minimumSize
        let lines = frame(for: state, strings: Strings(.en)).lines
        #expect(lines.contains { $0.contains("▸ Join platform-team") })
        #expect(lines.contains { $0.contains("  Sign in first") })
        #expect(lines.last?.contains("Enter join") == true)
        state.selections[.joinPreview] = .signInFirst
        #expect(frame(for: state, strings: Strings(.en)).lines.last?.contains("Enter choose") == true)
    }

    /// The cursor stands on the selected row's pointer, in the field, on the code.
    private func hasFocus(
        _ model: Widgets.ScreenModel<WizardVocabulary>, _ frame: Frame, _ line: String, _ cursor: Point
    ) -> Bool {
        if !model.isOnRows, let id = model.typing, let field = model.fields.first(where: { $0.id == id }) {
            return line.contains(field.label)
        }
        if let card = model.card { return row(frame, cursor.y, from: cursor.x).hasPrefix(card.code) }
        if let selected = model.menu?.selected {
            return row(frame, cursor.y, from: cursor.x).hasPrefix("\(model.signs.pointer) \(selected.label.prefix(20))")
        }
        return true
    }

    /// Enter's and Esc's entries are whole in the last row.
    private func hasBar(_ model: Widgets.ScreenModel<WizardVocabulary>, _ bar: String) -> Bool {
        model.keys.compactMap(\.bar).filter { $0.dropOrder == nil }.allSatisfy { bar.contains("\($0.key) \($0.label)") }
    }

    /// The code, and the address whole, apart, or how wide it is.
    private func isReadable(_ card: CodeCard, _ lines: [String]) -> Bool {
        lines.contains { $0.contains(card.code) }
            && (lines.contains { $0.contains(card.address) } || lines.contains { $0.contains(card.shortAddress) })
    }

    private func row(_ frame: Frame, _ y: Int, from x: Int) -> String {
        (x..<max(x, frame.size.width)).reduce(into: "") { $0 += frame[$1, y].text }
    }

    // MARK: Names

    static let names = [
        "evil\u{1b}]0;x\u{7}\u{202e}name", "a\nb\r\nc\td", String(repeating: "漢", count: 300),
        "e" + String(repeating: "\u{301}", count: 200), "👩‍👩‍👧‍👦 family 🇪🇸 🏴󠁧󠁢󠁷󠁬󠁳󠁿", "\u{200b}\u{feff}", "שלום עולם",
        String(repeating: "x", count: 5000), "ｗｉｄｅ·\u{2028}line",
    ]

    @Test(arguments: names) func noNameBreaksTheLayout(_ name: String) {
        for sample in Self.samples.prefix(Self.samples.count / 2) {
            let strings = Strings(.en)
            let plain = frame(for: sample.state, strings: strings)
            let frame = frame(for: renamed(sample.state, name), strings: strings)
            #expect(frame.lines[2] == plain.lines[2], "title of \(sample.name)")
            for y in 0..<frame.size.height {
                #expect(rowIsSound(frame, y), "row \(y) of \(sample.name)")
            }
        }
    }

    /// Nothing harmful, and a cell without text only behind a wide one.
    private func rowIsSound(_ frame: Frame, _ y: Int) -> Bool {
        (0..<frame.size.width).allSatisfy { x in
            let text = frame[x, y].text
            if text.isEmpty { return x > 0 && TextWidth.of(frame[x - 1, y].text) == 2 }
            return !text.unicodeScalars.contains(where: InertText.isHarmful)
                && TextWidth.of(text) == (x + 1 < frame.size.width && frame[x + 1, y].text.isEmpty ? 2 : 1)
        }
    }

    /// The state with this name wherever somebody else may choose one.
    private func renamed(_ state: WizardState, _ name: String) -> WizardState {
        var state = state
        state.account.correct { $0.user = User(id: "u1", name: name, email: name) }
        state.answers.mesh?.value.name = name
        state.answers.name?.value = name
        if state.answers.role?.value != nil { state.answers.role?.value = name }
        state.facts.directory = name
        state.join?.preview?.meshName = name
        state.join?.preview?.inviterName = name
        state.meshes.rows = MeshListRows(
            state.meshes.rows.all.prefix(20).map { mesh in
                var mesh = mesh
                mesh.name = name
                mesh.ownerName = name
                return mesh
            })
        for field in state.inputs.keys where field != .meshFilter { state.inputs[field] = TextInput(name) }
        return state
    }

    // MARK: Other

    @Test func theTitleDependsOnTheHeightAlone() {
        for height in [10, 15, 16, 19, 20, 24, 120] {
            var rows: Set<Int> = []
            for sample in Self.samples where sample.state.screen != .confirm && sample.state.screen != .agentMissing {
                var state = sample.state
                state.size = Size(width: 80, height: height)
                let lines = frame(for: state, strings: Strings(.en)).lines
                if state.screen != .tooSmall, let row = lines.firstIndex(where: { $0.contains("██ claudemesh") }) {
                    rows.insert(row)
                }
            }
            #expect(rows == [height >= 20 ? 2 : height >= 16 ? 1 : 0], "\(height)")
        }
    }

    @Test func asciiSignsOnly() {
        let drawn = Set("✔✘⚠▸•·›…█↑↓")
        for sample in SampleScreen.all(.en) {
            var state = sample.state
            state.settings.ascii = true
            let lines = frame(for: state, strings: Strings(.en)).lines
            let left = lines.filter { !drawn.isDisjoint(with: $0) }
            #expect(left == [], "\(sample.name)")
        }
    }

    /// Wherever the window stands and whatever the filter lets through, the columns are where they were.
    @Test func theColumnsOfAListStandStill() throws {
        let names = (0..<60).map { $0 == 59 ? "a name that is far longer than the others" : "team \($0)" }
        var run = Run.onMeshList(
            names.enumerated().map { Sample.mesh("m\($0)", $1, members: $0 == 30 ? 12_345 : 2) })
        func columns() -> Set<Int> {
            let lines = frame(for: run.state, strings: Strings(.en)).lines.filter { $0.contains(" members") }
            return Set(
                lines.compactMap { line in
                    line.firstRange(of: "member ").map { line.distance(from: line.startIndex, to: $0.lowerBound) }
                })
        }
        let first = columns()
        #expect(first.count == 1)
        for place in ["m12", "m30", "m59"] {
            run.send(.select(.meshList, .mesh(place)))
            #expect(columns() == first, "\(place)")
        }
        run.type("team 1")
        #expect(columns() == first)
    }

    /// An address is broken behind a `/`, and whole where it fits.
    @Test func anAddressIsNotBrokenInsideAWord() throws {
        var run = Run()
        run.send(.welcome(.pasteToken), .resized(Size(width: 40, height: 12)))
        let lines = frame(for: run.state, strings: Strings(.en)).lines.map { $0.trimmingWhitespace() }
        #expect(lines.contains("https://claudemesh.com/dashboard/"))
        #expect(lines.contains("settings/cli-tokens"))
    }

    @Test func belowTheListItsLastPageStays() {
        var run = Run.onMeshList((0..<307).map { Sample.mesh("m\($0)", "team \($0)") })
        run.send(.select(.meshList, .mesh("m306")))
        let last = frame(for: run.state, strings: Strings(.en)).lines
        run.send(.select(.meshList, .createMesh))
        let below = frame(for: run.state, strings: Strings(.en)).lines
        #expect(last.contains { $0.contains("▸ team 306") } && below.contains { $0.contains("  team 306") })
        // The two rows; the position and what `→` opens, which are of a mesh.
        #expect(last.contains { $0.hasSuffix("307 of 307") } && !below.contains { $0.hasSuffix(" of 307") })
        #expect(last.last?.contains("→") == true && below.last?.contains("→") == false)
        #expect(zip(last, below).count { $0 != $1 } == 4)
    }

    /// The end of a path says most.
    @Test(arguments: [
        ("/one/two", "✔  /one/two"), ("/" + String(repeating: "many/", count: 20) + "seventy/two", "/many/seventy/two"),
        ("/x/" + String(repeating: "a", count: 90), "✔  …/aaaa"),
    ])
    func aDirectoryThatIsTooLongIsCutInFront(_ path: String, _ shown: String) throws {
        var state = try KeysTests.state("confirm.returning")
        state.facts.directory = path
        let line = try #require(frame(for: state, strings: Strings(.en)).lines.first { $0.contains("Directory") })
        #expect(line.contains(shown) && line.contains("✔  …/") == (path.count > 50), "\(line)")
        #expect(line.count <= 76)
    }

    @Test func eachKeyIsSeenToMoveHelpThatIsTooLong() throws {
        var state = try #require(Self.samples.first { $0.name == "help" }).state
        state.size = Size(width: 40, height: 12)
        func lines(_ row: RowID) -> [String] {
            _ = reduce(&state, .select(.help, row), at: state.now)
            return Widgets.Layout(screenModel(for: state, strings: Strings(.en)), size: state.size).frame.lines
        }
        #expect(lines("key:0") != lines("key:1") && lines("key:1") != lines("key:2"))
    }

    @Test func aLongListCostsItsWindow() throws {
        let made = Mutex(0)
        let list = Widgets.MenuList<WizardVocabulary>(
            count: 100_000, widths: [12, 6],
            row: { index in
                made.withLock { $0 += 1 }
                return Widgets.MenuItem(.mesh("\(index)"), "team \(index)", columns: ["member"], .mesh(.create))
            },
            place: { $0.meshID.flatMap(Int.init) })
        var model = Widgets.ScreenModel<WizardVocabulary>(.meshList, title: "launch", help: "")
        model.groups = [[.menu(Widgets.Menu(list: list, [], selected: .mesh("77777")))]]
        let frame = Widgets.Layout(model, size: Size(width: 80, height: 24)).frame
        #expect(frame.lines.contains { $0.contains("▸ team 77777") })
        #expect(made.withLock { $0 } == 18)
    }
}
