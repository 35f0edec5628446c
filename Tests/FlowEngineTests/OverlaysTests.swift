import FlowEngine
import Testing

private struct Note: Identifiable, Equatable {
    var id: String
    var text = ""
}

@Suite("Overlays: a stack, each kind once")
struct OverlaysTests {
    @Test func stack() {
        var overlays = Overlays<Note>()
        #expect(overlays.isEmpty && overlays.top == nil)
        overlays.dismissTop()
        overlays.present(Note(id: "help"))
        overlays.present(Note(id: "quit"))
        #expect(overlays.top?.id == "quit")
        overlays.present(Note(id: "help", text: "again"))
        #expect(overlays.all.map(\.id) == ["quit", "help"])
        #expect(overlays["help"]?.text == "again")
        overlays.update(Note(id: "quit", text: "changed"))
        #expect(overlays.all.map(\.text) == ["changed", "again"], "an update keeps the place")
        overlays.update(Note(id: "error"))
        #expect(overlays["error"] == nil, "an update presents nothing")
        overlays.dismiss("quit")
        overlays.dismissTop()
        #expect(overlays.isEmpty)
    }
}
