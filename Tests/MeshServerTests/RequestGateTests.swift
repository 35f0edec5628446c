// What a connection's gate lets through to the decoder, and when.

import NIOCore
import NIOEmbedded
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct RequestGateTests {
    /// A gate, and all that came out of it.
    private struct Site {
        let channel = EmbeddedChannel()
        let gate = RequestGate()

        init() throws { try channel.pipeline.syncOperations.addHandler(gate) }

        func send(_ text: String) throws { try channel.writeInbound(ByteBuffer(string: text)) }

        /// What came out since the last time.
        func passed() throws -> String {
            var all = ""
            while let part = try channel.readInbound(as: ByteBuffer.self) { all += String(buffer: part) }
            return all
        }
    }

    private let one = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
    private let two = "POST /2 HTTP/1.1\r\nContent-Length: 2\r\n\r\n"

    @Test func aSecondRequestWaitsForTheFirstOnesAnswer() throws {
        let site = try Site()
        // As the decoder does, which finds the end of the first in the first slice.
        try site.channel.pipeline.syncOperations.addHandler(Ends(site.gate, after: [one, "hi" + one]))
        try site.send(one + two + "hi" + one + one)
        #expect(try site.passed() == one)
        site.gate.answered()
        #expect(try site.passed() == two + "hi" + one, "a body's end is not looked for, but the next blank line")
        site.gate.answered()
        #expect(try site.passed() == one)
    }

    /// Tells the gate that a request came whole with each of these slices.
    private final class Ends: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let gate: RequestGate
        private let slices: [String]

        init(_ gate: RequestGate, after slices: [String]) { (self.gate, self.slices) = (gate, slices) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if slices.contains(String(buffer: unwrapInboundIn(data))) { gate.came() }
            context.fireChannelRead(data)
        }
    }

    @Test(arguments: ["\r\n\r\n", "\n\n", "\n\r\n"]) func everyBlankLineEndsASlice(ending: String) throws {
        let site = try Site()
        try site.send("a\(ending)b\(ending)c")
        var slices: [String] = []
        while let part = try site.channel.readInbound(as: ByteBuffer.self) { slices.append(String(buffer: part)) }
        #expect(slices == ["a\(ending)", "b\(ending)", "c"])
    }

    /// Each slice costs as much as the first one.
    @Test func aBodyWhoseLengthIsKnownGoesThroughInOne() throws {
        let site = try Site()
        site.gate.missing = 6
        try site.send("\n\n\n\n")
        #expect(try site.channel.readInbound(as: ByteBuffer.self) == ByteBuffer(string: "\n\n\n\n"))
    }

    @Test func theEndOfWhatIsSentComesBehindIt() throws {
        let site = try Site()
        let end = try Seen(in: site.channel)
        site.gate.came()
        try site.send(one)
        site.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(end.count == 0)
        site.gate.answered()
        #expect(try site.passed() == one)
        #expect(end.count == 1)
    }

    @Test func withNothingWaitingItIsSeenAtOnce() throws {
        let site = try Site()
        let end = try Seen(in: site.channel)
        site.gate.came()
        site.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(end.count == 1, "who holds a poll and leaves")
    }

    /// Counts the ends that come through.
    private final class Seen: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private(set) var count = 0

        init(in channel: EmbeddedChannel) throws { try channel.pipeline.syncOperations.addHandler(self) }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case .inputClosed = event as? ChannelEvent { count += 1 }
        }
    }

    @Test func behindTheLastAnswerNothingIsLookedAt() throws {
        let site = try Site()
        site.gate.came()
        try site.send(one)
        site.gate.shut()
        site.gate.answered()
        try site.send(two)
        #expect(try site.passed() == "")
    }
}
