// Why a proxy opens no way. The client behind `Transport` keeps the status of its answer to itself, so it is asked once more.

internal import FoundationEssentials
internal import MeshAPI
internal import NIOCore
internal import NIOPosix

extension ProxyChoice {
    /// What `error` means of requests to `server` that go this way.
    func explain(_ error: APIFailure, towards server: ServerAddress) async -> APIFailure {
        let error = error.through(proxy)
        guard case .unreachable(.proxyRefused(let name)) = error else { return error }
        return switch await status(towards: server) {
        case 400..<500: error
        case 0: .unreachable(.proxy(name))
        // It lets through what it did not a moment ago.
        default: .unreachable(.proxyFailed(name))
        }
    }

    /// The status of the proxy's answer to CONNECT; 0 where it gives none.
    private func status(towards server: ServerAddress) async -> Int {
        guard case .http(let host, let port, let authorization) = self else { return 0 }
        let target = ServerAddress.authority(server.host, server.portInForce)
        var lines = ["CONNECT \(target) HTTP/1.1", "Host: \(target)"]
        if let authorization {
            lines.append("Proxy-Authorization: Basic \(Data(authorization.utf8).base64EncodedString())")
        }
        let request = ByteBuffer(string: (lines + ["", ""]).joined(separator: "\r\n"))
        let status = try? await Deadline.run(.seconds(3)) { () async throws(APIFailure) -> Int in
            do { return try await Self.status(of: host, port, request) } catch { return 0 }
        }
        return status ?? 0
    }

    private static func status(of host: String, _ port: Int, _ request: ByteBuffer) async throws -> Int {
        let channel = try await ClientBootstrap(group: NIOSingletons.posixEventLoopGroup)
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(request)
            var answer = ""
            for try await part in inbound {
                answer += String(buffer: part)
                // `HTTP/1.1 403`
                if answer.utf8.count >= 12 { break }
            }
            return answer.hasPrefix("HTTP/1.") ? Int(answer.dropFirst(9).prefix(3)) ?? 0 : 0
        }
    }
}
