// What a key costs on the mesh's screen with 10,000 messages and 200 peers in it, from the key to the finished frame, the
// terminal aside: seconds, one figure a line, `NAME SECONDS`. By hand: Tests/Benchmarks/run watch; `WatchKeys page` is one
// of them alone, for a profile.

import Canvas
import FlowEngine
import Foundation
import Localization
import MeshAPI
import Watch

let now = Moment(boot: 3_600_000, wall: 1_795_097_460)
let strings = Strings(.en)
let words = "could you look at the branch again the retry is new and the deadline is on the wall clock".split(
    separator: " ")

func date(_ seconds: Int) -> Date { Date(timeIntervalSince1970: Double(now.wall + seconds)) }

func peer(_ number: Int) -> Peer {
    let owner = MemberName(id: "u\(number % 20)", name: "Member \(number % 20)", handle: "m\(number % 20)")
    return Peer(
        sessionID: "p\(number)", handle: "api-\(number)", address: "m\(number % 20)/api-\(number)",
        displayName: "api \(number)", receives: .wake, role: "reviewer", host: "ws", since: date(-9000),
        isSelf: number % 20 == 0, member: owner, status: [.idle, .working, .asking][number % 3],
        statusAt: date(-60 * number))
}

func message(_ number: Int) -> Message {
    let from = peer(number % 200)
    let text = (0..<(8 + number % 40)).map { String(words[($0 + number) % words.count]) }.joined(separator: " ")
    return Message(
        id: "message-\(number)", seq: number,
        from: Sender(
            kind: .peer, id: from.sessionID, address: from.address, name: from.displayName,
            member: from.member ?? MemberName(id: "u", name: "u")),
        to: ["m3/api-3"], body: text, chain: "c", hop: 0, reason: .direct, createdAt: date(number - 10_000),
        expiresAt: date(99_999), states: [.seen: 1])
}

var state = WatchState(
    facts: Facts(runID: "run", host: "mesh.example.com", machine: "ws"), settings: Settings(language: .en),
    mesh: MeshName(id: "x", slug: "planning", name: "planning"), now: now)
let members = (0..<20).map {
    Member(id: "u\($0)", name: "Member \($0)", membership: .member, joinedAt: date(-99_999), handle: "m\($0)")
}
let start: [Action] = [
    .started, .arrived(.opened(state.mesh, members[0])), .arrived(.connected), .resized(Size(width: 120, height: 40)),
    .arrived(.lists(Lists(members: members, peers: (0..<200).map(peer), topics: [], grants: []))),
    .arrived(.messages((1...10_000).reversed().map(message), older: nil, isOlder: false)),
]
for action in start { _ = reduce(&state, action, at: now) }

func isAsked(_ name: String) -> Bool { CommandLine.arguments.count < 2 || CommandLine.arguments.contains(name) }

/// Keys as they come, each to its frame; the state is left as it was.
@MainActor func measure(_ name: String, _ keys: [Key], before: [Key] = []) {
    guard isAsked(name) else { return }
    var kept = state
    @MainActor func press(_ key: Key) {
        for action in actions(for: .key(key), in: kept, strings: strings) { _ = reduce(&kept, action, at: now) }
        let picture = picture(of: kept, strings: strings)
        _ = reduce(&kept, .painted(whole: picture.whole, rows: picture.rows), at: now)
    }
    for key in before { press(key) }
    for key in keys {
        let began = ContinuousClock.now
        press(key)
        print(name, (ContinuousClock.now - began) / .seconds(1))
    }
}

@MainActor func arrival() {
    guard isAsked("message") else { return }
    for number in 10_001..<10_060 {
        let event = Action.arrived(.event(.message(message(number))))
        let began = ContinuousClock.now
        _ = reduce(&state, event, at: now)
        let picture = picture(of: state, strings: strings)
        _ = reduce(&state, .painted(whole: picture.whole, rows: picture.rows), at: now)
        print("message", (ContinuousClock.now - began) / .seconds(1))
    }
}

measure("letter", Array("could you look at it once more, please? it is not urgent").map { .character($0) })
measure("page", Array(repeating: .pageUp, count: 60))
measure("row", Array(repeating: .down, count: 60), before: [.tab])
measure(
    "filter", "retry is new zzzz".map { .character($0) } + Array(repeating: .backspace, count: 10),
    before: [.character("/")])
measure("complete", "@api-1 @m3 @rev".map { .character($0) })
arrival()
