// What a connection answers to what is no HTTP, in whatever slices it comes.

import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct ConnectionsTests {
    /// Hummingbird's bare 400 takes its time, and the decoder complains of each slice that comes until then.
    @Test func tooLargeAHeadIsSaidToBeThatHoweverMuchOfItIsStillToCome() throws {
        let log = RecordedLog()
        let address = PublicAddress(publicURL: nil, host: "127.0.0.1", port: 1)
        let refusals = ParserRefusals(
            headers: SecurityHeaders(address: address), metrics: Metrics(), logger: log.logger)
        let open = OpenConnections()
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandlers([
            HTTPResponseEncoder(), ByteToMessageHandler(HTTPRequestDecoder()),
            Connections(refusals: refusals, open: open, patience: .seconds(60)),
        ])
        let slice = ByteBuffer(string: String(repeating: "x", count: 50_000))
        try channel.writeInbound(ByteBuffer(string: "GET /"))
        try channel.writeInbound(slice)
        #expect(throws: HTTPParserError.headerOverflow) { try channel.writeInbound(slice) }
        #expect(throws: ByteToMessageDecoderError.self) { try channel.writeInbound(slice) }
        try channel.writeOutbound(HTTPServerResponsePart.head(.init(version: .http1_1, status: .badRequest)))
        let answer = try #require(try channel.readOutbound(as: ByteBuffer.self))
        #expect(String(buffer: answer).hasPrefix("HTTP/1.1 431 "))
        _ = try channel.finish(acceptAlreadyClosed: true)
    }
}
