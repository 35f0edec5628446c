// Nothing of what is said is missing, whatever happened to the connection.

import Canvas
import FlowEngine
import FoundationEssentials
import Localization
import MeshAPI
import Testing

@testable import Watch
@testable import WatchSamples

@Suite struct WatchMissedTests {
    private static func message(_ number: Int) -> Message {
        Samples.message("n\(number)", number, Samples.toMe.from, "ana/reviewer", 0, "number \(number)")
    }

    /// As the server gives it: the newest first.
    private static func page(_ numbers: ClosedRange<Int>) -> [Message] { numbers.reversed().map(message) }

    private static let lost = Action.arrived(.interrupted(.unreachable(.connectionLost), seconds: 1))

    @Test func whatWasSaidWithoutUsIsReadBackToWhatWasHeard() {
        var run = Run()
        run.send(Self.lost, .arrived(.connected), after: 600)
        run.send(.arrived(.messages(Self.page(501...600), older: "p500", isOlder: false)))
        #expect(run.effects == [.loadMissed("x", before: "p500")])
        // What is said meanwhile stands behind it.
        run.send(.arrived(.event(.message(Self.message(601)))))
        run.send(.arrived(.missed(Self.page(401...500), older: "p400")))
        #expect(run.effects == [.loadMissed("x", before: "p400")])
        run.send(.arrived(.missed(Self.page(305...400) + [Samples.toMe], older: "p300")))
        #expect(run.effects == [.loadTopics("x")])
        #expect(run.state.log.messages.map(\.seq) == Array(300...303) + Array(305...601))
        // Where history goes on has not changed.
        #expect(run.state.log.older == "c1")
    }

    @Test func aSecondCutInTheMidstOfItLosesNothing() {
        var run = Run()
        run.send(Self.lost, .arrived(.connected))
        run.send(.arrived(.messages(Self.page(501...600), older: "p500", isOlder: false)))
        run.send(Self.lost, .arrived(.failed(.missed, .unreachable(.connectionLost))), .arrived(.connected), after: 9)
        run.send(.arrived(.messages(Self.page(551...650), older: "p550", isOlder: false)))
        #expect(run.effects == [.loadMissed("x", before: "p550")])
        run.send(.arrived(.missed(Self.page(451...550), older: "p450")))
        run.send(.arrived(.missed(Self.page(351...450), older: "p350")))
        #expect(run.effects == [.loadMissed("x", before: "p350")])
        run.send(.arrived(.missed(Self.page(305...350) + [Samples.toMe], older: nil)))
        #expect(run.state.log.messages.map(\.seq) == Array(300...303) + Array(305...650))
    }

    @Test func whatOneWroteIntoACutIsNoProofOfWhatWasHeard() {
        var run = Run()
        run.send(.write("bo/docs"), .edit(.line, .init("hi")), .send)
        run.send(.arrived(.sent("run-1", run.answer(run.state.compose.outbox[0].message, seq: 450))))
        run.send(Self.lost, .arrived(.connected))
        run.send(.arrived(.messages(Self.page(401...500), older: "p400", isOlder: false)))
        #expect(run.effects == [.loadMissed("x", before: "p400")])
    }

    @Test func aRefusedPageIsAskedForAgain() {
        var run = Run()
        run.send(Self.lost, .arrived(.connected))
        run.send(.arrived(.messages(Self.page(501...600), older: "p500", isOlder: false)))
        run.send(.arrived(.failed(.missed, .refused(status: 503, body: nil, retryAfter: nil))))
        run.send(.tick, after: 6)
        #expect(run.effects == [.follow("x")])
        // For good, that is said and not asked for ever again.
        run = Run()
        run.send(Self.lost, .arrived(.connected))
        run.send(.arrived(.failed(.missed, .refused(status: 422, body: nil, retryAfter: nil))))
        #expect(run.state.link.isLive && run.state.remark?.tone == .error)
    }

    @Test func itIsFollowedAnewOnceAndThenByItself() {
        var run = Run()
        run.send(Self.lost, .arrived(.connected), .arrived(.failed(.missed, .unreachable(.connectionLost))))
        run.send(.tick, after: 3)
        #expect(run.effects == [.follow("x")])
        // A connection takes as long as it takes: another second of it begins no other.
        run.send(.tick, after: 1)
        #expect(run.effects.isEmpty && run.state.link.offline?.isFollowing == false)
    }

    @Test func afterASleepTheConnectionIsNotTrusted() {
        for (action, isFollowed) in [(Action.touched, true), (.resumed, true), (.tick, true), (Self.lost, false)] {
            var state = Run().state
            let effects = reduce(&state, action, at: Moment(boot: state.now.boot + 600_000, wall: state.now.wall + 600))
            #expect(effects.contains(.follow("x")) == isFollowed, "\(action)")
        }
        var state = Run().state
        let later = Moment(boot: state.now.boot + 60_000, wall: state.now.wall + 60)
        #expect(!reduce(&state, .tick, at: later).contains(.follow("x")), "the next minute")
    }

    @Test(arguments: [Deed.history, .lists, .missed])
    func whatFailsThoughTheStreamGoesOnIsReadAgain(_ deed: Deed) {
        var run = Run()
        run.send(Self.lost, .arrived(.connected), .arrived(.failed(deed, .unreachable(.connectionLost))))
        #expect(run.state.link.offline?.isFollowing == true)
        run.send(.tick, after: 3)
        #expect(run.effects == [.follow("x")])
        // Where the stream has said so already, it is the stream that goes on.
        run = Run()
        run.send(Self.lost, .arrived(.failed(deed, .unreachable(.connectionLost))))
        #expect(run.state.link.offline?.isFollowing == false)
    }

    @Test func nothingIsAskedForTwiceWhereNothingWasMissed() {
        var run = Run()
        run.send(Self.lost, .arrived(.connected))
        run.send(.arrived(.messages([Samples.toMe] + Samples.said.reversed(), older: "c1", isOlder: false)))
        #expect(run.effects == [.loadTopics("x")])
    }

    @Test func whereAllOfItIsInSightPageUpAsksForWhatIsNotHere() {
        var run = Run()
        run.state.size = Size(width: 80, height: 60)
        run.paint()
        run.press(.pageUp)
        #expect(run.effects.contains(.loadMessages("x", before: "c1")))
        #expect(run.state.view.anchor == nil)
        let lines = picture(of: run.state, strings: Strings(.en)).frame.lines
        #expect(lines.contains { $0.hasSuffix("↑ earlier") } && !lines.contains { $0.contains("0+") })
    }
}
