// The daemon's routes of what is said in a mesh, in the shapes of the server's own interface. Who asks is the session whose
// token is shown, or whose process an ancestor of the asker is; without one lists alone are answered, over all of the
// person's meshes.

internal import FoundationEssentials
internal import HTTPTypes
package import Hummingbird
internal import MeshAPI
internal import MeshClient
internal import NIOCore
internal import Platform

extension DaemonServer {
    func addMesh(to router: Router<LocalContext>) {
        router.get("v1/inbox") { request, context in
            guard let session = try await speakerIfAny(request, context) else { return await daemon.everywhere(.inbox) }
            return await session.inboxPage()
        }
        router.get("v1/messages") { request, context in
            guard let session = try await speakerIfAny(request, context) else {
                return await daemon.everywhere(.messages)
            }
            return await session.list(Self.path(request))
        }
        router.get("v1/peers") { request, context in
            guard let session = try await speakerIfAny(request, context) else { return await daemon.everywhere(.peers) }
            return await session.relay(.get, "sessions" + Self.path(request).dropFirst("peers".count))
        }
        router.get("v1/topics") { request, context in
            guard let session = try await speakerIfAny(request, context) else {
                return await daemon.everywhere(.topics)
            }
            return await session.relay(.get, Self.path(request))
        }
        router.post("v1/messages") { request, context in
            let session = try await speaker(request, context)
            let body = try await request.body.collect(upTo: context.maxUploadSize)
            guard let message = try? WireJSON.decode(SendMessage.self, from: Data(body.readableBytesView)) else {
                return RelayedReply.refusal(422, "invalid", "This is no message: it needs body and client_id.")
            }
            return await session.post(message)
        }
        router.post("v1/receipts") { request, context in
            let session = try await speaker(request, context)
            let body = try await request.body.collect(upTo: context.maxUploadSize)
            guard let asked = try? WireJSON.decode(ReportReceipts.self, from: Data(body.readableBytesView)) else {
                return RelayedReply.refusal(422, "invalid", "These are no receipts.")
            }
            return await session.report(asked)
        }
        router.patch("v1/sessions/me") { request, context in
            let session = try await speaker(request, context)
            let body = try await request.body.collect(upTo: context.maxUploadSize)
            guard let asked = try? WireJSON.decode(ChangeSession.self, from: Data(body.readableBytesView)) else {
                return RelayedReply.refusal(422, "invalid", "attention is open, focus or quiet.")
            }
            return await session.change(asked)
        }
        for (method, path) in Self.relayed {
            router.on(RouterPath(path), method: method) { request, context in
                let session = try await speaker(request, context)
                let body = try await request.body.collect(upTo: context.maxUploadSize)
                guard let method = MeshAPI.Route.Method(rawValue: request.method.rawValue) else {
                    throw HTTPError(.methodNotAllowed)
                }
                return await session.relay(
                    method, Self.path(request), body: body.readableBytes == 0 ? nil : Data(body.readableBytesView))
            }
        }
    }

    /// Passed on as they come.
    private static let relayed: [(HTTPRequest.Method, String)] = [
        (.get, "v1/events"), (.get, "v1/messages/{id}"), (.delete, "v1/messages/{id}"), (.post, "v1/topics"),
        (.patch, "v1/topics/{name}"), (.delete, "v1/topics/{name}"), (.put, "v1/topics/{name}/members/me"),
        (.delete, "v1/topics/{name}/members/me"), (.put, "v1/topics/{name}/attention"),
        (.post, "v1/topics/{name}/read"),
    ]

    /// Within the mesh, with its query. A router has matched it: no part of it leads elsewhere.
    private static func path(_ request: Hummingbird.Request) -> String {
        String((request.head.path ?? "").drop { $0 == "/" }.dropFirst("v1/".count))
    }
}

extension RelayedReply: ResponseGenerator {
    package func response(from request: Hummingbird.Request, context: some RequestContext) throws -> Response {
        var headers: HTTPFields = [.contentType: "application/json"]
        if let retryAfter { headers[.retryAfter] = "\(retryAfter)" }
        return Response(
            status: .init(code: status), headers: status == 204 ? [:] : headers,
            body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}
