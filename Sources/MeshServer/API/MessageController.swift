// /api/my/meshes/{id}/messages and …/receipts.

internal import Hummingbird
internal import MeshAPI
internal import MeshServices
internal import MeshStore

struct MessageController {
    let messages: MessageService
    let receipts: ReceiptService

    func addRoutes(to speak: RouterGroup<ReaderContext>) {
        speak.post("meshes/:id/messages", use: send)
        speak.get("meshes/:id/messages", use: list)
        speak.get("meshes/:id/messages/:message", use: show)
        speak.delete("meshes/:id/messages/:message", use: withdraw)
        speak.post("meshes/:id/receipts", use: report)
    }

    @Sendable func send(_ request: Request, context: ReaderContext) async throws -> Response {
        let wanted = try await WireDecoder().decode(
            SendMessage.self, from: request, upTo: SendMessage.mostRequestBytes)
        let sent = try await messages.send(wanted, meshID: try context.meshID, by: context.reader)
        return WireAnswer.json(data: WireJSON.written(sent.message), status: sent.isNew ? .created : .ok)
    }

    @Sendable func list(_ request: Request, context: ReaderContext) async throws -> Response {
        let page = try PageRequest(request, of: .messages)
        let wanted = MessageQuery(
            with: request.queryField("with"), topic: request.queryField("topic"), isUnread: try request.flag("unread"),
            isHeld: try request.flag("held"), before: page.after == .start ? Int.max : Int(page.after.time),
            limit: page.limit)
        let found = try await messages.list(wanted, meshID: try context.meshID, for: context.reader)
        let next = found.next.map { Cursor(time: Int64($0), id: "").text(in: .messages) }
        return try WireAnswer.list(Routes.listMessages, Page(items: found.messages, nextCursor: next))
    }

    @Sendable func show(_ request: Request, context: ReaderContext) async throws -> Response {
        try WireAnswer.json(
            try await messages.message(
                try context.parameters.require("message"), meshID: try context.meshID,
                for: context.reader))
    }

    @Sendable func withdraw(_ request: Request, context: ReaderContext) async throws -> Response {
        try WireAnswer.json(
            try await messages.withdraw(
                try context.parameters.require("message"), meshID: try context.meshID,
                by: context.reader))
    }

    @Sendable func report(_ request: Request, context: ReaderContext) async throws -> Response {
        let report = try await request.decode(as: ReportReceipts.self, context: context)
        return try WireAnswer.json(
            try await receipts.report(report, meshID: try context.meshID, by: context.reader))
    }
}
