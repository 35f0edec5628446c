// The README's moving pictures of a mesh: somebody asks, is answered, and reads it; on the screen, and in lines. Every frame is
// of a state that the reducer came to.

import Canvas
import FlowEngine
public import Localization
import MeshAPI
public import Pictures
import Text
import Watch
import Widgets

extension SampleScreen {
    /// On the screen.
    public static func film(_ strings: Strings) -> Film {
        var reel = Reel(strings)
        reel.show(1800)
        reel.does(.arrived(.event(.message(Samples.toMe))), 2000)
        reel.does(.go(.forYou), 500)
        reel.does(.move(.down), 700)
        reel.does(.answer("m5"), 900)
        reel.types("Yes, drop it.")
        let still = reel.shots.count - 1
        reel.does(.send, 500)
        reel.does(.arrived(.sent("run-1", reel.answer)), 900)
        for state in [MessageState.fetched, .handed, .seen] { reel.does(reel.becomes(state), 900) }
        reel.does(reel.works("p4"), 1600)
        reel.does(reel.becomes(.acknowledged), 3000)
        return Film(reel.shots, still: still)
    }

    /// In lines: what is said and typed, one line after the other.
    public static func lineFilm(_ strings: Strings) -> Film {
        var reel = Reel(strings)
        var page = LinePage()
        func show(_ milliseconds: Int) -> Film.Shot { Film.Shot(page.frame, milliseconds: milliseconds) }
        var shots: [Film.Shot] = []
        func say(_ lines: [String], _ milliseconds: Int) {
            for line in lines { page.say(line) }
            shots.append(show(milliseconds))
        }
        func type(_ text: String, _ milliseconds: Int) {
            for character in text {
                page.typed.append(character)
                shots.append(show(70))
            }
            page.enter()
            shots.append(show(milliseconds))
        }
        page.prompt = "$ "
        shots.append(show(900))
        type("claudemesh watch planning --plain", 700)
        page.prompt = ""
        reel.does(.arrived(.event(.message(Samples.toMe))), 0)
        say([reel.words.intro], 900)
        say(reel.numbered, 2600)
        type("2 Yes, drop it.", 400)
        reel.does(.answer("m5"), 0)
        reel.does(.edit(.line, TextInput("Yes, drop it.")), 0)
        reel.does(.send, 0)
        say([strings(WatchText.lineSent, ["to": "bo/docs"])], 1600)
        type("", 300)
        say([strings(WatchText.lineNew, count: 1)], 1100)
        type("", 300)
        say(reel.words.whole(Samples.said[1]), 2600)
        type("@ana/reviewer thanks, no hurry", 400)
        let sent = strings(WatchText.lineSent, ["to": "ana/reviewer"])
        say([[sent, reel.words.standing(of: "ana/reviewer")].compactMap(\.self).joined(separator: " ")], 4000)
        return Film(shots, still: shots.count - 1)
    }

    private struct Reel {
        let samples: Samples
        let strings: Strings
        var state: WatchState
        var shots: [Film.Shot] = []

        init(_ strings: Strings) {
            (self.strings, samples) = (strings, Samples(language: strings.language))
            state = samples.run(samples.fresh, Samples.opened + Samples.filled + [.write("ana/reviewer")])
        }

        var words: LineWords { LineWords(state, strings) }

        /// What is for the person, as it is read out.
        var numbered: [String] { state.forYou.enumerated().map { "\($0 + 1): " + words.sentence($1) } }

        mutating func show(_ milliseconds: Int) {
            shots.append(Film.Shot(picture(of: state, strings: strings).frame, milliseconds: milliseconds))
        }

        mutating func does(_ action: Action, _ milliseconds: Int) {
            _ = reduce(&state, action, at: state.now)
            show(milliseconds)
        }

        mutating func types(_ text: String) {
            for end in text.indices { does(.edit(.line, TextInput(String(text[...end]))), 70) }
            shots[shots.count - 1].milliseconds = 700
        }

        /// What the server says of what was written.
        var answer: SentMessage {
            SentMessage(
                id: "a1", seq: 310, chain: "m5", hop: 0, createdAt: Samples.at(0), expiresAt: Samples.at(10_000),
                recipients: [
                    Recipient(who: Who(kind: .peer, id: "p4", address: "bo/docs", name: "docs"), state: .queued)
                ])
        }

        func becomes(_ state: MessageState) -> Action {
            .arrived(
                .event(
                    .receipt(
                        Receipt(
                            messageId: "a1", kind: .peer, id: "p4", name: "bo/docs", state: state, reason: nil,
                            at: Samples.at(0), times: [:]))))
        }

        func works(_ session: String) -> Action {
            var peer = Samples.peers.first { $0.sessionID == session } ?? Samples.peers[0]
            (peer.status, peer.statusAt) = (.working, Samples.at(0))
            return .arrived(.event(.peer(.status, peer)))
        }
    }
}

/// A terminal that shows lines: what was said, and what is being typed.
private struct LinePage {
    var prompt = ""
    var typed = ""
    private var lines: [String] = []
    private static let size = Size(width: 80, height: 24)

    mutating func say(_ text: String) { lines += TextWidth.wrap(text, width: Self.size.width - 2) }

    mutating func enter() {
        lines.append(prompt + typed)
        typed = ""
    }

    var frame: Frame {
        var frame = Frame(Self.size)
        let shown = (lines + [prompt + typed]).suffix(Self.size.height - 2)
        for (index, line) in shown.enumerated() { frame.write(line, at: Point(x: 1, y: 1 + index)) }
        frame.cursor = Point(x: 1 + TextWidth.of(prompt + typed), y: shown.count)
        return frame
    }
}
