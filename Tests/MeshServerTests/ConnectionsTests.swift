// What a connection answers to what is no HTTP, in whatever slices it comes.

import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct ConnectionsTests {
    private func connection(logger: Logger) throws -> EmbeddedChannel {
        let address = PublicAddress(publicURL: nil, host: "127.0.0.1", port: 1)
        let refusals = ParserRefusals(
            headers: SecurityHeaders(address: address), metrics: Metrics(), logger: logger)
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandlers([
            HTTPResponseEncoder(), ByteToMessageHandler(HTTPRequestDecoder()),
            Connections(refusals: refusals, open: OpenConnections(), patience: .seconds(60)),
        ])
        return channel
    }

    /// Hummingbird's bare 400 takes its time, and the decoder complains of each slice that comes until then.
    @Test func tooLargeAHeadIsSaidToBeThatHoweverMuchOfItIsStillToCome() throws {
        let channel = try connection(logger: RecordedLog().logger)
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

    /// Decoded, a request costs a hundred times its bytes: those behind one that is not answered yet wait as they came.
    @Test func requestsInOneGoAreReadOneAtATime() throws {
        let channel = try connection(logger: RecordedLog().logger)
        func begun() throws -> Int {
            var count = 0
            while let part = try channel.readInbound(as: HTTPServerRequestPart.self) {
                if case .head = part { count += 1 }
            }
            return count
        }
        let request = "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        try channel.writeInbound(ByteBuffer(string: String(repeating: request, count: 3)))
        #expect(try begun() == 1)
        for left in [1, 1, 0] {
            try channel.writeOutbound(HTTPServerResponsePart.head(.init(version: .http1_1, status: .ok)))
            try channel.writeOutbound(HTTPServerResponsePart.end(nil))
            #expect(try begun() == left)
        }
        _ = try channel.finish(acceptAlreadyClosed: true)
    }
}
