// Places in what happens: as text, and whether they still lead anywhere.

import MeshAPI
import MeshStore
import Testing

@testable import MeshServices

@Suite struct EventCursorTests {
    private func head(_ epoch: String = "e", seq: Int = 10, change: Int = 30) -> MeshHead {
        MeshHead(epoch: epoch, seq: seq, change: change)
    }

    private func cursor(_ seq: Int, _ change: Int, id: String? = "abcdefgh") -> EventCursor {
        EventCursor(meshID: "m", head: head(seq: seq, change: change), newestID: id)
    }

    @Test func aCursorIsItsTextAndOfItsMeshAlone() {
        let place = cursor(7, 20)
        #expect(place.tag == "abcdef")
        #expect(EventCursor(text: place.text, meshID: "m") == place)
        #expect(EventCursor(text: place.text, meshID: "other") == nil)
        for text in ["", "x", "meshes", place.text + "a!", Cursor(time: 1, id: "m").text(in: .meshes)] {
            #expect(EventCursor(text: text, meshID: "m") == nil, "\(text)")
        }
        for fields in [
            "events/m/e/-1/2/t", "events/m/e/1/-2/t", "events/m/e/x/2/t", "events/m/e/1/2", "other/m/e/1/2/t",
        ] {
            #expect(EventCursor(text: TokenForm.base32(Array(fields.utf8)), meshID: "m") == nil, "\(fields)")
        }
    }

    @Test func itHoldsWhileWhatCameAfterItIsKept() {
        #expect(cursor(7, 20).holds(at: head(), idThere: "abcdefgh", oldest: nil))
        #expect(!cursor(7, 20).holds(at: head(), idThere: "zzzzzzzz", oldest: nil), "another history")
        #expect(!cursor(7, 20).holds(at: head("f"), idThere: "abcdefgh", oldest: nil), "another epoch")
        #expect(!cursor(7, 31).holds(at: head(), idThere: "abcdefgh", oldest: nil), "ahead")
        #expect(!cursor(11, 20).holds(at: head(), idThere: nil, oldest: 1), "ahead")
        #expect(cursor(7, 20).holds(at: head(), idThere: nil, oldest: 8), "the next one is kept")
        #expect(!cursor(7, 20).holds(at: head(), idThere: nil, oldest: 9))
        #expect(!cursor(7, 20).holds(at: head(), idThere: nil, oldest: nil), "all are gone")
        #expect(cursor(10, 20).holds(at: head(), idThere: nil, oldest: nil), "nothing came after it")
        #expect(cursor(0, 0, id: nil).holds(at: head(), idThere: nil, oldest: 1))
        #expect(!cursor(0, 0, id: nil).holds(at: head(), idThere: nil, oldest: 2))
    }

    /// What a mailbox's reader is told of a row in its newest state.
    @Test func aRowIsToldByItsState() {
        func told(
            _ state: MessageState, isNew: Bool = true, held: Bool = false, queued: Bool = true, person: Bool = true
        )
            -> Delivery
        {
            .of(state, isNew: isNew, wasHeld: held, wasQueued: queued, isPerson: person)
        }
        #expect(told(.queued) == .message && told(.queued, isNew: false) == .message)
        for state in [MessageState.fetched, .handed, .seen, .acknowledged] {
            #expect(told(state) == .message && told(state, isNew: false) == .receipt)
        }
        #expect(told(.held, held: true, queued: false) == .held)
        #expect(told(.held, held: true, queued: false, person: false) == .nothing, "held words are the person's alone")
        #expect(told(.refused, queued: false) == .nothing, "by a grant: it never came")
        #expect(told(.refused, held: true, queued: false) == .receipt)
        #expect(told(.refused, held: true, queued: false, person: false) == .nothing)
        #expect(told(.withdrawn) == .withdrawn && told(.withdrawn, queued: false) == .nothing)
        #expect(told(.expired) == .message && told(.expired, isNew: false) == .receipt)
        #expect(told(.expired, queued: false) == .nothing)
    }
}

@Suite struct EventSliceTests {
    private func item(_ change: Int, size: Int = 1) -> EventItem {
        EventItem(change: change, event: .withdrawn(messageID: String(repeating: "x", count: size)))
    }

    @Test func itGoesAsFarAsEveryPlaceWasRead() throws {
        var slice = EventSlice(upTo: 100)
        slice.add([item(1), item(4), item(9)], changes: [1, 4, 9, 12], limit: 3)
        slice.add([item(2), item(20)], changes: [2, 20], limit: 3)
        let (events, upTo, hasMore) = try slice.written(within: 10_000)
        #expect(events.map(\.upTo) == [1, 2, 4, 9])
        #expect(upTo == 11 && hasMore)
    }

    @Test func aRowThatIsNoneForTheReaderCountsAsRead() throws {
        var slice = EventSlice(upTo: 100)
        slice.add([], changes: [1, 4, 9], limit: 3)
        let (events, upTo, hasMore) = try slice.written(within: 10)
        #expect(events.isEmpty && upTo == 100 && !hasMore)
    }

    @Test func aPageEndsAtItsSizeButHoldsOne() throws {
        var slice = EventSlice(upTo: 100)
        slice.add([item(1, size: 500), item(2, size: 500), item(3)], changes: [1, 2, 3], limit: 9)
        let (events, upTo, hasMore) = try slice.written(within: 100)
        #expect(events.count == 1 && upTo == 1 && hasMore)
        let all = try slice.written(within: 5000)
        #expect(all.events.count == 3 && all.upTo == 100 && !all.hasMore)
    }

    @Test func whatCameByOneChangeStaysTogether() throws {
        var slice = EventSlice(upTo: 9)
        slice.add([item(1), item(2, size: 500), item(2, size: 500)], changes: [1, 2, 2], limit: 9)
        let (events, upTo, _) = try slice.written(within: 600)
        #expect(events.map(\.upTo) == [1] && upTo == 1)
        let (all, _, _) = try slice.written(within: 5000)
        #expect(all.map(\.upTo) == [1, 1, 2], "a cut between the two gives both again")
    }
}
